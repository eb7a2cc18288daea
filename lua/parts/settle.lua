-- Stores the results of tasks that end, if somebody wants them.
-- Defines: settle
-- Expects: call, B, format, announcements
-- Invariant a result is stored before it is announced
-- Stores `letter` (D done, X dead, C cancelled) and the bytes, if somebody wants them or they are kept for `retention`
-- ms anyway.
local function settle(id, want, letter, bytes, retention)
    local run, inboxes = '-', ''
    if want then
        local ttl
        ttl, run, inboxes = string.match(want, '^(%d+):([^:]*):(.*)$')
        retention = math.max(retention, tonumber(ttl))
    end
    if retention == 0 then return end
    call('SET', B .. ':r ' .. id, letter .. run .. ':' .. bytes, 'PX', format('%d', retention))
    -- A first process `+` says that a newer record waits.
    if inboxes == '' or inboxes == '+,' then return end
    -- A small result travels with its announcement, and spares its reader a call. ?0 means: look for it.
    local news = id .. ' ' .. run .. (#bytes <= 512 and ' ' .. letter .. #bytes .. ' ' .. bytes or ' ?0 ')
    announcements = announcements or {}
    for inbox in string.gmatch(inboxes, '[^,+]+') do
        announcements[#announcements + 1] = inbox
        announcements[#announcements + 1] = news
    end
end
