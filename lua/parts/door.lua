-- Tells whether a definition hands out tasks. Doors are members of leases with the score -inf, so a claim sees them
-- among the leases that have ended, and definitions without a door pay nothing. `~` means that the definition is
-- closed, `~N` that a claimer has to know N; this version knows no such thing.
-- Defines: doorOpensIn
-- Expects: call, B, tellAll
-- Invariant a door whose time is up goes, and then all are told
-- Returns nil if there is no door, 0 if it has just opened by itself because its time was up, the ms until it does, -1
-- if somebody has to open it, and -2 if a claimer has to know what this version does not.
local function doorOpensIn()
    local doors = call('ZRANGEBYSCORE', B .. ':leases', '-inf', '-inf')
    if #doors == 0 then return nil end
    for i = 1, #doors do
        if doors[i] ~= '~' then return -2 end
    end
    local left = call('PTTL', B .. ':door')
    if left ~= -2 then return left == 0 and 1 or left end
    call('ZREM', B .. ':leases', '~')
    -- Nobody waits yet: whoever came while it was closed was sent away, and most were not told when it would open.
    tellAll('0')
    return 0
end
