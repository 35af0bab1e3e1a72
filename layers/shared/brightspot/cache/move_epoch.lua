-- Moves the epoch of a namespace to the server's time, and with it those of all tags. KEYS[1]: the epochs.
-- Answers 1 when there was an epoch before: without one there is no entry that anybody trusts.
local clock = redis.call('TIME')
local known = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[1], string.format('%d.%06d', clock[1], clock[2]))
return known and 1 or 0
