#allow-oom
-- Puts roll-ups in place of what they were made of, if that is still so.
--
-- ask: { from, to, out: [member], add: [{start, old, new}] }   from, to: lists; old: the roll-up that stands there
-- word: {ok} | {conflict}

for _, name in ipairs(ask.out) do
  if not redis.call('ZSCORE', P .. ask.from, name) then return answer({conflict = true}) end
end
for _, one in ipairs(ask.add) do
  local stands = redis.call('ZRANGEBYSCORE', P .. ask.to, one.start, one.start)[1]
  if stands ~= one.old then return answer({conflict = true}) end
end
for _, name in ipairs(ask.out) do redis.call('ZREM', P .. ask.from, name) end
for _, one in ipairs(ask.add) do
  if one.old then redis.call('ZREM', P .. ask.to, one.old) end
  redis.call('ZADD', P .. ask.to, one.start, one.new)
end
return answer({ok = true})
