-- Counts the tasks that are leased.
-- Defines: running
-- Expects: call, B
-- Invariant reads only
-- Doors and relays stand among the leases, and are no tasks.
local function running()
    local LEASES = B .. ':leases'
    return call('ZCARD', LEASES) - call('ZCOUNT', LEASES, '-inf', '-inf') - call('SCARD', B .. ':relays')
end
