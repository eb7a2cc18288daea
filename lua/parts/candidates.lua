-- Chooses the tasks that a claim hands out: what comes back and what waits in line, by turns.
-- Defines: line, lineTokens, lineDelays, lineRecords, alternate, lastTurn, turn, tokens, ends, fromDelays, lost, taken,
--          size, popped, skipped, b, q
-- Expects: call, B, format, LINE, DELAYED, TOKENS, RECORDS, LEASES, leaseEnd, limit, nonce, expired, hasDelays,
--          count, reply, isMore, overdue, overdueTokens, overdueRecords, areSmall
-- Invariant writes nothing; a task is chosen once, however many hints of it there are
-- What waits in line, and whose turn it is.
local line, lineTokens, lineDelays, lineRecords = call('LRANGE', LINE, '0', limit - 1), nil, nil, nil
local alternate = #overdue > 0 and #line > 0
local lastTurn = alternate and call('HGET', B .. ':meta', 'turn')
local turn = lastTurn
local tokens, ends, fromDelays, lost, taken = {}, {}, {}, {}, {}
local size, popped, skipped, b, q = 0, 0, 0, 1, 1
while count < limit do
    local isBack = b <= #overdue
    if q > #line and not isBack then
        -- Only stale elements make it worth looking further into the list, and only so far.
        if skipped == 0 or #line == 0 then break end
        if skipped >= 100 then
            isMore = true
            break
        end
        line, q, lineTokens = call('LRANGE', LINE, popped, popped + limit - 1), 1, nil
        if #line == 0 then break end
    end
    if isBack and q <= #line then isBack = turn ~= 'q' end
    local id, token, isStale, record
    if isBack then
        id, token, record = overdue[b], overdueTokens[b], areSmall and overdueRecords[b]
        isStale = taken[id]
    else
        if not lineTokens then
            lineTokens = call('HMGET', TOKENS, unpack(line))
            lineDelays = hasDelays and call('ZMSCORE', DELAYED, unpack(line))
            lineRecords = areSmall and call('HMGET', RECORDS, unpack(line))
        end
        id, token, record = line[q], lineTokens[q], areSmall and lineRecords[q]
        isStale = taken[id] or (lineDelays and lineDelays[q]) or (token and call('ZSCORE', LEASES, id))
    end
    local isTaken = not isStale and (record or not areSmall)
    if isTaken and not areSmall then
        local bytes = call('HSTRLEN', RECORDS, id)
        size = size + bytes
        if count > 0 and size > 1048576 then
            isMore = true
            break
        end
        record = bytes > 0 and call('HGET', RECORDS, id)
        isTaken = record
    end
    if isTaken then
        local attempt = token and string.match(token, '^%d+') + 1 or 1
        taken[id] = true
        tokens[2 * count + 1], tokens[2 * count + 2] = id, token and format('%d:%s', attempt, nonce) or '1:' .. nonce
        ends[2 * count + 1], ends[2 * count + 2] = leaseEnd, id
        reply[3 * count + 3], reply[3 * count + 4], reply[3 * count + 5] = id, attempt, record
        count = count + 1
        if isBack and b > expired then fromDelays[#fromDelays + 1] = id end
    elseif isBack and not isStale then
        lost[#lost + 1] = id
        lost[#lost + 1] = string.match(token or '0:', '^%d+')
    end
    if isBack then
        b = b + 1
    else
        q, popped = q + 1, popped + 1
        if not isTaken then skipped = skipped + 1 end
    end
    if alternate and isTaken then turn = isBack and 'q' or 'b' end
end
