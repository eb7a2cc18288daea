-- For scripts that end tasks. They have a local `announcements`.
-- Stores `letter` (D done, X dead) and the bytes, if somebody wants them or they are kept for `retention` ms anyway.
-- KEYS[1] as in prelude.lua; ARGV is not used. Returns nothing by itself. Invariant: a result is stored before it is announced.
local function settle(id, want, letter, bytes, retention)
    local run, inboxes = '-', ''
    if want then
        local ttl
        ttl, run, inboxes = string.match(want, '^(%d+):([^:]*):(.*)$')
        retention = math.max(retention, tonumber(ttl))
    end
    if retention == 0 then return end
    call('SET', B .. ':r:' .. id, letter .. run .. ':' .. bytes, 'PX', format('%d', retention))
    for inbox in string.gmatch(inboxes, '[^,]+') do
        announcements = announcements or {}
        announcements[#announcements + 1] = inbox
        announcements[#announcements + 1] = id
    end
end
