-- Finds the tasks that come back: those of holders whose leases have ended, and delayed ones that are due.
-- Defines: overdue, overdueTokens, overdueRecords, areSmall
-- Expects: call, B, DELAYED, TOKENS, RECORDS, LEASES, nowText, limit, expired, due
-- Invariant reads only; leases that have ended come before tasks that are due
-- `expired` is from now on how many of them are taken over from another holder; those come first.
local overdue, overdueTokens, overdueRecords = {}, nil, nil
if expired > 0 then
    overdue = call('ZRANGEBYSCORE', LEASES, '-inf', nowText, 'LIMIT', '0', limit)
    expired = #overdue
end
if due > 0 then
    local ids = call('ZRANGEBYSCORE', DELAYED, '-inf', nowText, 'LIMIT', '0', limit - expired)
    for i = 1, #ids do overdue[#overdue + 1] = ids[i] end
end
if #overdue > 0 then overdueTokens = call('HMGET', TOKENS, unpack(overdue)) end
-- Where no large record was ever stored, all of them together are small enough to be read at once.
local areSmall = not call('HGET', B .. ':meta', 'large')
if areSmall and #overdue > 0 then overdueRecords = call('HMGET', RECORDS, unpack(overdue)) end
