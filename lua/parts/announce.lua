-- Announces the results of what a claim has ended; other scripts leave it to epilogue.lua.
-- Defines: nothing
-- Expects: B, announcements
-- Invariant a result that was stored is announced, whatever becomes of the claim
for i = 1, announcements and #announcements or 0, 2 do
    local inbox = string.match(B, '^(.*):{') .. ':inbox:' .. announcements[i]
    redis.pcall('PUBLISH', inbox, 'result ' .. B .. ' ' .. announcements[i + 1])
end
