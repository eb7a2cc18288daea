-- Puts dead letters back to be tried again, with a fresh count of attempts.
-- @before prelude, clock, store, forget, wake, broadcast
-- KEYS[1]   base key
-- ARGV      ids, at most 100
-- Returns   one character for each id: 1 put back; 0 no such dead letter, or one without a record, or a task of that
--           id waits or runs again
-- Invariant the first write can be refused for lack of memory; a task is stored before its dead letter goes
local DEAD, time, answer, back = B .. ':dead', now(), {}, {}
for i = 1, #ARGV do
    local id = ARGV[i]
    local isDead = call('ZSCORE', DEAD, id) and call('HEXISTS', B .. ':records', id) == 0
    local record = isDead and call('HGET', B .. ':dead-records', id)
    answer[i] = record and '1' or '0'
    if record then
        store({}, { format('%d', time), id }, { id, record })
        call('DEL', B .. ':r ' .. id)
        forgetDead({ id })
        back[#back + 1] = id
    end
end
if #back > 0 and not wake() then tellAll('0') end
return table.concat(answer)
