-- Ends a lease whose computation came to nothing. KEYS[1]: the lease. ARGV: the token, whether its computation may still
-- be running (1 or 0), the rest after a first failure and at most (us; 0: none), how long the key is kept (ms).
-- What may still be running can write nothing from now on. Answers the rest (us); a lease that is another's stays.
local kept = redis.call('HMGET', KEYS[1], 'token', 'failures')
if tonumber(kept[1]) ~= tonumber(ARGV[1]) then return 0 end

local clock, rest = redis.call('TIME'), 0
redis.call('HSET', KEYS[1], 'until', 0)
if tonumber(ARGV[3]) > 0 then
  local failures = (tonumber(kept[2]) or 0) + 1
  rest = math.floor(math.min(tonumber(ARGV[3]) * 2 ^ math.min(failures - 1, 40), tonumber(ARGV[4])))
  local over = clock[1] * 1000000 + clock[2] + rest
  redis.call('HSET', KEYS[1], 'failures', failures, 'rest', string.format('%.0f', over))
end
if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'token', string.format('%.0f', ARGV[1] + 1)) end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return rest
