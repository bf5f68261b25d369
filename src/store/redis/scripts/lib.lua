-- Put before every script: the keys, and what the scripts have in common.
--
-- KEYS[1]  the prefix of all keys, with a hash tag: everything lies in one slot
-- ARGV[1]  now, ms; «server» for the server's own clock
-- ARGV[2]  what is asked for, JSON
--
-- job:<id>        hash   a job that has not ended well: seq, queue, lane, payload, priority, collapse, due, created,
--                        remember, state (waiting, running, dead), attempt, begun, run, hand, why, ended
-- ended           zset   id of a finished or cancelled job → when it may be forgotten
-- due             zset   id → due time, of waiting jobs that are not due yet
-- lane:<lane>     zset   <seq>:<id> → -priority, of waiting jobs that are due: the first one runs next
-- handed          hash   lane → <seq>:<id>: its first job is with the courier, or with BullMQ
-- busy            hash   lane → id of the job that runs
-- running         zset   lane → end of the lease
-- runner          hash   lane → instance;  runs:<instance> set of lanes
-- alive           zset   instance → its last sign of life, by the server's clock
-- paused          zset   lane → until when nothing of it runs
-- yields          zset   <priority>:<lane> → until when only what has a priority above this one runs in the lane
-- yields:<lane>   zset   priority → the same: those of `yields` by lane
-- outbox          zset   [queue, id, lane, <seq>-<hand>, priority] as JSON → when it was put there: for BullMQ
-- waiting:<queue> zset   id → due time, of all waiting jobs, for counting
-- queues          set    their names
-- collapse        hash   key → how many jobs wait with it
-- dead            zset   <seq>:<id> → when it was given up;  deads hash queue → how many
-- doc:<key>       hash   value, version, kind, at, open
-- docs:<kind>, docs:<kind>:open, docs:<kind>:closed   zset   key → at
-- audit           hash   seq → entry as JSON;  audit:of:<subject> zset seq → seq;  chain hash seq, hash, startSeq, startHash
-- samples:<device> zset  at|voltage|current|power|energy|apparent → at, of those that came lately
-- blocks:<tier>:<device> hash  start → what is packed from there on (store/blocks.ts); tiers: raw, minutes, hours
-- minutes:<device>, hours:<device> zset  what older versions have left: roll-up → start
-- devices         set    those with samples
-- leases          hash   name → JSON {holder, till};  spends:<name> zset  number → when

local P = KEYS[1]
local ask = cjson.decode(ARGV[2])
local handing = {}
local soonest = -1

local function serverTime()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local now = ARGV[1] == 'server' and serverTime() or tonumber(ARGV[1])

local function key(...) return P .. table.concat({...}, ':') end

-- The same for every job of equal priority: by number, so that the order of arrival counts.
local function member(seq, id) return string.format('%016d', seq) .. ':' .. id end

local function idOf(name) return string.sub(name, 18) end

-- True while a lane's jobs of this priority have to wait.
local function isPaused(lane, priority)
  if redis.call('ZSCORE', key('paused'), lane) then return true end
  return redis.call('ZCOUNT', key('yields', lane), priority, '+inf') > 0
end

-- Nothing of the lane runs, is due, or holds it up.
local function isIdle(lane)
  if redis.call('HEXISTS', key('busy'), lane) == 1 or redis.call('ZSCORE', key('paused'), lane) then return false end
  return redis.call('ZCARD', key('lane', lane)) == 0 and redis.call('ZCARD', key('yields', lane)) == 0
end

