-- Cancels tasks: what waits ends at once, and the holder of what runs is asked to stop.
-- @before prelude, clock, replay, leases, settle, forget, wants, wake, cancelled
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, reason, then ids, at most 100
-- Returns   one character for each task: C cancelled; A its holder was asked to stop, and heard of it; S it was asked,
--           and hears of it with its next renewal; X is dead; F has finished; U unknown
-- Invariant the first write works at maxmemory; what is asked of an attempt counts for its token only, so it never
--           reaches another attempt, nor another task that gets the id later
local CANCELS, reason, outcomes, time = B .. ':cancels', ARGV[4], {}, now()
-- A task that has no place is ready, and its hint stays behind.
local function cancelOne(id)
    local ends, token = tonumber(call('ZSCORE', B .. ':leases', id)), call('HGET', B .. ':tokens', id) or ''
    -- What was asked of this attempt before stands.
    local asked, before = string.match(call('HGET', CANCELS, id) or '', '^(%S+) (.*)$')
    local why = asked == token and before or reason
    if not ends or ends <= time then
        endCancelled(id, why)
        return 'C'
    end
    local want = call('HGET', B .. ':wants', id)
    -- Who waits for the end of it finds it for a minute.
    call('HSET', B .. ':wants', id, join(want, '-', 60000, ''))
    call('HSET', CANCELS, id, token .. ' ' .. why)
    call('PEXPIRE', CANCELS, format('%d', 3600000 + longestLease()))
    local holder = string.match(token, '^%d+:([^-]+)')
    return holder and tell(holder, 'cancel ' .. B .. ' ' .. id .. ' ' .. token .. ' ' .. why) and 'A' or 'S'
end
-- What has become of a task that neither waits nor runs.
local function whatBecameOf(id)
    if call('ZSCORE', B .. ':dead', id) then return 'X' end
    local letter = string.sub(call('GETRANGE', B .. ':r ' .. id, '0', '0'), 1, 1)
    if letter == 'C' or letter == 'X' then return letter end
    return (letter == 'D' or call('EXISTS', B .. ':t ' .. id) == 1) and 'F' or 'U'
end
call('ZREM', B .. ':leases', '')
for i = 5, #ARGV do
    local id = ARGV[i]
    outcomes[#outcomes + 1] = call('HEXISTS', B .. ':records', id) == 1 and cancelOne(id) or whatBecameOf(id)
end
-- Hints at the head of the line whose tasks are gone would only be passed over by a claim.
local head, stale = call('LRANGE', B .. ':line', '0', '199'), 0
while head[stale + 1] and call('HEXISTS', B .. ':records', head[stale + 1]) == 0 do stale = stale + 1 end
if stale > 0 then call('LTRIM', B .. ':line', stale, '-1') end
answer, changed = table.concat(outcomes), true
