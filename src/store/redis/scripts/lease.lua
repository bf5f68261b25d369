-- Takes, renews or gives back a lease.
--
-- ask: { name, holder, ttl }   ttl in ms; 0 gives it back
-- word: {held: boolean}

local known = redis.call('HGET', key('leases'), ask.name)
local lease = known and cjson.decode(known)
local isFree = not lease or lease.holder == ask.holder or lease.till <= now
if not isFree then return answer({held = false}) end
if ask.ttl > 0 then
  redis.call('HSET', key('leases'), ask.name, cjson.encode({holder = ask.holder, till = now + ask.ttl}))
elseif lease and lease.holder == ask.holder then
  redis.call('HDEL', key('leases'), ask.name)
end
return answer({held = ask.ttl > 0})
