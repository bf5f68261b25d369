-- Takes everything that follows from one event, or nothing.
--
-- ask: { keep, done, takes: {id, lane, remember}, writes: [{key, kind, json, version, at, open}], cancel: [id],
--        jobs: [{id, queue, lane, payload, priority, collapse, due, remember}], audit: [{seq, subject, row}], before: {seq, hash}, head: hash,
--        samples: [{device, at, values: [voltage, current, power, energy, apparent]}] }
-- word: {ok, added: [id]} | {conflict} | {missing} (no job to be finished) | {stale: {seq, hash}} (the audit chain has
--       grown meanwhile: number and hash the entries anew)

-- First of all, so that commits which have to be linked anew keep their order.
if #ask.audit > 0 then
  local chain = redis.call('HMGET', key('chain'), 'seq', 'hash')
  local seq = tonumber(chain[1] or 0)
  if seq ~= ask.before.seq or (seq > 0 and chain[2] ~= ask.before.hash) then return answer({stale = {seq = seq, hash = chain[2] or ''}}) end
end

local finished = ask.done and load(ask.done)
if ask.done and not finished then
  if redis.call('ZSCORE', key('ended'), ask.done) then return answer({ok = true, added = {}}) end
  return answer({missing = true})
end

local takes = ask.takes
if takes then
  local isKnown = redis.call('EXISTS', key('job', takes.id)) == 1 or redis.call('ZSCORE', key('ended'), takes.id)
  if isKnown or not isIdle(takes.lane) then return answer({conflict = true}) end
end

local versions = {}
for _, write in ipairs(ask.writes) do
  local version = versions[write.key] or tonumber(redis.call('HGET', key('doc', write.key), 'version') or 0)
  if version ~= write.version then return answer({conflict = true}) end
  versions[write.key] = write.json and version + 1 or 0
end

-- From here on nothing can fail.

for _, write in ipairs(ask.writes) do
  local doc = key('doc', write.key)
  local was = redis.call('HGET', doc, 'kind')
  if was then
    for _, list in ipairs({'', ':open', ':closed'}) do redis.call('ZREM', key('docs', was) .. list, write.key) end
  end
  if write.json then
    local version = redis.call('HINCRBY', doc, 'version', 1)
    redis.call('HSET', doc, 'value', write.json, 'kind', write.kind)
    if write.at then
      redis.call('ZADD', key('docs', write.kind), write.at, write.key)
      redis.call('ZADD', key('docs', write.kind) .. (write.open and ':open' or ':closed'), write.at, write.key)
    end
  else
    redis.call('DEL', doc)
  end
end

if finished then
  if finished.state == 'waiting' then unwait(ask.done, finished) end
  finish(ask.done, finished, ask.keep)
  if finished.state == 'waiting' then kick(finished.lane) end
end

if takes then redis.call('ZADD', key('ended'), now + (tonumber(takes.remember) or ask.keep), takes.id) end

for _, id in ipairs(ask.cancel) do
  local job = load(id)
  if job and job.state == 'waiting' then
    unwait(id, job)
    finish(id, job, ask.keep)
    kick(job.lane)
  end
end

local added = {}
for _, job in ipairs(ask.jobs) do
  local isKnown = redis.call('EXISTS', key('job', job.id)) == 1 or redis.call('ZSCORE', key('ended'), job.id)
  local isAlike = job.collapse and redis.call('HEXISTS', key('collapse'), job.collapse) == 1
  if not isKnown and not isAlike then
    job.seq = redis.call('INCR', key('seq'))
    local due = job.due or now
    local place = key('job', job.id)
    redis.call('HSET', place, 'seq', job.seq, 'queue', job.queue, 'lane', job.lane, 'payload', job.payload,
      'priority', job.priority, 'due', due, 'created', now, 'state', 'waiting', 'attempt', 0)
    if job.remember then redis.call('HSET', place, 'remember', job.remember) end
    if job.collapse then redis.call('HSET', place, 'collapse', job.collapse) end
    redis.call('SADD', key('queues'), job.queue)
    await(job.id, job, due)
    added[#added + 1] = job.id
  end
end

for _, entry in ipairs(ask.audit) do
  redis.call('HSET', key('audit'), entry.seq, entry.row)
  redis.call('ZADD', key('audit', 'of', entry.subject), entry.seq, entry.seq)
end
if #ask.audit > 0 then redis.call('HSET', key('chain'), 'seq', ask.audit[#ask.audit].seq, 'hash', ask.head) end

for _, sample in ipairs(ask.samples) do
  local samples = key('samples', sample.device)
  local values = sample.values
  local old = redis.call('ZRANGEBYSCORE', samples, sample.at, sample.at)[1]
  if old then
    local known = {}
    for value in string.gmatch(old .. '|', '([^|]*)|') do known[#known + 1] = value end
    for i = 1, 5 do if values[i] == '' then values[i] = known[i + 1] or '' end end
    redis.call('ZREM', samples, old)
  end
  redis.call('ZADD', samples, sample.at, sample.at .. '|' .. table.concat(values, '|'))
  redis.call('SADD', key('devices'), sample.device)
end

return answer({ok = true, added = added})
