-- One event of one circuit breaker. KEYS[1]: its state, a hash. Times are microseconds of the server's clock.
-- ARGV: event (permit, ok, slow, failed, timeout, cancelled; by hand: open, close), lease of a trial call or '',
-- failures that open it, time open, longest time open, trial calls, time of a lease, calls that a rate needs (0: none),
-- time of one of the 10 buckets that are the window, percent that opens it, jitter (0 to 1), time open by hand, life of
-- an unused state in milliseconds.
-- Answers {1 allowed or 0, lease, state before, state after, why, failures in a row, time to wait}.
local key, event, lease = KEYS[1], ARGV[1], ARGV[2]
local threshold, timeout, longest = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local trial_calls, lease_time = tonumber(ARGV[6]), tonumber(ARGV[7])
local rate_calls, width, percent = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local jitter, by_hand = tonumber(ARGV[11]), tonumber(ARGV[12])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

local kept = redis.call('HMGET', key, 'state', 'since', 'until', 'failures', 'successes', 'opens', 'trials', 'issued',
  'leases', 'window', 'opened')
local state, since, over = kept[1] or 'closed', tonumber(kept[2]) or now, tonumber(kept[3]) or 0
local failures, successes, opens = tonumber(kept[4]) or 0, tonumber(kept[5]) or 0, tonumber(kept[6]) or 0
local trials, issued, window = tonumber(kept[7]) or 0, tonumber(kept[8]) or 0, kept[10] or ''
local opened = tonumber(kept[11]) or 0
local before, reason, changed = state, '', event ~= 'permit'

local leases, live, soonest = {}, 0, nil
for id, ends in string.gmatch(kept[9] or '', '([^ =]+)=(%d+)') do
  ends = tonumber(ends)
  if ends > now then
    leases[id], live, soonest = ends, live + 1, math.min(soonest or ends, ends)
  end
end

-- The calls of a bucket, and the bad ones among them, by its number since the epoch; those that left it count no more.
local buckets, newest = {}, math.floor(now / width)
for number, calls, bad in string.gmatch(window, '(%d+)=(%d+)/(%d+)') do
  number = tonumber(number)
  if number > newest - 10 and number <= newest then buckets[number] = {tonumber(calls), tonumber(bad)} end
end

local function enter(into, why)
  state, since, reason, changed = into, now, why, true
  trials, issued, leases = 0, 0, {}
end

local function open(why)
  opens = opens + 1
  if opens == 1 then opened = now end
  -- Exact the first time, since 2^0 is 1; then somewhere between that and its double, its fourfold and so on.
  local stretched = math.min(timeout * 2 ^ (opens - 1), longest)
  over = now + math.floor(timeout + jitter * (stretched - timeout))
  enter('open', why)
end

local function close(why)
  failures, opens, opened, buckets = 0, 0, 0, {}
  enter('closed', why)
end

local function open_by_hand()
  open('opened by hand')
  over = now + by_hand
end

local function permit()
  if state == 'open' and now >= over then
    enter('half_open', 'timeout over')
  end
  if state == 'closed' then
    return 1, '', 0
  elseif state == 'open' then
    return 0, '', over - now
  elseif live + trials >= trial_calls then
    return 0, '', soonest - now
  end
  issued, changed = issued + 1, true
  local id = string.format('%.0f-%d', since, issued)
  leases[id] = now + lease_time
  return 1, id, 0
end

local function judge_closed()
  local bad = event ~= 'ok'
  failures = (event == 'failed' or event == 'timeout') and failures + 1 or 0
  if rate_calls > 0 then
    local bucket = buckets[newest] or {0, 0}
    buckets[newest] = {bucket[1] + 1, bucket[2] + (bad and 1 or 0)}
  end
  if failures >= threshold then
    open('threshold reached')
  elseif bad and rate_calls > 0 then
    local calls, ones = 0, 0
    for _, each in pairs(buckets) do calls, ones = calls + each[1], ones + each[2] end
    if calls >= rate_calls and ones * 100 >= percent * calls then open('failure rate reached') end
  end
end

local function judge_trial()
  leases[lease] = nil
  if event == 'ok' then
    trials = trials + 1
    if trials >= trial_calls then close(trial_calls .. ' trial calls succeeded') end
  elseif event ~= 'cancelled' then
    failures = failures + 1
    open('trial call failed')
  end
end

local allowed, granted, wait = 1, '', 0
if event == 'permit' then
  allowed, granted, wait = permit()
elseif event == 'open' then
  open_by_hand()
elseif event == 'close' then
  close('closed by hand')
else
  if event == 'ok' or event == 'slow' then successes = successes + 1 end
  if state == 'half_open' and leases[lease] then
    judge_trial()
  elseif state == 'closed' and event ~= 'cancelled' then
    judge_closed()
  end -- else a late result of a call from before: it opens and closes nothing
end

if changed then
  local words = {}
  for id, ends in pairs(leases) do words[#words + 1] = string.format('%s=%.0f', id, ends) end
  local parts = {}
  for number = newest - 9, newest do
    local each = buckets[number]
    if each then parts[#parts + 1] = string.format('%.0f=%.0f/%.0f', number, each[1], each[2]) end
  end
  redis.call('HSET', key, 'state', state, 'since', string.format('%.0f', since), 'until', string.format('%.0f', over),
    'failures', failures, 'successes', successes, 'opens', opens, 'trials', trials, 'issued', issued,
    'leases', table.concat(words, ' '), 'window', table.concat(parts, ' '), 'opened', string.format('%.0f', opened))
  redis.call('PEXPIRE', key, ARGV[13])
end
return {allowed, granted, before, state, reason, failures, wait}
