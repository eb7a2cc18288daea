-- Deletes dead letters for good.
-- @before prelude, forget
-- KEYS[1]   base key
-- ARGV      ids, at most 100
-- Returns   one character for each id: 1 deleted, 0 no such dead letter
-- Invariant works at maxmemory
local answer = {}
for i = 1, #ARGV do answer[i] = forgetDead({ ARGV[i] }) end
return table.concat(answer)
