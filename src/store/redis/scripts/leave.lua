#allow-oom
-- An instance ends in order.
--
-- ask: { instance }

for _, lane in ipairs(redis.call('SMEMBERS', key('runs', ask.instance))) do
  if redis.call('HGET', key('runner'), lane) == ask.instance then takeBack(lane, 'its process ended') end
end
redis.call('DEL', key('runs', ask.instance))
redis.call('ZREM', key('alive'), ask.instance)
return answer({})
