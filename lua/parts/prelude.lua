-- Stands in front of every script but sweep.
-- Defines: call, B, at, last
-- Expects: nothing
-- KEYS[1]   the base key of the definition; every key is made from it
-- `last` is where the arguments of finish.lua end, and `at` what stands before those of claim.lua.
local call, B, at, last = redis.call, KEYS[1], 0, #ARGV
