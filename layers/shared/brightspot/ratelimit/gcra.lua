-- The generic cell rate algorithm. KEYS[1]: the time at which all that was taken is paid back.
-- ARGV: units allowed at once, the window, units asked for (below zero: given back). Microseconds of the server's clock.
-- Answers {1 passed or 0 refused, units left, time until more is free (refused: until this request fits), now}.
local key = KEYS[1]
local most, window, weight = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local unit = math.ceil(window / most) -- whole microseconds, so that no rounding ever adds up to a unit too many
local depth = unit * most

local paid = tonumber(redis.call('GET', key)) or now
paid = math.min(math.max(paid, now), now + depth) -- more than the depth is owed only after the clock stepped back
local owed = paid + weight * unit
if owed > now + depth then
  return {0, math.floor((now + depth - paid) / unit), owed - depth - now, now}
end
owed = math.max(owed, now)
if owed > now then
  redis.call('SET', key, string.format('%.0f', owed), 'PXAT', string.format('%.0f', math.ceil(owed / 1000) + 1))
else
  redis.call('DEL', key)
end
local left = math.floor((now + depth - owed) / unit)
return {1, left, math.max(0, owed - (most - left - 1) * unit - now), now}
