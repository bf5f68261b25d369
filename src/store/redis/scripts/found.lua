-- What is kept of a breaker, all as it is at one moment.
--
-- ask: { device, fresh: {from, to}, blocks: [{tier, from, to}], newest }   times as text, `to` left out; newest: only
--      the last sample, and the last so many blocks, and `to` counts
-- answers, not as JSON: [[sample], then for each of `blocks` [start, bytes, start, bytes, ...]]

local samples = key('samples', ask.device)
local found = {}
if ask.newest then
  found[1] = redis.call('ZREVRANGEBYSCORE', samples, ask.fresh.to, ask.fresh.from, 'LIMIT', 0, 1)
else
  found[1] = redis.call('ZRANGEBYSCORE', samples, ask.fresh.from, '(' .. ask.fresh.to)
end

for _, one in ipairs(ask.blocks) do
  local place = key('blocks', one.tier, ask.device)
  local from, to = tonumber(one.from), tonumber(one.to)
  local starts = {}
  for _, start in ipairs(redis.call('HKEYS', place)) do
    local at = tonumber(start)
    if at >= from and (at < to or ask.newest and at == to) then starts[#starts + 1] = start end
  end
  table.sort(starts, function(a, b) return tonumber(a) < tonumber(b) end)
  local first = ask.newest and math.max(1, #starts - ask.newest + 1) or 1
  local rows = {}
  for n = first, #starts do
    rows[#rows + 1] = starts[n]
    rows[#rows + 1] = redis.call('HGET', place, starts[n])
  end
  found[#found + 1] = rows
end
return found
