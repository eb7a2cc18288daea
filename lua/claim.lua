-- Hands out the earliest tasks that are due, each under a lease of its own.
-- Leases that have ended are found by parts/overdue.lua, and parts/hand_out.lua gives their tasks to the new holder.
-- @before prelude, instant
-- KEYS[1]   base key
-- ARGV      most tasks, lease in ms, nonce, flags (absent if there are none):
--           R the call is repeated after a lost reply
--           L note the lease, so that the longest lease in use is known; a process asks for it with its first claim,
--             with a longer lease, and once a minute
--           W the process waits for what it does not get now, and is woken
-- Returns   next, fence, then for each task: id, attempt, record. next is
--           0   ask again now
--           -1  nothing waits or runs; with W: others look at the time
--           -2  a claimer has to know what this version does not
--           or the ms until something is due: a delayed task, a lease that ends, a definition that opens again
-- Invariant 1. one winner for each task; the attempt is counted here
--           2. a lease is written before the hint goes, or the hint is put back: whatever stops the script leaves a
--              stale hint only
--           3. who leaves tasks behind wakes the next waiting process; who gets less than it asked for is one
local limit, lease, nonce, flags = ARGV[at + 1] + 0, ARGV[at + 2] + 0, ARGV[at + 3], ARGV[at + 4] or ''
local RECORDS, TOKENS = B .. ':records', B .. ':tokens'
local LINE, DELAYED, LEASES = B .. ':line', B .. ':delayed', B .. ':leases'
local leaseEnd = string.format('%d', time + lease)
local expired, hasDelays = call('ZCOUNT', LEASES, '-inf', nowText), call('ZCARD', DELAYED) > 0
local due = hasDelays and expired < limit and call('ZCOUNT', DELAYED, '-inf', nowText) or 0
-- isMore: more may be waiting than was looked at; isNew: nobody has noted a lease yet.
local count, reply, isMore, isNew = 0, { 0, fence }, false, false

if expired + due == 0 and (flags == '' or flags == 'W') and (limit == 1 or call('LLEN', LINE) == 1) then
    -- [claim_one]
end

if count == 0 then
    local announcements
    -- [clock, leases, settle, forget, next_record, bury]
    -- Every process notes its lease with its first claim, so a registry without one is new, or has lost everything.
    if string.find(flags, 'L', 1, true) then
        call('ZREM', LEASES, '')
        local longest = longestLease()
        isNew = longest == 0
        noteLease(lease, longest)
    end
    if string.find(flags, 'R', 1, true) then
        -- [claim_again]
    end
    if expired > 0 then
        -- [claim_stopped, claim_door]
    end
    -- [overdue, candidates, hand_out]
end

if count < limit and not isMore then
    -- [await]
end
if call('EXISTS', B .. ':waiting') == 1 then
    local isLeft = isMore or call('EXISTS', LINE) == 1 or call('ZCOUNT', LEASES, '-inf', nowText) > 0
    if isLeft or (hasDelays and call('ZCOUNT', DELAYED, '-inf', nowText) > 0) then
        -- [clock, wake]
        wake()
    end
end
return reply
