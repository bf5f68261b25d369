-- Begins a run of a job that BullMQ has handed out, if it is its lane's turn.
--
-- ask: { id, instance, run, lease }   run: the same when it is asked again because the answer got lost; lease in ms
-- word: {job} with the job's fields | {} (it has ended, or another goes first: it will be handed out again)

local job = load(ask.id)
if job and job.state == 'running' and job.run == ask.run then
  return answer({job = job, till = tonumber(redis.call('ZSCORE', key('running'), job.lane))})
end
if not job or job.state ~= 'waiting' then return answer({}) end
local lane = job.lane
local first = redis.call('ZRANGE', key('lane', lane), 0, 0)[1]
local isFree = redis.call('HEXISTS', key('busy'), lane) == 0 and not isPaused(lane, job.priority)
if not isFree or first ~= member(job.seq, ask.id) then return answer({}) end

unwait(ask.id, job)
local till = now + ask.lease
job.attempt = redis.call('HINCRBY', key('job', ask.id), 'attempt', 1)
redis.call('HSET', key('job', ask.id), 'state', 'running', 'run', ask.run)
redis.call('HSET', key('busy'), lane, ask.id)
redis.call('HSET', key('runner'), lane, ask.instance)
redis.call('HDEL', key('handed'), lane)
redis.call('ZADD', key('running'), till, lane)
redis.call('SADD', key('runs', ask.instance), lane)
return answer({job = job, till = till})
