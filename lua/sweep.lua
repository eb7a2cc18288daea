-- Probes the signal channel, checks the layout marker and looks through definitions.
-- KEYS      the layout marker, then the base keys of at most 100 definitions
-- ARGV      layout version, inbox channel, nonce of the probe ('' for none), process ('' if it does not wait)
-- Returns   0 (marker as it should be), 1 (was missing and is set again: the store lost its data) or 2 (another
--           layout, nothing else was done); then for each definition the ms until something is due, or -1 if nothing
--           is or others look at the time
-- Invariant a process that waits waits for tasks of all of them again, whatever became of its entries; nothing else is
--           changed but a missing marker and leases that a clock step has put too far away
local call, pcall = redis.call, redis.pcall
local marker, reply = call('GET', KEYS[1]), { 0 }
if marker and marker ~= ARGV[1] then return { 2 } end
if not marker then
    -- At maxmemory it stays missing, and the next sweep tries again.
    pcall('SET', KEYS[1], ARGV[1])
    reply[1] = 1
end
-- [clock]
local time, process = now(), ARGV[4]
-- One definition's answer; nil if something under its keys is not ours, which a claim will report.
local function look(B)
    -- [leases, wake, broadcast, door, timekeepers]
    local SINGLETON = B .. ':singleton'
    local waiting, records = pcall('LLEN', B .. ':line'), pcall('HLEN', B .. ':records')
    local leased, delayed = pcall('ZCARD', B .. ':leases'), pcall('ZCARD', B .. ':delayed')
    local single, longest = pcall('HMGET', SINGLETON, 'token', 'end', 'due'), pcall('HGET', B .. ':meta', 'lease')
    for _, found in ipairs({ waiting, records, leased, delayed, longest }) do
        if type(found) == 'table' then return end
    end
    if single.err then return end
    longest = tonumber(longest) or 0
    local opensIn = leased > 0 and doorOpensIn()
    if opensIn and opensIn ~= 0 and call('EXISTS', B .. ':cancels') == 1 then
        -- No claim comes by that would end what was to stop.
        local announcements
        -- [settle, forget, stops, cancelled, end_stopped]
        endStopped(format('%d', time))
    end
    -- Whoever looks next claims, or is told what a claimer has to know.
    if opensIn == 0 or opensIn == -2 then return 0 end
    -- Relays have leases too, and are no tasks.
    local relays = leased > 0 and pcall('SCARD', B .. ':relays') or 0
    if type(relays) == 'table' then return end
    leased = leased - relays
    local next
    if opensIn then
        -- Nobody waits for tasks of a closed definition, but somebody knows when it opens.
        next = opensIn > 0 and time + opensIn or nil
    elseif waiting > 0 and records - leased - delayed > 0 then
        next = time
    end
    if leased > 0 and not opensIn then
        if longest > 0 then repairLeases(time, longest) end
        local ends = tonumber(call('ZRANGE', B .. ':leases', 0, 0, 'WITHSCORES')[2])
        next = math.min(next or ends, ends)
    end
    if delayed > 0 and not opensIn then
        local due = tonumber(call('ZRANGE', B .. ':delayed', 0, 0, 'WITHSCORES')[2])
        next = math.min(next or due, due)
    end
    -- Neither fails what was looked up, should the store be full.
    if process ~= '' and not opensIn and pcall('ZADD', B .. ':waiting', format('%d', time), process) == 1 then
        pcall('PEXPIRE', B .. ':waiting', '90000')
    end
    -- What is due already concerns everybody who comes by.
    if process == '' then
        next = nil
    elseif next and next > time then
        local wait = keep(process, next, time)
        next = wait >= 0 and time + wait or nil
    end
    if single[1] then
        local due = tonumber(single[single[1] == '' and 3 or 2]) or time
        if single[1] ~= '' and nearest(due - time, longest) < due - time then
            due = time + longest
            call('HDEL', SINGLETON, '')
            call('HSET', SINGLETON, 'end', format('%d', due))
        end
        next = math.min(next or due, due)
    end
    return next and math.max(0, next - time) or -1
end
for i = 2, #KEYS do reply[i] = look(KEYS[i]) or 0 end
if ARGV[3] ~= '' then pcall('PUBLISH', ARGV[2], 'probe ' .. ARGV[3]) end
return reply
