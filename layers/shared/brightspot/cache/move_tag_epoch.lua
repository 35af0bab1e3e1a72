-- Moves the epoch of one tag to the server's time. KEYS[1]: the epochs, as "1795177807.123456 zip:55901=1795178000.5".
-- ARGV: the tag, and how many tags may have an epoch. The oldest beyond them is forgotten, and the namespace's epoch
-- goes up to it, so that nothing which it made stale comes back.
-- Answers 1 when the namespace had an epoch: without one there is no entry that anybody trusts, and all begins anew.
local clock = redis.call('TIME')
local now = string.format('%d.%06d', clock[1], clock[2])
local kept = redis.call('GET', KEYS[1])
if not kept then
  redis.call('SET', KEYS[1], now)
  return 0
end

local epoch, tags = string.match(kept, '^%S+'), {}
for tag, time in string.gmatch(kept, ' ([^ =]+)=(%S+)') do
  if tag ~= ARGV[1] then tags[#tags + 1] = {tag, time} end
end
tags[#tags + 1] = {ARGV[1], now}
while #tags > tonumber(ARGV[2]) do
  local oldest = table.remove(tags, 1)
  if tonumber(oldest[2]) > tonumber(epoch) then epoch = oldest[2] end
end

local words = {epoch}
for _, each in ipairs(tags) do words[#words + 1] = each[1] .. '=' .. each[2] end
redis.call('SET', KEYS[1], table.concat(words, ' '))
return 1
