-- Removes one entry, and lets no computation that has begun write it again. KEYS: the lease, the entry.
-- ARGV: how long the lease's key is kept (ms). Answers how many entries there were, 0 or 1.
local clock = redis.call('TIME')
local last = tonumber(redis.call('HMGET', KEYS[1], 'token')[1]) or 0
local token = math.max(clock[1] * 1000000 + clock[2], last + 1)
redis.call('HSET', KEYS[1], 'token', string.format('%.0f', token), 'until', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('UNLINK', KEYS[2])
