-- Asks the generic cell rate algorithm (gcra.lua) without counting: it only reads.
-- ARGV: units allowed at once, the window, units asked for. Times are microseconds of the server's clock.
-- Answers {1 these units would pass or 0, units left now, time until more is free (0: all is), now}.
local most, window, weight = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local unit = math.ceil(window / most)
local depth = unit * most

local paid = tonumber(redis.call('GET', KEYS[1])) or now
paid = math.min(math.max(paid, now), now + depth)
local left = math.floor((now + depth - paid) / unit)
local owed = paid + weight * unit
if owed > now + depth then
  return {0, left, owed - depth - now, now}
end
return {1, left, left < most and math.max(0, paid - (most - left - 1) * unit - now) or 0, now}
