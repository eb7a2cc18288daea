-- Describes tasks for lists.
-- Defines: describe, describeDead
-- Expects: call, B
-- Invariant reads only
-- Each adds seven values for a task to the reply: id; R ready, D delayed, L leased or X dead; attempt; nonce of the
-- holder; end of the lease, due time or time of death in ms; beginning of the error; bytes of the record. What does not
-- apply is ''.
local function describe(reply, ids, wanted)
    if #ids == 0 then return end
    local ends, dues = call('ZMSCORE', B .. ':leases', unpack(ids)), call('ZMSCORE', B .. ':delayed', unpack(ids))
    local tokens, errors = call('HMGET', B .. ':tokens', unpack(ids)), call('HMGET', B .. ':errors', unpack(ids))
    for i = 1, #ids do
        local state, size = ends[i] and 'L' or dues[i] and 'D' or 'R', call('HSTRLEN', B .. ':records', ids[i])
        -- What has no record is a stale hint, or no task.
        if size > 0 and (wanted == '' or wanted == state) then
            local attempt, holder = string.match(tokens[i] or '0:', '^(%d+):(.*)$')
            local n = #reply
            reply[n + 1], reply[n + 2], reply[n + 3], reply[n + 4] = ids[i], state, attempt or '0', holder or ''
            reply[n + 5], reply[n + 6] = ends[i] or dues[i] or '', string.sub(errors[i] or '', 1, 256)
            reply[n + 7] = size
        end
    end
end
-- Dead letters, with a token's place left empty.
local function describeDead(reply, ids)
    if #ids == 0 then return end
    local deaths = call('ZMSCORE', B .. ':dead', unpack(ids))
    local reasons = call('HMGET', B .. ':dead-reasons', unpack(ids))
    for i = 1, #ids do
        if deaths[i] then
            local attempt, reason = string.match(reasons[i] or '0:', '^(%d+):(.*)$')
            local n = #reply
            reply[n + 1], reply[n + 2], reply[n + 3], reply[n + 4] = ids[i], 'X', attempt or '0', ''
            reply[n + 5], reply[n + 6] = deaths[i], string.sub(reason or '', 1, 256)
            reply[n + 7] = call('HSTRLEN', B .. ':dead-records', ids[i])
        end
    end
end
