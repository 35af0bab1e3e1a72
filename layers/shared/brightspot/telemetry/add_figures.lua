-- Adds what a process measured to what all of them did. KEYS: the figures since the store began, and those of a minute.
-- ARGV: for how many seconds the minute is kept, then fields of both hashes with the whole numbers to add to them.
for at = 2, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1])
  redis.call('HINCRBY', KEYS[2], ARGV[at], ARGV[at + 1])
end
redis.call('PEXPIRE', KEYS[2], ARGV[1] * 1000)
return 1
