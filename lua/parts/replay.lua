-- Stands in front of scripts whose calls may be repeated after a lost reply; epilogue.lua stands behind them. Claims
-- are repeated by claim_again.lua.
-- Defines: answers, slot, numbered, answer, changed, counter, count, announcements, ready, isNews, soonest, leaving
-- Expects: call, B
-- ARGV[1]   process
-- ARGV[2]   call number
-- ARGV[3]   flags: R look for an earlier answer first (publish always; what has a token only when it is repeated,
--           because a token works once), A start the ten minutes of the answers anew (once a minute and process)
-- Returns   the earlier answer, if there is one
-- Invariant one call, one effect: a repetition changes nothing but the time for which answers are kept
local answers, slot, numbered = B .. ':replay ' .. ARGV[1], string.sub(ARGV[2], -2), ARGV[2] .. ':'
if ARGV[3] == 'R' or ARGV[3] == 'RA' then
    local known = call('HGET', answers, slot)
    if known and string.sub(known, 1, #numbered) == numbered then
        -- Something has to go to the replicas: since Redis 7.2 a WAIT behind the repeated call covers the writes of the
        -- first one only if the repetition is one itself.
        redis.pcall('PEXPIRE', answers, '600000')
        return string.sub(known, #numbered + 1)
    end
end
-- What the script tells the epilogue: its answer; whether anything was changed; a counter, and by how much it grows;
-- pairs of a process and the news of a result for it.
local answer, changed, counter, count, announcements = '', false, nil, 1, nil
-- Whether something is due now, and whether all processes have to hear of it if none waits; ms until something else is
-- due.
local ready, isNews, soonest = false, true, nil
-- The process that must not be woken itself.
local leaving
