-- Tells where tasks are noted: all places of a task at the same instant.
-- @before prelude, clock
-- KEYS[1]   base key
-- ARGV      place (the name of a key with tasks), cursor, count: about so many tasks of that place, as SCAN hands them
--           out. Or '', '', '' and ids: these tasks, and whether the list has them
-- Returns   next cursor, time ms, longest lease ms ('' if none is noted), then for each task twelve values, '' where
--           there is nothing: id; P (a record); due ms; end of lease ms; token; E (an error); what is wanted of the
--           result; time of death ms; R (a dead letter's record); attempt and beginning of the reason of the dead
--           letter; F (the id counts as finished); Q or N (the list has it, or not; '' if nobody looked)
-- Invariant reads only
local place, cursor, ids = ARGV[1], '0', {}
if place == '' then
    for i = 4, #ARGV do ids[i - 3] = ARGV[i] end
else
    local isSet = place == 'delayed' or place == 'leases' or place == 'dead'
    -- HSCAN hands over the records too, and some may be large.
    local isLarge = (place == 'records' or place == 'dead-records') and call('HGET', B .. ':meta', 'large')
    local page = call(isSet and 'ZSCAN' or 'HSCAN', B .. ':' .. place, ARGV[2], 'COUNT', isLarge and '5' or ARGV[3])
    cursor = page[1]
    for i = 1, #page[2], 2 do
        -- Doors stand among the leases, and are no tasks.
        if place ~= 'leases' or page[2][i + 1] ~= '-inf' then ids[#ids + 1] = page[2][i] end
    end
end
local reply = { cursor, format('%d', now()), call('HGET', B .. ':meta', 'lease') or '' }
local function add(value) reply[#reply + 1] = value or '' end
local function score(key, id)
    local value = call('ZSCORE', B .. key, id)
    return value and format('%d', value)
end
for i = 1, #ids do
    local id = ids[i]
    add(id)
    add(call('HEXISTS', B .. ':records', id) == 1 and 'P')
    add(score(':delayed', id))
    add(score(':leases', id))
    add(call('HGET', B .. ':tokens', id))
    add(call('HEXISTS', B .. ':errors', id) == 1 and 'E')
    add(call('HGET', B .. ':wants', id))
    add(score(':dead', id))
    add(call('HEXISTS', B .. ':dead-records', id) == 1 and 'R')
    local cause = call('HGET', B .. ':dead-reasons', id)
    add(cause and string.sub(cause, 1, 40))
    add(call('EXISTS', B .. ':t ' .. id) == 1 and 'F')
    add(place == '' and (call('LPOS', B .. ':line', id, 'RANK', '-1') and 'Q' or 'N'))
end
return reply
