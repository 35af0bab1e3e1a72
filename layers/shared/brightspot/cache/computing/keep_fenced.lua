-- Keeps a computed value and ends the lease it was computed under, unless a later token has been given out since.
-- KEYS: the lease, the entry, the epochs. ARGV: the token, the entry, its end (ms since 1970), how long the lease's key
-- is kept (ms), and what the epoch becomes if there is none (empty: there was one).
-- Answers 1 when kept. An entry whose end has passed is not: its writer was frozen longer than it may live.
local last = redis.call('HMGET', KEYS[1], 'token')[1]
if last and tonumber(last) > tonumber(ARGV[1]) then return 0 end

local clock = redis.call('TIME')
local left = math.floor(tonumber(ARGV[3]) - clock[1] * 1000 - clock[2] / 1000)
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'until', 0, 'rest', 0, 'failures', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if left <= 0 then return 0 end
if ARGV[5] ~= '' then redis.call('SET', KEYS[3], ARGV[5], 'NX') end
redis.call('SET', KEYS[2], ARGV[2], 'PX', left)
return 1
