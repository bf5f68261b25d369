#allow-oom
-- Writes down what became of a run.
--
-- ask: { id, lane, run, keep, result: done | committed | retry | wait | dead, due, why, pause, failDue }
-- word: {ok} | {lost} (the run was taken for lost meanwhile) | {uncommitted} (no commit has finished the job: it waits
--       until failDue)
-- run: as it was claimed; the attempt would not do, for a run that waits gives its number back to the next

local isHeld = redis.call('HGET', key('busy'), ask.lane) == ask.id
local job = load(ask.id)
local isRun = isHeld and job and job.state == 'running' and job.run == ask.run

if not isRun then
  -- Ended by its own commit: its lane was kept busy until now.
  if isHeld and not (job and job.state == 'running') then
    free(ask.lane)
    return answer({ok = true})
  end
  return answer({lost = true})
end

if ask.pause then
  local known = redis.call('ZSCORE', key('paused'), ask.lane)
  redis.call('ZADD', key('paused'), math.max(tonumber(known or 0), ask.due), ask.lane)
end

local word = {ok = true}
if ask.result == 'done' then
  finish(ask.id, job, ask.keep)
elseif ask.result == 'dead' then
  redis.call('HSET', key('job', ask.id), 'state', 'dead', 'why', ask.why, 'ended', now)
  redis.call('ZADD', key('dead'), now, member(job.seq, ask.id))
  count('deads', job.queue, 1)
elseif ask.result == 'committed' then
  word = {uncommitted = true}
  again(ask.id, job, ask.failDue, 'no commit has finished the job')
else
  if ask.result == 'wait' then
    redis.call('HINCRBY', key('job', ask.id), 'attempt', -1)
    yieldUntil(ask.lane, ask.due, job.priority)
  end
  again(ask.id, job, ask.due, ask.why)
end
free(ask.lane)
return answer(word)
