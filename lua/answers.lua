-- Stands in front of scripts whose calls may be repeated after a lost reply. ARGV[1] process, ARGV[2] call number,
-- ARGV[3] '1' to start the ten minutes of the answers anew, which a process asks for once a minute.
-- A repeated call returns the answer of its first delivery and changes nothing.
local answers, slot, numbered = B .. ':c:' .. ARGV[1], string.sub(ARGV[2], -2), ARGV[2] .. ':'
local known = call('HGET', answers, slot)
if known and string.sub(known, 1, #numbered) == numbered then
    return string.sub(known, #numbered + 1)
end
-- The last write of a call that changed something.
local function keep(answer)
    if call('HSET', answers, slot, numbered .. answer) == 1 or ARGV[3] == '1' then
        call('PEXPIRE', answers, '600000')
        -- A long value makes it a hash table, in which every later call is faster than in a packed list.
        call('HSET', answers, 'about', 'the last answers to one process, in case that one of its calls is repeated')
    end
end
