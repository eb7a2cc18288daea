-- Deletes dead letters for good.
-- Parts     prelude
-- KEYS[1]   base key
-- ARGV      ids, at most 100
-- Returns   one character for each id: 1 deleted, 0 no such dead letter
-- Invariant works at maxmemory
local answer = {}
for i = 1, #ARGV do
    local id = ARGV[i]
    answer[i] = call('ZREM', B .. ':x', id)
    call('HDEL', B .. ':xp', id)
    call('HDEL', B .. ':xe', id)
end
return table.concat(answer)
