-- Tells where one task stands.
-- @before prelude, clock
-- KEYS[1]   base key
-- ARGV      id ('' for the singleton), most bytes of the record that are returned
-- Returns   state (ready, delayed, leased, finished, dead, or '' if unknown), attempt, due ms, end of lease ms, error,
--           beginning of the record, its whole length; '' where something does not apply
-- Invariant reads only
local id, most, time = ARGV[1], tonumber(ARGV[2]), now()
if id == '' then
    local single = call('HMGET', B .. ':singleton', 'token', 'attempt', 'end', 'due', 'error')
    if not single[1] then return { '' } end
    local due = tonumber(single[4]) or 0
    if single[1] ~= '' then return { 'leased', single[2] or '0', '', single[3] or '', single[5] or '', '', '' } end
    return { due > time and 'delayed' or 'ready', single[2] or '0', single[4] or '', '', single[5] or '', '', '' }
end
local record = call('HGET', B .. ':records', id)
if record then
    local attempt = string.match(call('HGET', B .. ':tokens', id) or '0:', '^%d+')
    local ends, due = call('ZSCORE', B .. ':leases', id) or '', call('ZSCORE', B .. ':delayed', id) or ''
    local state = 'ready'
    if ends ~= '' then
        state = 'leased'
    elseif due ~= '' and tonumber(due) > time then
        state = 'delayed'
    end
    local failure = call('HGET', B .. ':errors', id) or ''
    return { state, attempt, due, ends, failure, string.sub(record, 1, most), #record }
end
local died = call('ZSCORE', B .. ':dead', id)
if died then
    record = call('HGET', B .. ':dead-records', id) or ''
    local attempt, reason = string.match(call('HGET', B .. ':dead-reasons', id) or '0:', '^(%d+):(.*)$')
    return { 'dead', attempt, '', '', reason, string.sub(record, 1, most), record == '' and '' or #record }
end
local result = call('GET', B .. ':r ' .. id)
if result and string.sub(result, 1, 1) == 'X' then
    return { 'dead', '0', '', '', string.match(result, '^X[^:]*:(.*)$'), '', '' }
end
-- No version shows cancelled tasks yet.
if result and string.sub(result, 1, 1) == 'C' then return { '' } end
if result or call('EXISTS', B .. ':t ' .. id) == 1 then return { 'finished', '0', '', '', '', '', '' } end
return { '' }
