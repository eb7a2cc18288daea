-- Tells all processes that handle the definition that something is due.
-- Defines: tellAll
-- Expects: B
-- Invariant a closed definition tells nobody
-- Nobody hears of it where the definition is closed: whoever opens it tells all.
-- `wait` is the ms until then, as text. Returns how many were told.
local function tellAll(wait)
    if redis.pcall('ZSCORE', B .. ':leases', '~') then return 0 end
    local receivers = redis.pcall('PUBLISH', B .. ':wake', wait)
    return type(receivers) == 'number' and receivers or 0
end
