-- Lists the tasks of one state, a page at a time: in the order in which they will be handed out, dead letters the
-- latest first.
-- @before prelude, clock, describe
-- KEYS[1]   base key
-- ARGV      state (ready, delayed, leased or dead), most tasks (at most 200), where the page begins: the two values
--           that the page before has returned ('' and '' for the first page)
-- Returns   time ms; where the next page begins: offset in the line or score, and an id ('' if this is the last page);
--           1 if tasks that were there may have been passed over (else 0); then seven values for each task, as
--           parts/describe.lua has them
-- Invariant reads only; a task that stays where it is is listed, and not twice, whatever comes and goes meanwhile
local state, limit, mark, lastID = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local reply, isApproximate = { format('%d', now()), '', '', 0 }, false
if state == 'ready' then
    -- [page_line]
    local offset
    offset, lastID, isApproximate = walkLine(reply, limit, tonumber(mark) or 0, lastID)
    mark = format('%d', offset)
else
    -- [page_set]
    local ids
    local places = { delayed = ':delayed', leased = ':leases', dead = ':dead' }
    ids, mark, lastID = walkSet(B .. places[state], state == 'dead', limit, mark, lastID)
    if state == 'dead' then
        describeDead(reply, ids)
    else
        describe(reply, ids, state == 'leased' and 'L' or 'D')
    end
end
reply[2], reply[3], reply[4] = mark, lastID, isApproximate and 1 or 0
return reply
