-- Forgets tasks that are over. Whatever else is noted of tasks is forgotten here too.
-- Defines: forget, forgetDead
-- Expects: call, B
-- Invariant the token goes last, so a call that was stopped can be repeated
-- Removes what belongs to tasks that wait or run, but for their places in delayed and leases; `wanted` are those of
-- them of which wants knows, nil if there are none.
local function forget(ids, wanted)
    call('HDEL', B .. ':records', unpack(ids))
    if wanted then call('HDEL', B .. ':wants', unpack(wanted)) end
    call('HDEL', B .. ':tokens', unpack(ids))
end
-- Removes what belongs to dead letters. Returns how many there were.
local function forgetDead(ids)
    call('HDEL', B .. ':dead-records', unpack(ids))
    call('HDEL', B .. ':dead-reasons', unpack(ids))
    return call('ZREM', B .. ':dead', unpack(ids))
end
