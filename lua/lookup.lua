-- Looks for results; a process that asks for one that is not there yet is noted, and gets it when it comes.
-- @before prelude, clock, wants
-- KEYS[1]   base key
-- ARGV      process to tell ('' for none), ms to keep a result that comes later, then for each task: id, run ('' any)
-- Returns   for each task a letter and bytes: D result | X reason (dead) | C reason (cancelled) | P (waits or runs) |
--           E (result expired or not kept) | U (unknown, or another run) | R (the answer got too large: ask again for
--           this one)
-- Invariant writes nothing but wants, behind a no-op that works at maxmemory
local process, keeping, WANTS = ARGV[1], tonumber(ARGV[2]), B .. ':wants'
local reply, wants, size = {}, {}, 0
for i = 3, #ARGV, 2 do
    local id, asked, letter, bytes = ARGV[i], ARGV[i + 1], 'U', ''
    local result = size < 1048576 and call('GET', B .. ':r ' .. id)
    local kind, ended, rest = string.match(result or '', '^([DXC])([^:]*):()')
    if size >= 1048576 then
        letter = 'R'
    elseif kind and (asked == '' or ended == '-' or ended == asked) then
        letter, bytes = kind, string.sub(result, rest)
    elseif call('HEXISTS', B .. ':records', id) == 1 then
        local want = call('HGET', WANTS, id)
        local run = want and string.match(want, '^%d+:([^:]*):') or asked == '' and '-' or asked
        if asked == '' or run == '-' or run == asked then
            letter = 'P'
            local joined = join(want, run, keeping, process)
            if joined ~= want then
                wants[#wants + 1] = id
                wants[#wants + 1] = joined
            end
        end
    elseif result then
        -- It is of another run, and no newer one is under way.
        letter = 'U'
    elseif call('ZSCORE', B .. ':dead', id) then
        letter, bytes = 'X', string.match(call('HGET', B .. ':dead-reasons', id) or '', '^%d+:(.*)$') or ''
    elseif call('EXISTS', B .. ':t ' .. id) == 1 then
        letter = 'E'
    end
    size = size + #bytes
    reply[#reply + 1] = letter
    reply[#reply + 1] = bytes
end
if #wants > 0 then
    call('HDEL', WANTS, '')
    call('HSET', WANTS, unpack(wants))
end
return reply
