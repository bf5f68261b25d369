-- Takes one from each of several budgets, or from none.
--
-- ask: { budgets: [{name, most, within}] }
-- word: {wait: ms}   0: taken

local wait = 0
for _, budget in ipairs(ask.budgets) do
  local spends = key('spends', budget.name)
  redis.call('ZREMRANGEBYSCORE', spends, '-inf', now - budget.within)
  -- What was taken before the clock was set back counts as taken now: no more is given, and nobody waits out the step.
  for _, taken in ipairs(redis.call('ZRANGEBYSCORE', spends, '(' .. string.format('%.17g', now), '+inf')) do
    redis.call('ZADD', spends, now, taken)
  end
  if redis.call('ZCARD', spends) >= budget.most then
    local first = redis.call('ZRANGE', spends, -budget.most, -budget.most, 'WITHSCORES')[2]
    wait = math.max(wait, tonumber(first) + budget.within - now)
  end
end
if wait == 0 then
  for _, budget in ipairs(ask.budgets) do
    redis.call('ZADD', key('spends', budget.name), now, redis.call('INCR', key('spent')))
    redis.call('PEXPIRE', key('spends', budget.name), math.ceil(budget.within) * 2)
  end
end
return answer({wait = wait})
