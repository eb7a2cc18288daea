-- A claim whose first reply was lost: its tasks are among the leases.
-- Defines: again, ends
-- Expects: call, TOKENS, RECORDS, LEASES, nonce, leaseEnd, fence
-- Invariant takes nothing that the first delivery did not take
-- Returns   the tasks, with new leases, if there are any
local again, ends = { 0, fence }, {}
for offset = 0, 9000, 1000 do
    local ids = call('ZREVRANGE', LEASES, offset, offset + 999)
    if #ids == 0 then break end
    local held = call('HMGET', TOKENS, unpack(ids))
    for i = 1, #ids do
        local attempt, holder = string.match(held[i] or '', '^(%d+):(.*)$')
        local record = holder == nonce and call('HGET', RECORDS, ids[i])
        if record then
            ends[#ends + 1] = leaseEnd
            ends[#ends + 1] = ids[i]
            again[#again + 1] = ids[i]
            again[#again + 1] = tonumber(attempt)
            again[#again + 1] = record
        end
    end
end
if #ends > 0 then
    call('ZREM', LEASES, '')
    call('ZADD', LEASES, unpack(ends))
    return again
end
