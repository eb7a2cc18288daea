-- Ends attempts well: removes the tasks or sets their next runs, stores results where wanted and announces them.
-- @before prelude, replay
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, then for each task: id, token, options, result
--           options: '' or RETENTION,DEDUPE,NEXT in ms: how long the result is kept even if nobody asked (0 not),
--           how long the id stays taken (0 not), when the task runs again (-1 not)
-- Returns   one character for each task: D done, L lease lost
-- Invariant nothing changes without the whole token; the first write works at maxmemory; a result is stored before
--           its task goes, and the token goes last, so a stopped call can be repeated
local LEASES, WANTS, TOKENS = B .. ':leases', B .. ':wants', B .. ':tokens'
local isPlain = last == 7 and ARGV[6] == ''
local only = isPlain and call('HGET', TOKENS, ARGV[4])
if isPlain and only ~= ARGV[5] then
    answer = 'L'
elseif isPlain and string.sub(only, 1, 2) == '1:' and not call('HGET', WANTS, ARGV[4]) then
    -- The usual case, without the tables of the general one below: the first attempt, and nobody wants a result.
    call('HDEL', B .. ':records', ARGV[4])
    call('ZREM', LEASES, ARGV[4])
    call('HDEL', TOKENS, ARGV[4])
    answer, changed, counter, count = 'D', true, 'finished', '1'
else
    -- [clock, settle, forget, next_record, stops]
    local ids, outcomes, gone = {}, {}, {}
    for i = 4, last, 4 do ids[#ids + 1] = ARGV[i] end
    local held, wants = call('HMGET', TOKENS, unpack(ids)), call('HMGET', WANTS, unpack(ids))
    local failed, settled, wanted, again, kept, scores, time, following, stops, stopped
    for i = 1, #ids do
        local id, token, options, want = ids[i], ARGV[4 * i + 1], ARGV[4 * i + 2], wants[i]
        if held[i] == token then
            outcomes[i] = 'D'
            local next = options == '' and -1 or tonumber(string.match(options, '-?%d+$'))
            local behind = want and nextRecord(id, want)
            -- Whoever has asked an attempt to stop waits for its result.
            if want and stops == nil then stops = stopsAmong(ids, held) or false end
            if want and stops and stops[id] then
                -- It has ended well all the same, but nothing of it runs again.
                next, behind, stopped = -1, nil, stopped or {}
                stopped[id] = true
            elseif behind then
                -- It runs at once, whatever the run that ends has set.
                next, following = 0, following or {}
                following[id] = behind
            end
            if string.sub(token, 1, 2) ~= '1:' then
                failed = failed or {}
                failed[#failed + 1] = id
            end
            if want or options ~= '' then
                settled = settled or {}
                settled[#settled + 1] = i
            end
            if next < 0 then
                gone[#gone + 1] = id
                if want then
                    wanted = wanted or {}
                    wanted[#wanted + 1] = id
                end
            else
                time, again, kept, scores = time or now(), again or {}, kept or {}, scores or {}
                again[#again + 1] = id
                scores[#scores + 1] = format('%d', time + next)
                scores[#scores + 1] = id
                -- The waiters of this run are answered; the run itself stays noted.
                if want and not behind then
                    kept[#kept + 1] = id
                    kept[#kept + 1] = '0:' .. string.match(want, '^%d+:([^:]*):') .. ':'
                end
                if next == 0 then
                    ready = true
                elseif not soonest or next < soonest then
                    soonest = next
                end
            end
        else
            outcomes[i] = 'L'
        end
    end
    answer, counter, count = table.concat(outcomes), 'finished', #gone + (again and #again or 0)
    changed = count > 0
    -- Before any lease goes: what is stopped by a foreign key here leaves tasks that are still leased.
    if failed then call('HDEL', B .. ':errors', unpack(failed)) end
    if again then
        call('ZREM', LEASES, '')
        call('ZADD', B .. ':delayed', unpack(scores))
        call('ZREM', LEASES, unpack(again))
    end
    if #gone > 0 then call('ZREM', LEASES, unpack(gone)) end
    if settled then
        for n = 1, #settled do
            local i = settled[n]
            local retention, dedupe, next = string.match(ARGV[4 * i + 2], '^(%d+),(%d+),(-?%d+)$')
            settle(ids[i], wants[i], 'D', ARGV[4 * i + 3], tonumber(retention or '0'))
            local isOver = next == '-1' and not (following and following[ids[i]]) or stopped and stopped[ids[i]]
            if isOver and dedupe and dedupe ~= '0' then call('SET', B .. ':t ' .. ids[i], '1', 'PX', dedupe) end
        end
    end
    if kept and #kept > 0 then call('HSET', WANTS, unpack(kept)) end
    for id, record in pairs(following or {}) do enforce(id, record) end
    if again then call('HDEL', TOKENS, unpack(again)) end
    -- Only for attempts that have ended here: who comes late must not clear what was asked of the present one.
    for id in pairs(stopped or {}) do
        call('HDEL', B .. ':next-records', id)
        call('HDEL', B .. ':cancels', id)
    end
    if #gone > 0 then forget(gone, wanted) end
end
