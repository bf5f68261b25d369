-- Marks a running job as begun, before something that may not happen twice.
--
-- ask: { id, attempt }   attempt: of the caller's run; left out: whichever runs
-- word: {ok} | {}

local job = load(ask.id)
if not job or job.state ~= 'running' or job.begun == job.attempt then return answer({}) end
if ask.attempt and tonumber(job.attempt) ~= ask.attempt then return answer({}) end
redis.call('HSET', key('job', ask.id), 'begun', job.attempt)
return answer({ok = true})
