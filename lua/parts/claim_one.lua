-- The usual case of a claim, without the tables of the general one: one task, which is ready and was never claimed
-- before. Should anything go wrong, its hint is put back.
-- Defines: pcall, id
-- Expects: call, B, LINE, DELAYED, TOKENS, RECORDS, LEASES, hasDelays, limit, nonce, leaseEnd, fence, count,
--          reply
-- Invariant a hint is put back if its task does not get a lease
-- Returns   the reply if no other task is asked for, or an error
local pcall = redis.pcall
local id = call('LPOP', LINE)
if id and not (hasDelays and call('ZSCORE', DELAYED, id)) then
    local isFirst = pcall('HSETNX', TOKENS, id, '1:' .. nonce)
    local record = isFirst == 1 and pcall('HGET', RECORDS, id)
    local isAdded = type(record) == 'string' and pcall('ZADD', LEASES, leaseEnd, id)
    if isAdded == 1 then
        count, reply = 1, { 0, fence, id, 1, record }
        if limit == 1 then
            if call('EXISTS', B .. ':waiting') == 1 and call('EXISTS', LINE) == 1 then
                -- [clock, wake]
                wake()
            end
            return reply
        end
    end
    if count == 0 and isFirst == 1 then call('HDEL', TOKENS, id) end
    -- A hint without a record is stale. All others are put back, for the general case or after an error.
    if count == 0 and (isFirst ~= 1 or record) then call('LPUSH', LINE, id) end
    if type(isFirst) == 'table' then return isFirst end
    if type(record) == 'table' then return record end
    if type(isAdded) == 'table' then return isAdded end
end
