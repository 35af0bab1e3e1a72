-- Asks an exact sliding log (log.lua) without counting: it only reads.
-- ARGV: units allowed in a window, the window, units asked for. Times are microseconds of the server's clock.
-- Answers {1 these units would pass or 0, units left now, time until more is free (0: all is), now}.
local key = KEYS[1]
local most, window, weight = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local log = redis.call('LRANGE', key, 0, -1)
local newest = tonumber(log[#log])
local first = 1
if newest and newest > now + window then
  first = #log + 1 -- a clock that stepped back far: as log.lua does, as if the log were empty
elseif newest and newest > now then
  now = newest
end
while first <= #log and tonumber(log[first]) + window <= now do
  first = first + 1
end

local used = #log - first + 1
local missing = used + weight - most
if missing > 0 then
  return {0, math.max(0, most - used), tonumber(log[first + missing - 1]) + window - now, now}
end
return {1, most - used, used > 0 and tonumber(log[first]) + window - now or 0, now}
