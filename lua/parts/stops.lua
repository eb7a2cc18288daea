-- Finds the attempts that are to stop, because somebody has cancelled their tasks (lua/cancel.lua).
-- Defines: stopsAmong
-- Expects: call, B
-- Invariant reads only; what was asked for counts for the token that it names, and for no other attempt
-- Of tasks and what is noted of them in tokens: id → reason for those whose attempt is to stop; nil if there is
-- none.
local function stopsAmong(ids, held)
    if call('EXISTS', B .. ':cancels') == 0 then return nil end
    local asked, found = redis.pcall('HMGET', B .. ':cancels', unpack(ids)), nil
    for i = 1, #ids do
        local token, reason = string.match(asked[i] or '', '^(%S+) (.*)$')
        if token and token == held[i] then
            found = found or {}
            found[ids[i]] = reason
        end
    end
    return found
end
