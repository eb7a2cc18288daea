-- Moves tasks that wait to another time.
-- @before prelude, clock, replay
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, ms until they are due (0: at once), then ids, at most 100
-- Returns   one character for each task: D done, L it is leased, U it neither waits nor runs
-- Invariant the new time is noted in one step, and a hint in the line turns stale by it; what runs is left alone
local DELAYED, scores, outcomes, wait = B .. ':delayed', {}, {}, tonumber(ARGV[4])
local due = format('%d', now() + wait)
for i = 5, #ARGV do
    local id, letter = ARGV[i], 'U'
    if call('ZSCORE', B .. ':leases', id) then
        letter = 'L'
    elseif call('HEXISTS', B .. ':records', id) == 1 then
        letter = 'D'
        scores[#scores + 1] = due
        scores[#scores + 1] = id
    end
    outcomes[#outcomes + 1] = letter
end
answer, changed = table.concat(outcomes), #scores > 0
if changed then
    call('ZADD', DELAYED, unpack(scores))
    if wait == 0 then ready = true else soonest = wait end
end
