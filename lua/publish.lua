-- Stores tasks and wakes workers: all of them or, if the store is full, none.
-- Parts     prelude, answers, epilogue; clock, wake, keepers
-- KEYS[1]   base key
-- ARGV      process, call number, flags, then for each task: id, options, record
--           options: '' (a made id, at once, no result wanted) or CALLER,DELAY,TTL,ANNOUNCE
--           CALLER 1 if the caller gave the id; DELAY in ms; TTL in ms to keep the result, 0 if none is wanted;
--           ANNOUNCE 1 to announce the result to this process, or the name of another one that listens for us
-- Returns   one character for each task: N new, E exists (waits, runs or is dead), F finished lately
-- Invariant the first write can be refused for lack of memory; hints (q, d) come before records (p), so whatever
--           stops the script leaves stale hints only
if #ARGV == 6 and ARGV[5] == '' and #ARGV[6] <= 10000 then
    -- The usual case, without the tables of the general one below.
    answer, changed, ready, isNews = 'N', true, true, call('RPUSH', B .. ':q', ARGV[4]) == 1
    call('HSET', B .. ':p', ARGV[4], ARGV[6])
else
    -- [clock]
    local P, W, process = B .. ':p', B .. ':w', ARGV[1]
    local hints, records, states = {}, {}, {}
    local delayed, wants, fresh, time, isLarge
    local known, isGiven, pause, ttl, inbox
    count = 0
    for i = 4, #ARGV, 3 do
        local id, options, state = ARGV[i], ARGV[i + 1], 'N'
        local delay, caller = 0, false
        if options ~= '' then
            -- The tasks of one call are often alike.
            if options ~= known then
                delayed, wants, fresh = delayed or {}, wants or {}, fresh or {}
                local given, wait, keep, announced = string.match(options, '^(%d),(%d+),(%d+),(%w+)$')
                known, isGiven, pause, ttl = options, given == '1', tonumber(wait), tonumber(keep)
                inbox = announced == '0' and '' or announced == '1' and process or announced
            end
            caller, delay = isGiven, pause
            local want = caller and call('HGET', W, id)
            if caller and call('HEXISTS', P, id) == 1 then
                state = 'E'
                if ttl > 0 then
                    -- Another publisher joins those who wait for the same task.
                    local old, run, inboxes = '0', '-', ''
                    if want then old, run, inboxes = string.match(want, '^(%d+):([^:]*):(.*)$') end
                    if inbox ~= '' and #inboxes < 4096 and not string.find(inboxes, inbox, 1, true) then
                        inboxes = inboxes == '' and inbox or inboxes .. ',' .. inbox
                    end
                    local joined = format('%d:%s:%s', math.max(tonumber(old), ttl), run, inboxes)
                    if joined ~= want then
                        wants[#wants + 1] = id
                        wants[#wants + 1] = joined
                    end
                end
            elseif caller and call('ZSCORE', B .. ':x', id) then
                state = 'E'
            elseif caller and call('EXISTS', B .. ':t:' .. id) == 1 then
                state = 'F'
            end
            -- The run of a caller's id is always noted, because the id may come again.
            if state == 'N' and (caller or ttl > 0) then
                wants[#wants + 1] = id
                wants[#wants + 1] = format('%d:%s-%s-%d:%s', ttl, process, ARGV[2], (i - 4) / 3, inbox)
                if caller then fresh[#fresh + 1] = id end
            end
        end
        if state == 'N' then
            if delay > 0 then
                time = time or now()
                delayed[#delayed + 1] = format('%d', time + delay)
                delayed[#delayed + 1] = id
                if not soonest or delay < soonest then soonest = delay end
            else
                hints[#hints + 1] = id
            end
            records[2 * count + 1], records[2 * count + 2] = id, ARGV[i + 2]
            count = count + 1
            isLarge = isLarge or #ARGV[i + 2] > 10000
        end
        states[#states + 1] = state
    end
    -- Who finds tasks in line leaves it to those who were woken for them.
    if #hints > 0 then ready, isNews = true, call('RPUSH', B .. ':q', unpack(hints)) == #hints end
    if delayed and #delayed > 0 then call('ZADD', B .. ':d', unpack(delayed)) end
    if fresh and #fresh > 0 then
        -- Nothing of an earlier life of the id, nor of one that the store lost in part, may reach the new one.
        call('HDEL', B .. ':a', unpack(fresh))
        call('HDEL', B .. ':e', unpack(fresh))
        call('ZREM', B .. ':l', unpack(fresh))
        for i = 1, #fresh do call('DEL', B .. ':r:' .. fresh[i]) end
        if #hints > 0 then call('ZREM', B .. ':d', unpack(hints)) end
    end
    -- A claim that hands out several tasks then looks at each record's size before it reads it.
    if isLarge then call('HSET', B .. ':m', 'large', '1') end
    if count > 0 then call('HSET', P, unpack(records)) end
    if wants and #wants > 0 then
        if #wants < 16 then
            call('HSET', W, unpack(wants))
        else
            -- As in claim.lua, something long makes a table of it.
            call('HSET', W, '~', string.rep('~', 65), unpack(wants))
            call('HDEL', W, '~')
        end
    end
    answer, changed = table.concat(states), count > 0
end
