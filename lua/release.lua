-- Gives tasks back unworked: due at once, other workers woken, or after a delay; the attempt is not counted.
-- @before prelude, clock, replay, settle, forget, stops, cancelled
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, ms until they are due (0: at once), then for each task: id, token
-- Returns   one character for each task: D done, L lease lost. A task that was to stop is cancelled instead
-- Invariant as fail.lua. Our own tasks (their ids begin with ~) are never ready and never delayed: they stay leased, to
--           nobody, and the end of the lease brings them back
local LEASES, DELAYED, TOKENS = B .. ':leases', B .. ':delayed', B .. ':tokens'
local ids, wait = {}, tonumber(ARGV[4])
for i = 5, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local held = call('HMGET', TOKENS, unpack(ids))
local stops, stopped = stopsAmong(ids, held), {}
local due = format('%d', now() + wait)
local outcomes, scores, tokens, ended, ours = {}, {}, {}, {}, {}
for i = 1, #ids do
    local id, token = ids[i], ARGV[2 * i + 4]
    local isHeld = held[i] == token
    outcomes[i] = isHeld and 'D' or 'L'
    if isHeld and stops and stops[id] then
        stopped[#stopped + 1] = id
    elseif isHeld then
        tokens[#tokens + 1] = id
        tokens[#tokens + 1] = format('%d:', string.match(token, '^%d+') - 1)
        local isInternal = string.byte(id) == 126
        local list = isInternal and ours or scores
        list[#list + 1] = due
        list[#list + 1] = id
        if not isInternal then ended[#ended + 1] = id end
    end
end
answer, changed = table.concat(outcomes), #tokens + #stopped > 0
if changed then call('ZREM', LEASES, '') end
for i = 1, #stopped do endCancelled(stopped[i], stops[stopped[i]]) end
if #tokens > 0 then
    ready, leaving = wait == 0, ARGV[1]
    if wait > 0 then soonest = wait end
    if #ended > 0 then call('ZADD', DELAYED, unpack(scores)) end
    if #ours > 0 then call('ZADD', LEASES, 'XX', unpack(ours)) end
    call('HSET', TOKENS, unpack(tokens))
    if #ended > 0 then call('ZREM', LEASES, unpack(ended)) end
end
