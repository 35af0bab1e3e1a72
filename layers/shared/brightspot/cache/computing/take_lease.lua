-- Lets one caller compute a value. KEYS: the lease, the entry, the epochs of the namespace, all in one slot.
-- ARGV: how long the lease is (us), how long the key of it is kept (ms), and how:
-- 'heed' a rest after failures, 'ask' without that, or 'seize' it from whoever has it.
-- The token is the server's time in us, and more than the one before: it grows also over a server that forgot all.
-- Answers the token (0: somebody else has it, or it rests), for how long others have it or (negative) it rests (us),
-- the server's time (s, us), the epochs and the entry, read after the lease was taken: it may have come meanwhile.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local kept = redis.call('HMGET', KEYS[1], 'token', 'until', 'rest')
local last, over, rest = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0, tonumber(kept[3]) or 0

local token, wait = 0, 0
if over > now and ARGV[3] ~= 'seize' then
  wait = over - now
elseif ARGV[3] == 'heed' and rest > now then
  wait = now - rest
else
  token = math.max(now, last + 1)
  redis.call('HSET', KEYS[1], 'token', string.format('%.0f', token), 'until', string.format('%.0f', now + ARGV[1]))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return {token, wait, clock[1], clock[2], redis.call('GET', KEYS[3]), redis.call('GET', KEYS[2])}
