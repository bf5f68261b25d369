#allow-oom
-- Drops what is older than it is kept, so many of each at most.
--
-- ask: { limit, dead, audit, documents: [{kind, before}] }   dead, audit: times before which they are dropped
-- word: {more: boolean}

local more = false
local function oldest(list, before)
  local found = redis.call('ZRANGEBYSCORE', list, '-inf', '(' .. string.format('%.17g', before), 'LIMIT', 0, ask.limit)
  more = more or #found == ask.limit
  return found
end

local ids = oldest(key('ended'), now)
if #ids > 0 then redis.call('ZREM', key('ended'), unpack(ids)) end

for _, name in ipairs(oldest(key('dead'), ask.dead)) do
  local place = key('job', idOf(name))
  redis.call('ZREM', key('dead'), name)
  count('deads', redis.call('HGET', place, 'queue'), -1)
  redis.call('DEL', place)
end

for _, kept in ipairs(ask.documents) do
  for _, name in ipairs(oldest(key('docs', kept.kind) .. ':closed', kept.before)) do
    redis.call('DEL', key('doc', name))
    redis.call('ZREM', key('docs', kept.kind), name)
    redis.call('ZREM', key('docs', kept.kind) .. ':closed', name)
  end
end

-- Only from the beginning, so that what is left hangs together.
local chain = redis.call('HMGET', key('chain'), 'startSeq', 'seq', 'startHash')
local first, last = tonumber(chain[1] or 0) + 1, tonumber(chain[2] or 0)
local dropped = 0
while first <= last and dropped < ask.limit do
  local row = cjson.decode(redis.call('HGET', key('audit'), first))
  if row.at >= ask.audit then break end
  redis.call('HDEL', key('audit'), first)
  redis.call('ZREM', key('audit', 'of', row.subject), first)
  redis.call('HSET', key('chain'), 'startSeq', first, 'startHash', row.hash)
  first, dropped = first + 1, dropped + 1
end
more = more or dropped == ask.limit
return answer({more = more})
