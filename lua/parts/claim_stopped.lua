-- Ends what is to stop and has lost its holder, before a claim hands it out. It stands before the door: a closed
-- definition ends such tasks too.
-- Defines: nothing
-- Expects: call, B, LEASES, nowText, expired, reply, announcements, settle, forget
-- Invariant as end_stopped.lua
-- Returns   the reply, if there may be more of them: the claimer asks again at once
if call('EXISTS', B .. ':cancels') == 1 then
    -- [stops, cancelled, end_stopped]
    if endStopped(nowText) then
        expired = call('ZCOUNT', LEASES, '(-inf', nowText)
        if expired > 0 then return reply end
        expired = call('ZCOUNT', LEASES, '-inf', nowText)
    end
end
