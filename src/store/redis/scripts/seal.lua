#allow-oom
-- Puts blocks in place of others, and of what they were made of, if all of that is still there.
--
-- ask: { device, from, out: [member], blocks: [{tier, start, was}] }   from: the list of `out`; was: the hash of the block
--      that stands there, or nothing
-- ARGV[3], ...: the new block of each, or nothing: then it goes
-- word: {ok} | {conflict}

for _, name in ipairs(ask.out) do
  if not redis.call('ZSCORE', key(ask.from, ask.device), name) then return answer({conflict = true}) end
end
for _, one in ipairs(ask.blocks) do
  local stands = redis.call('HGET', key('blocks', one.tier, ask.device), one.start)
  if (stands and redis.sha1hex(stands) or '') ~= one.was then return answer({conflict = true}) end
end

for _, name in ipairs(ask.out) do redis.call('ZREM', key(ask.from, ask.device), name) end
for n, one in ipairs(ask.blocks) do
  local place = key('blocks', one.tier, ask.device)
  if ARGV[2 + n] == '' then
    redis.call('HDEL', place, one.start)
  else
    redis.call('HSET', place, one.start, ARGV[2 + n])
  end
end
return answer({ok = true})
