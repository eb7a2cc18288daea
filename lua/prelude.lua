-- Stands in front of every script but sweep. KEYS[1] is the base key of the definition.
local call, B = redis.call, KEYS[1]
