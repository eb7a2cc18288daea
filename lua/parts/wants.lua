-- Joins processes to those who wait for the result of a task.
-- Defines: join
-- Expects: format
-- Invariant touches no key; who is noted stays noted
-- What is noted for a task, with one more waiter.
-- `want` is what is noted now (false if nothing is, and then `run` is the run), `ttl` for how many ms the result is
-- kept at least, `inbox` the process to tell ('' for none). At most about 4 KiB of processes are told.
local function join(want, run, ttl, inbox)
    local kept, inboxes = '0', ''
    if want then kept, run, inboxes = string.match(want, '^(%d+):([^:]*):(.*)$') end
    if inbox ~= '' and #inboxes < 4096 and not string.find(inboxes, inbox, 1, true) then
        inboxes = (inboxes == '' or inboxes == '+,') and inboxes .. inbox or inboxes .. ',' .. inbox
    end
    return format('%d:%s:%s', math.max(tonumber(kept), ttl), run, inboxes)
end
