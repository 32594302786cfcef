-- Takes one from a subject's bucket, if there is one. Times are in microseconds,
-- which Lua's numbers hold exactly up to the year 2255.
--
-- KEYS[1] is the bucket: when it is full, and when something was taken last.
-- ARGV is the time of the call, the limit's interval, and how long it takes to fill a bucket.
-- The answer is whether the call is allowed (1 or 0), and how long it then takes to fill the bucket.
local at, interval, fill = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local owed = 0
local bucket = redis.call('GET', KEYS[1])
if bucket then
  local full, last = string.match(bucket, '^(%d+) (%d+)$')
  at = math.max(at, tonumber(last))
  owed = math.min(math.max(tonumber(full) - at, 0), fill)
end
if owed + interval > fill then
  return {0, owed}
end
owed = owed + interval
-- Lua itself writes no more than fourteen digits of a number.
local kept = string.format('%.0f %.0f', at + owed, at)
redis.call('SET', KEYS[1], kept, 'PX', string.format('%.0f', math.ceil(owed / 1000)))
return {1, owed}
