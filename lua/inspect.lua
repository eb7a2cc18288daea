-- Tells where tasks stand.
-- @before prelude, clock
-- KEYS[1]   base key
-- ARGV      most bytes of each record that are returned ('' for all, and a digest), then ids ('' for the singleton), at
--           most 100
-- Returns   for each twelve values, '' where something does not apply: state (ready, delayed, leased, finished, dead,
--           cancelled, '' if unknown, or R: the answer got too large, ask again for this one), attempt, due ms, end of
--           lease ms, time of death ms, nonce of the holder, error, beginning of the record, its whole length, bytes of
--           the result that is kept, `=` and the reason if its holder was asked to stop, SHA-1 of the record if it is
--           returned whole
-- Invariant reads only
local isWhole, time, reply, size = ARGV[1] == '', now(), {}, 0
local most = isWhole and 1e15 or tonumber(ARGV[1])
-- Adds the values of one task. Names are by places of the reply.
local function tell(state, attempt, due, leaseEnd, died, holder, failure, record, resultSize, stop)
    local n, beginning = #reply, record and string.sub(record, 1, most) or ''
    size = size + #beginning + #(failure or '')
    reply[n + 1], reply[n + 2], reply[n + 3], reply[n + 4] = state, attempt or '0', due or '', leaseEnd or ''
    reply[n + 5], reply[n + 6], reply[n + 7], reply[n + 8] = died or '', holder or '', failure or '', beginning
    reply[n + 9], reply[n + 10], reply[n + 11] = record and #record or '', resultSize or '', stop or ''
    reply[n + 12] = isWhole and record and redis.sha1hex(record) or ''
end
local function tellSingleton()
    local single = call('HMGET', B .. ':singleton', 'token', 'attempt', 'end', 'due', 'error')
    if not single[1] then return tell('') end
    local holder = string.match(single[1], '^%d+:(.*)$')
    if holder then return tell('leased', single[2], nil, single[3], nil, holder, single[5]) end
    local due = tonumber(single[4]) or 0
    tell(due > time and 'delayed' or 'ready', single[2], single[4], nil, nil, nil, single[5])
end
local function tellTask(id)
    -- A result may be large, and only its size is told; reasons are short.
    local result = call('GETRANGE', B .. ':r ' .. id, '0', '255')
    local letter, rest = string.match(result, '^([DXC])[^:]*:()')
    local resultSize = letter == 'D' and call('STRLEN', B .. ':r ' .. id) - rest + 1 or nil
    if letter == 'X' or letter == 'C' then result = call('GET', B .. ':r ' .. id) end
    local record = call('HGET', B .. ':records', id)
    if record then
        local token = call('HGET', B .. ':tokens', id) or '0:'
        local attempt, holder = string.match(token, '^(%d+):(.*)$')
        local asked, why = string.match(call('HGET', B .. ':cancels', id) or '', '^(%S+) (.*)$')
        local stop = asked == token and '=' .. why or nil
        local ends, due = call('ZSCORE', B .. ':leases', id), call('ZSCORE', B .. ':delayed', id)
        local state = ends and 'leased' or due and tonumber(due) > time and 'delayed' or 'ready'
        return tell(state, attempt, due, ends, nil, holder, call('HGET', B .. ':errors', id), record, resultSize, stop)
    end
    local died = call('ZSCORE', B .. ':dead', id)
    if died then
        local attempt, reason = string.match(call('HGET', B .. ':dead-reasons', id) or '0:', '^(%d+):(.*)$')
        return tell('dead', attempt, nil, nil, died, nil, reason, call('HGET', B .. ':dead-records', id) or nil)
    end
    if letter == 'X' then return tell('dead', '0', nil, nil, nil, nil, string.sub(result, rest)) end
    local why = letter == 'C' and '=' .. string.sub(result, rest)
    if why then return tell('cancelled', '0', nil, nil, nil, nil, nil, nil, nil, why) end
    local isKnown = letter or call('EXISTS', B .. ':t ' .. id) == 1
    tell(isKnown and 'finished' or '', '0', nil, nil, nil, nil, nil, nil, resultSize)
end
for i = 2, #ARGV do
    if size > 1048576 then
        tell('R')
    elseif ARGV[i] == '' then
        tellSingleton()
    else
        tellTask(ARGV[i])
    end
end
return reply
