-- Ends attempts badly: sets the next try, or moves the task to the dead letters and tells its waiters.
-- @before prelude, clock, replay, settle, forget, next_record, bury, stops, cancelled
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, then for each task: id, token, next, error. next is the ms until the next try,
--           -1 (dead) or -3 (dead, and this attempt was never begun)
-- Returns   one character for each task: D done, L lease lost; then T if dead letters were removed for their bounds.
--           A task that was to stop is cancelled, whatever the report asks for
-- Invariant nothing changes without the whole token; the first write works at maxmemory; the next try is noted
--           before the lease goes, so whatever stops the script loses no task
local LEASES, DELAYED, TOKENS = B .. ':leases', B .. ':delayed', B .. ':tokens'
local ids = {}
for i = 4, #ARGV, 4 do ids[#ids + 1] = ARGV[i] end
local held = call('HMGET', TOKENS, unpack(ids))
local stops = stopsAmong(ids, held)
local time, outcomes, dead, stopped = now(), {}, {}, {}
count = 0
local errors, scores, tokens, ended = {}, {}, {}, {}
for i = 1, #ids do
    local id, token, wait = ids[i], ARGV[4 * i + 1], tonumber(ARGV[4 * i + 2])
    local isHeld = held[i] == token
    outcomes[i] = isHeld and 'D' or 'L'
    if isHeld and stops and stops[id] then
        stopped[#stopped + 1] = id
    elseif isHeld then
        count = count + 1
        if wait < 0 then
            dead[#dead + 1] = i
        else
            local n = #ended
            ended[n + 1] = id
            errors[2 * n + 1], errors[2 * n + 2] = id, ARGV[4 * i + 3]
            scores[2 * n + 1], scores[2 * n + 2] = format('%d', time + wait), id
            tokens[2 * n + 1], tokens[2 * n + 2] = id, string.match(token, '^%d+:')
            if wait == 0 then
                ready = true
            elseif not soonest or wait < soonest then
                soonest = wait
            end
        end
    end
end
answer, changed, counter = table.concat(outcomes), count + #stopped > 0, count > 0 and 'failed' or nil
if changed then call('ZREM', LEASES, '') end
for i = 1, #stopped do endCancelled(stopped[i], stops[stopped[i]]) end
if #ended > 0 then
    call('HSET', B .. ':errors', unpack(errors))
    call('ZADD', DELAYED, unpack(scores))
    call('HSET', TOKENS, unpack(tokens))
    call('ZREM', LEASES, unpack(ended))
end
for i = 1, #dead do
    local id, attempt = ids[dead[i]], string.match(ARGV[4 * dead[i] + 1], '^%d+')
    if ARGV[4 * dead[i] + 2] == '-3' then attempt = format('%d', attempt - 1) end
    local record, want = call('HGET', B .. ':records', id), call('HGET', B .. ':wants', id)
    ready = bury(id, attempt, ARGV[4 * dead[i] + 3], record, want, time) or ready
end
if #dead > 0 and trim(time) > 0 then answer = answer .. 'T' end
