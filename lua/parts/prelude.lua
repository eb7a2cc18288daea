-- Stands in front of every script but sweep.
-- Defines: call, ARGV, B, at, last
-- Expects: nothing
-- Invariant touches no key
-- KEYS[1]   the base key of the definition; every key is made from it
-- `last` is where the arguments of finish.lua end, and `at` what stands before those of claim.lua. ARGV is a local,
-- because each look at a global costs a search.
local call, ARGV, B = redis.call, ARGV, KEYS[1]
local at, last = 0, #ARGV
