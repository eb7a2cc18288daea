-- Stores tasks.
-- Defines: store
-- Expects: call, B
-- Invariant the first write can be refused for lack of memory; hints (q, d) come before records (p), so whatever stops
--           the script leaves stale hints only
-- hints     ids of the tasks that are due at once
-- delays    for each other task: due ms, id; nil if there is none
-- records   for each task: id, record
-- fresh     ids of new tasks that may have lived before; nil if there is none
-- wants     for each task of which w has to know: id, what it notes; nil if there is none
-- Returns   whether nothing else was in the list
local function store(hints, delays, records, fresh, wants)
    local isAlone = #hints > 0 and call('RPUSH', B .. ':q', unpack(hints)) == #hints
    if delays and #delays > 0 then call('ZADD', B .. ':d', unpack(delays)) end
    if fresh and #fresh > 0 then
        -- Nothing of an earlier life of the id, nor of one that the store lost in part, may reach the new one.
        call('HDEL', B .. ':a', unpack(fresh))
        call('HDEL', B .. ':e', unpack(fresh))
        call('ZREM', B .. ':l', unpack(fresh))
        for i = 1, #fresh do call('DEL', B .. ':r:' .. fresh[i]) end
        if #hints > 0 then call('ZREM', B .. ':d', unpack(hints)) end
    end
    if #records > 0 then
        -- A claim that hands out several tasks then looks at each record's size before it reads it.
        for i = 2, #records, 2 do
            if #records[i] > 10000 then
                call('HSET', B .. ':m', 'large', '1')
                break
            end
        end
        call('HSET', B .. ':p', unpack(records))
    end
    if not wants or #wants == 0 then return isAlone end
    if #wants < 16 then
        call('HSET', B .. ':w', unpack(wants))
    else
        -- As in hand_out.lua, something long makes a table of it.
        call('HSET', B .. ':w', '~', string.rep('~', 65), unpack(wants))
        call('HDEL', B .. ':w', '~')
    end
    return isAlone
end
