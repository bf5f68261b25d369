-- A sign of life, and what time has brought; also what was not handed over within a while. Answers when time brings
-- something next.
--
-- ask: { instance, heir: name | absent, reap: ms | absent, left: ms, again: [lane], repair: [queue] }
-- heir: the instances <name>/… before this one have died: take back their runs
-- reap: take back the runs of instances that gave no sign for so long
-- left: hand out again what lies in the outbox for so long; again: lanes whose job was given back
-- repair: queues of which BullMQ has nothing, whatever was handed to it
-- word: {reaped: [instance]}

local time = serverTime()
redis.call('ZADD', key('alive'), time, ask.instance)
local function takeBackAll(instance)
  for _, lane in ipairs(redis.call('SMEMBERS', key('runs', instance))) do
    if redis.call('HGET', key('runner'), lane) == instance then takeBack(lane, 'its process ended') end
  end
  redis.call('DEL', key('runs', instance))
end

if ask.heir then
  local start = ask.heir .. '/'
  for _, instance in ipairs(redis.call('ZRANGE', key('alive'), 0, -1)) do
    -- It is not forgotten: what it sent before it died may still be read after this.
    if instance ~= ask.instance and string.sub(instance, 1, #start) == start then takeBackAll(instance) end
  end
end

local reaped = {}
if ask.reap then
  for _, instance in ipairs(redis.call('ZRANGEBYSCORE', key('alive'), '-inf', time - ask.reap)) do
    takeBackAll(instance)
    redis.call('ZREM', key('alive'), instance)
    reaped[#reaped + 1] = instance
  end
end
for _, lane in ipairs(ask.again) do
  redis.call('HDEL', key('handed'), lane)
  kick(lane)
end
for _, queue in ipairs(ask.repair) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('waiting', queue), '-inf', now, 'LIMIT', 0, 500)) do
    local lane = redis.call('HGET', key('job', id), 'lane')
    if redis.call('HGET', key('handed'), lane) == redis.call('ZRANGE', key('lane', lane), 0, 0)[1] then
      redis.call('HDEL', key('handed'), lane)
      kick(lane)
    end
  end
end
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', key('running'), '-inf', now, 'LIMIT', 0, 100)) do
  takeBack(lane, 'ran longer than its lease')
end
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', key('paused'), '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', key('paused'), lane)
  kick(lane)
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', key('yields'), '-inf', now, 'LIMIT', 0, 100)) do unyield(name) end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('due'), '-inf', now, 'LIMIT', 0, 200)) do
  local job = redis.call('HMGET', key('job', id), 'lane', 'priority', 'seq')
  redis.call('ZREM', key('due'), id)
  if job[1] then
    redis.call('ZADD', key('lane', job[1]), -job[2], member(job[3], id))
    kick(job[1])
  end
end
for _, name in ipairs({'running', 'paused', 'yields', 'due'}) do
  local first = redis.call('ZRANGE', key(name), 0, 0, 'WITHSCORES')[2]
  if first and (soonest == -1 or tonumber(first) < soonest) then soonest = tonumber(first) end
end

local word = {reaped = reaped}
local left = redis.call('ZRANGEBYSCORE', key('outbox'), '-inf', time - ask.left, 'LIMIT', 0, 500)
local reply = cjson.decode(answer(word))
for _, entry in ipairs(left) do reply.handing[#reply.handing + 1] = entry end
return cjson.encode(reply)
