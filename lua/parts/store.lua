-- Stores tasks.
-- Defines: store
-- Expects: call, B
-- Invariant the first write can be refused for lack of memory; places (line, delayed) come before records, so whatever
--           stops the script leaves stale hints only
-- hints     ids of the tasks that are due at once
-- delays    for each other task: due ms, id; nil if there is none
-- records   for each task: id, record
-- fresh     ids of new tasks that may have lived before; nil if there is none
-- wants     for each task of which wants has to know: id, what it notes; nil if there is none
-- Returns   whether nothing else was in the list
local function store(hints, delays, records, fresh, wants)
    local isAlone = #hints > 0 and call('RPUSH', B .. ':line', unpack(hints)) == #hints
    if delays and #delays > 0 then call('ZADD', B .. ':delayed', unpack(delays)) end
    if fresh and #fresh > 0 then
        -- Nothing of an earlier life of the id, nor of one that the store lost in part, may reach the new one.
        call('HDEL', B .. ':tokens', unpack(fresh))
        call('HDEL', B .. ':errors', unpack(fresh))
        call('ZREM', B .. ':leases', unpack(fresh))
        for i = 1, #fresh do call('DEL', B .. ':r ' .. fresh[i]) end
        if #hints > 0 then call('ZREM', B .. ':delayed', unpack(hints)) end
    end
    if #records > 0 then
        -- A claim that hands out several tasks then looks at each record's size before it reads it.
        for i = 2, #records, 2 do
            if #records[i] > 10000 then
                call('HSET', B .. ':meta', 'large', '1')
                break
            end
        end
        call('HSET', B .. ':records', unpack(records))
    end
    if not wants or #wants == 0 then return isAlone end
    if #wants < 16 then
        call('HSET', B .. ':wants', unpack(wants))
    else
        -- As in hand_out.lua, something long makes a table of it.
        call('HSET', B .. ':wants', '~', string.rep('~', 65), unpack(wants))
        call('HDEL', B .. ':wants', '~')
    end
    return isAlone
end
