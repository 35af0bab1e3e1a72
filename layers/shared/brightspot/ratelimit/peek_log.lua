-- Asks an exact sliding log (log.lua) without counting: it only reads.
-- ARGV: units allowed in a window, the window, units asked for. Times are microseconds of the server's clock.
-- Answers {1 these units would pass or 0, units left now, time until more is free (0: all is), now}.
local key = KEYS[1]
local most, window, weight = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local length = redis.call('LLEN', key)
local newest = tonumber(redis.call('LINDEX', key, -1))
local first, beyond = 0, length
if newest and newest > now + window then
  first = length -- a clock that stepped back far: as log.lua does, as if the log were empty
elseif newest and newest > now then
  now = newest
end
while first < beyond do -- the first unit that still counts: the log is in order
  local middle = math.floor((first + beyond) / 2)
  if tonumber(redis.call('LINDEX', key, middle)) + window <= now then
    first = middle + 1
  else
    beyond = middle
  end
end

local used = length - first
local missing = used + weight - most
if missing > 0 then
  local freed = tonumber(redis.call('LINDEX', key, first + missing - 1)) + window
  return {0, math.max(0, most - used), freed - now, now}
end
return {1, most - used, used > 0 and tonumber(redis.call('LINDEX', key, first)) + window - now or 0, now}
