-- Stands in front of every script but sweep. KEYS[1] is the base key of the definition.
-- ARGV is not used, but `last` is where the arguments of finish.lua end, and `at` what stands before those of claim.lua.
-- Returns nothing by itself. Invariant: every key is made from KEYS[1].
local call, B, at, last = redis.call, KEYS[1], 0, #ARGV
