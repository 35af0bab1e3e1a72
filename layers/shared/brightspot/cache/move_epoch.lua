-- Sets an epoch to the server's time, in Unix seconds with microseconds, and returns it. Two moves never share one.
local time = redis.call('TIME')
local now = string.format('%d.%06d', time[1], time[2])
redis.call('SET', KEYS[1], now)
return now
