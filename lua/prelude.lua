-- Stands in front of every script but sweep. KEYS[1] is the base key of the definition.
-- ARGV is not used. Returns nothing by itself. Invariant: every key is made from KEYS[1].
local call, B = redis.call, KEYS[1]
