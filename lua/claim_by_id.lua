-- Hands out one task by its id, if it is due.
-- @before prelude, instant, clock, leases, broadcast, door
-- KEYS[1]   base key
-- ARGV      id, lease in ms, nonce, R if the call is repeated after a lost reply (else absent)
-- Returns   C, attempt, record, fence (claimed) | L, ms (leased for that long) | U, ms (not due until then) | N (not
--           found) | P, ms (the definition is closed for so long; -1 until somebody opens it, -2 a claimer has to know
--           what this version does not)
-- Invariant as claim.lua. Taking a task out of its turn leaves a stale hint in the line
local id, lease, nonce = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local RECORDS, LINE, DELAYED = B .. ':records', B .. ':line', B .. ':delayed'
local LEASES, TOKENS = B .. ':leases', B .. ':tokens'
local record = call('HGET', RECORDS, id)
if not record then return { 'N' } end
local longest = longestLease()
local ends, due, token = call('ZSCORE', LEASES, id), call('ZSCORE', DELAYED, id), call('HGET', TOKENS, id) or '0:'
local attempt, holder = string.match(token, '^(%d+):(.*)$')
attempt = tonumber(attempt)
if ends and tonumber(ends) > time then
    local left = tonumber(ends) - time
    if ARGV[4] == 'R' and holder == nonce then
        call('ZREM', LEASES, '')
        call('ZADD', LEASES, format('%d', time + lease), id)
        return { 'C', attempt, record, fence }
    end
    if nearest(left, longest) < left then
        left = longest
        call('ZREM', LEASES, '')
        call('ZADD', LEASES, 'XX', format('%d', time + left), id)
    end
    return { 'L', left }
end
if ends and call('EXISTS', B .. ':cancels') == 1 then
    local announcements
    -- [settle, forget, stops, cancelled]
    local stops = stopsAmong({ id }, { token })
    if stops then
        call('ZREM', LEASES, '')
        endCancelled(id, stops[id])
        -- [announce]
        return { 'N' }
    end
end
if not ends and due and tonumber(due) > time then return { 'U', tonumber(due) - time } end
local opensIn, waiting = doorOpensIn(), call('LLEN', LINE)
if opensIn and opensIn ~= 0 then return { 'P', opensIn } end
attempt = attempt + 1
call('ZREM', LEASES, '')
noteLease(lease, longest)
call('HSET', TOKENS, id, format('%d:%s', attempt, nonce))
call('ZADD', LEASES, format('%d', time + lease), id)
if due then call('ZREM', DELAYED, id) end
-- A host that takes tasks by id only would grow the list for ever: when stale hints outnumber the others by far,
-- look at some from the head, drop the stale ones and put the others at the tail.
if waiting > 100 then
    -- [running]
    local ready = call('HLEN', RECORDS) - running() - call('ZCARD', DELAYED)
    if waiting <= 2 * math.max(0, ready) + 100 then return { 'C', attempt, record, fence } end
    local some = call('LRANGE', LINE, 0, 99)
    local kept = {}
    for i = 1, #some do
        local other = some[i]
        local isReady = call('HEXISTS', RECORDS, other) == 1
        if isReady and not call('ZSCORE', LEASES, other) and not call('ZSCORE', DELAYED, other) then
            kept[#kept + 1] = other
        end
    end
    if #kept > 0 then call('RPUSH', LINE, unpack(kept)) end
    call('LTRIM', LINE, #some, -1)
end
return { 'C', attempt, record, fence }