-- Makes the courier bring a free lane's first job to BullMQ, unless it has.
local function kick(lane)
  if redis.call('HEXISTS', key('busy'), lane) == 1 then return end
  local first, rank = unpack(redis.call('ZRANGE', key('lane', lane), 0, 0, 'WITHSCORES'))
  if not first then
    redis.call('HDEL', key('handed'), lane)
    return
  end
  if isPaused(lane, -rank) then return end
  if redis.call('HGET', key('handed'), lane) == first then return end
  redis.call('HSET', key('handed'), lane, first)
  local id = idOf(first)
  local hand = redis.call('HINCRBY', key('job', id), 'hand', 1)
  local job = redis.call('HMGET', key('job', id), 'queue', 'seq', 'priority')
  local entry = cjson.encode({job[1], id, lane, job[2] .. '-' .. hand, job[3]})
  redis.call('ZADD', key('outbox'), serverTime(), entry)
  handing[#handing + 1] = entry
end

local function count(name, field, by)
  if redis.call('HINCRBY', key(name), field, by) <= 0 then redis.call('HDEL', key(name), field) end
end

-- Lets a job wait: for its time, or for its turn in its lane.
local function await(id, job, due)
  redis.call('ZADD', key('waiting', job.queue), due, id)
  if job.collapse then count('collapse', job.collapse, 1) end
  local at = tonumber(due)
  if at > now then
    redis.call('ZADD', key('due'), due, id)
    if soonest == -1 or at < soonest then soonest = at end
  else
    redis.call('ZADD', key('lane', job.lane), -job.priority, member(job.seq, id))
    kick(job.lane)
  end
end

-- A waiting job is not waiting any more.
local function unwait(id, job)
  redis.call('ZREM', key('waiting', job.queue), id)
  redis.call('ZREM', key('due'), id)
  redis.call('ZREM', key('lane', job.lane), member(job.seq, id))
  if job.collapse then count('collapse', job.collapse, -1) end
end

local function load(id)
  local fields = redis.call('HGETALL', key('job', id))
  if #fields == 0 then return nil end
  local job = {}
  for i = 1, #fields, 2 do job[fields[i]] = fields[i + 1] end
  return job
end

-- Ends a job well; its id stays known for a while.
local function finish(id, job, keep)
  redis.call('ZADD', key('ended'), now + (tonumber(job.remember) or keep), id)
  if redis.call('ZREM', key('dead'), member(job.seq, id)) == 1 then count('deads', job.queue, -1) end
  redis.call('DEL', key('job', id))
end

-- Lets a running job wait once more.
local function again(id, job, due, why)
  redis.call('HSET', key('job', id), 'state', 'waiting', 'due', due, 'why', why)
  redis.call('HDEL', key('busy'), job.lane)
  await(id, job, due)
end

-- The job of a lane does not run any more.
local function free(lane)
  local instance = redis.call('HGET', key('runner'), lane)
  if instance then redis.call('SREM', key('runs', instance), lane) end
  redis.call('HDEL', key('runner'), lane)
  redis.call('HDEL', key('busy'), lane)
  redis.call('ZREM', key('running'), lane)
  kick(lane)
end

-- Until `due`, only what has a priority above this one runs in the lane. Each priority has a time of its own: the short
-- wait of a high one does not become the long one of a low one.
local function yieldUntil(lane, due, priority)
  local name = priority .. ':' .. lane
  local known = redis.call('ZSCORE', key('yields'), name)
  redis.call('ZADD', key('yields'), math.max(tonumber(known or 0), due), name)
  redis.call('ZADD', key('yields', lane), priority, priority)
end

-- That time is over.
local function unyield(name)
  local priority, lane = string.match(name, '^([^:]*):(.*)$')
  redis.call('ZREM', key('yields'), name)
  redis.call('ZREM', key('yields', lane), priority)
  kick(lane)
end

-- A run is lost: its job waits again, in its old place.
local function takeBack(lane, why)
  local id = redis.call('HGET', key('busy'), lane)
  local job = id and load(id)
  if job and job.state == 'running' then again(id, job, now, why) end
  free(lane)
end

-- What every script answers: its own word, when time brings something that it has put there, and what is to be handed
-- over.
local function answer(word)
  return cjson.encode({word = word, next = soonest, handing = handing})
end
