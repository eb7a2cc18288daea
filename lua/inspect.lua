-- Tells where one task stands.
-- @before prelude, clock
-- KEYS[1]   base key
-- ARGV      id ('' for the singleton), most bytes of the record that are returned
-- Returns   state (ready, delayed, leased, finished, dead, or '' if unknown), attempt, due ms, end of lease ms, error,
--           beginning of the record, its whole length; '' where something does not apply
-- Invariant reads only
local id, most, time = ARGV[1], tonumber(ARGV[2]), now()
if id == '' then
    local single = call('HMGET', B .. ':s', 'token', 'attempt', 'end', 'due', 'error')
    if not single[1] then return { '' } end
    local due = tonumber(single[4]) or 0
    if single[1] ~= '' then return { 'leased', single[2] or '0', '', single[3] or '', single[5] or '', '', '' } end
    return { due > time and 'delayed' or 'ready', single[2] or '0', single[4] or '', '', single[5] or '', '', '' }
end
local record = call('HGET', B .. ':p', id)
if record then
    local attempt = string.match(call('HGET', B .. ':a', id) or '0:', '^%d+')
    local ends, due, state = call('ZSCORE', B .. ':l', id) or '', call('ZSCORE', B .. ':d', id) or '', 'ready'
    if ends ~= '' then
        state = 'leased'
    elseif due ~= '' and tonumber(due) > time then
        state = 'delayed'
    end
    local failure = call('HGET', B .. ':e', id) or ''
    return { state, attempt, due, ends, failure, string.sub(record, 1, most), #record }
end
local died = call('ZSCORE', B .. ':x', id)
if died then
    record = call('HGET', B .. ':xp', id) or ''
    local attempt, reason = string.match(call('HGET', B .. ':xe', id) or '0:', '^(%d+):(.*)$')
    return { 'dead', attempt, '', '', reason, string.sub(record, 1, most), record == '' and '' or #record }
end
local result = call('GET', B .. ':r:' .. id)
if result and string.sub(result, 1, 1) == 'X' then
    return { 'dead', '0', '', '', string.match(result, '^X[^:]*:(.*)$'), '', '' }
end
if result or call('EXISTS', B .. ':t:' .. id) == 1 then return { 'finished', '0', '', '', '', '', '' } end
return { '' }
