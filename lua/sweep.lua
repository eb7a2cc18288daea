-- Probes the signal channel, checks the layout marker and looks through definitions.
-- Parts     clock, wake, keepers
-- KEYS      the layout marker, then the base keys of at most 100 definitions
-- ARGV      layout version, inbox channel, nonce of the probe ('' for none), process ('' if it does not wait)
-- Returns   0 (marker as it should be), 1 (was missing and is set again: the store lost its data) or 2 (another
--           layout, nothing else was done); then for each definition the ms until something is due, or -1 if nothing
--           is or others look at the time
-- Invariant a process that waits waits for tasks of all of them again, whatever became of its entries; changes nothing else
--           but a missing marker and leases that a clock step has put too far away
local call, pcall = redis.call, redis.pcall
local marker, reply = call('GET', KEYS[1]), { 0 }
if marker and marker ~= ARGV[1] then return { 2 } end
if not marker then
    -- At maxmemory it stays missing, and the next sweep tries again.
    pcall('SET', KEYS[1], ARGV[1])
    reply[1] = 1
end
-- [clock]
local time = now()
-- One definition's answer; nil if something under its keys is not ours, which a claim will report.
local function look(B)
    -- [wake, keepers]
    local Q, P, L, D = pcall('LLEN', B .. ':q'), pcall('HLEN', B .. ':p'), B .. ':l', B .. ':d'
    local leased, delayed = pcall('ZCARD', L), pcall('ZCARD', D)
    local single = pcall('HMGET', B .. ':s', 'token', 'end', 'due')
    local longest = pcall('HGET', B .. ':m', 'lease')
    if type(Q) == 'table' or type(P) == 'table' or type(leased) == 'table' or type(delayed) == 'table' then return end
    if single.err or type(longest) == 'table' then return end
    longest = tonumber(longest) or 0
    local next
    if Q > 0 and P - leased - delayed > 0 then next = time end
    if leased > 0 then
        local far = longest > 0 and call('ZREVRANGEBYSCORE', L, '+inf', format('%d', time + longest + 1000), 'LIMIT', 0, 100) or {}
        if #far > 0 then call('ZREM', L, '') end
        for i = 1, #far do call('ZADD', L, 'XX', format('%d', time + longest), far[i]) end
        local ends = tonumber(call('ZRANGE', L, 0, 0, 'WITHSCORES')[2])
        next = math.min(next or ends, ends)
    end
    if delayed > 0 then
        local due = tonumber(call('ZRANGE', D, 0, 0, 'WITHSCORES')[2])
        next = math.min(next or due, due)
    end
    -- Neither fails what was looked up, should the store be full.
    if ARGV[4] ~= '' and pcall('ZADD', B .. ':z', format('%d', time), ARGV[4]) == 1 then pcall('PEXPIRE', B .. ':z', '90000') end
    -- What is due already concerns everybody who comes by.
    if ARGV[4] == '' then
        next = nil
    elseif next and next > time then
        local wait = keep(ARGV[4], next, time)
        next = wait >= 0 and time + wait or nil
    end
    if single[1] then
        local due = tonumber(single[single[1] == '' and 3 or 2]) or time
        if single[1] ~= '' and longest > 0 and due > time + longest + 1000 then
            due = time + longest
            call('HDEL', B .. ':s', '')
            call('HSET', B .. ':s', 'end', format('%d', due))
        end
        next = math.min(next or due, due)
    end
    return next and math.max(0, next - time) or -1
end
for i = 2, #KEYS do reply[i] = look(KEYS[i]) or 0 end
if ARGV[3] ~= '' then pcall('PUBLISH', ARGV[2], 'probe ' .. ARGV[3]) end
return reply
