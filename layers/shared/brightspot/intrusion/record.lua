-- One signal at one subject. KEYS: 1 its state, a hash; 2 its block, 3 and 4 marks that it has half or a quarter of its
-- limit; 5 an index of subjects by their last signal, 6 one of those that are blocked, by when that ends.
-- ARGV: its name, or '' to count alone; signal, amount; time of one of the 10 buckets that are the window; scores of half,
-- quarter and block (0: never); time of a first block, of the longest one, and until a past one is forgotten; most
-- subjects in an index, and time that one stays there; then name, points, free and most of each signal that scores.
-- Times are microseconds of the server's clock. Answers {score, blocks so far, time of a block that begins now or 0}.
local state = KEYS[1]
local block = KEYS[2]
local half = KEYS[3]
local quarter = KEYS[4]
local scored = KEYS[5]
local blocked = KEYS[6]
local name, signal, amount, width = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local half_from, quarter_from, block_from = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local base, longest, forget = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local most, listed = tonumber(ARGV[11]), tonumber(ARGV[12])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local newest = math.floor(now / width)

local kept = redis.call('HMGET', state, 'window', 'blocks', 'until')
local blocks, over = tonumber(kept[2]) or 0, tonumber(kept[3]) or 0

-- What a clock that stepped back (failover) has not reached yet counts as of now.
local buckets, amounts = {}, {}
local function add(number, what, more)
  buckets[number] = buckets[number] or {}
  buckets[number][what] = (buckets[number][what] or 0) + more
  amounts[what] = (amounts[what] or 0) + more
end
for number, what, more in string.gmatch(kept[1] or '', '(%d+):([%l_]+)=(%d+)') do
  number = math.min(tonumber(number), newest)
  if number > newest - 10 then add(number, what, tonumber(more)) end
end
add(newest, signal, amount)

local function score()
  local sum = 0
  for at = 13, #ARGV - 3, 4 do
    local beyond = (amounts[ARGV[at]] or 0) - tonumber(ARGV[at + 2])
    if beyond > 0 then sum = sum + math.min(tonumber(ARGV[at + 3]), tonumber(ARGV[at + 1]) * beyond) end
  end
  return sum
end

local words = {}
for number = newest - 9, newest do
  for what, count in pairs(buckets[number] or {}) do
    words[#words + 1] = string.format('%.0f:%s=%.0f', number, what, count)
  end
end
local total, length = score(), 0
blocks = math.max(0, blocks - math.floor(math.max(0, now - over) / forget))

if block_from > 0 and total >= block_from and now >= over then
  length = math.min(base * 2 ^ blocks, longest)
  blocks, over = blocks + 1, now + length
  redis.call('SET', block, string.format('%.0f', over), 'PX', string.format('%.0f', math.ceil(length / 1000)))
  redis.call('ZADD', blocked, string.format('%.0f', over), name)
  redis.call('ZREMRANGEBYSCORE', blocked, '-inf', string.format('%.0f', now))
  redis.call('ZREMRANGEBYRANK', blocked, 0, -1 - most)
  redis.call('PEXPIRE', blocked, string.format('%.0f', math.ceil(longest / 1000)))
  redis.call('HSET', state, 'blocks', blocks, 'until', string.format('%.0f', over))
end
redis.call('HSET', state, 'window', table.concat(words, ' '))
local unneeded = math.max((newest + 10) * width, over + blocks * forget)
redis.call('PEXPIREAT', state, string.format('%.0f', math.ceil(unneeded / 1000)))

-- A mark lasts until the score would have fallen below its limit, were nothing to come.
local lasts = {[half_from] = 0, [quarter_from] = 0}
for number = newest - 9, newest do
  local at = score()
  for limit in pairs(lasts) do
    if at >= limit then lasts[limit] = (number + 10) * width end
  end
  for what, count in pairs(buckets[number] or {}) do amounts[what] = amounts[what] - count end
end
if half_from > 0 and lasts[half_from] > now then
  redis.call('SET', half, 1, 'PX', string.format('%.0f', math.ceil((lasts[half_from] - now) / 1000)))
end
if quarter_from > 0 and lasts[quarter_from] > now then
  redis.call('SET', quarter, 1, 'PX', string.format('%.0f', math.ceil((lasts[quarter_from] - now) / 1000)))
end

if name ~= '' then
  redis.call('ZADD', scored, string.format('%.0f', now), name)
  redis.call('ZREMRANGEBYSCORE', scored, '-inf', string.format('%.0f', now - listed))
  redis.call('ZREMRANGEBYRANK', scored, 0, -1 - most)
  redis.call('PEXPIRE', scored, string.format('%.0f', math.ceil(listed / 1000)))
end
return {total, blocks, length}
