-- An exact sliding log. KEYS[1]: a list with the time of every unit that passed, oldest first.
-- ARGV: units allowed in a window, the window, units asked for. Times are microseconds of the server's clock.
-- Answers {1 passed or 0 refused, units left, time until more is free (refused: until this request fits), now}.
local key = KEYS[1]
local most, window, weight = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

-- After a failover the clock may be behind the log: then time stands still until it has caught up, and a log that lies
-- more than a window ahead is worth nothing.
local newest = tonumber(redis.call('LINDEX', key, -1))
if newest and newest > now + window then
  redis.call('DEL', key)
elseif newest and newest > now then
  now = newest
end

local oldest = tonumber(redis.call('LINDEX', key, 0))
while oldest and oldest + window <= now do
  redis.call('LPOP', key)
  oldest = tonumber(redis.call('LINDEX', key, 0))
end

local used = redis.call('LLEN', key)
local missing = used + weight - most
if missing > 0 then
  local freed = tonumber(redis.call('LINDEX', key, missing - 1)) + window
  return {0, math.max(0, most - used), freed - now, now}
end

local stamp = string.format('%.0f', now)
for _ = 1, weight do
  redis.call('RPUSH', key, stamp)
end
redis.call('PEXPIREAT', key, string.format('%.0f', math.ceil((now + window) / 1000) + 1))
return {1, -missing, (oldest or now) + window - now, now}
