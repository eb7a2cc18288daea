-- Stores tasks and wakes workers: all of them or, if the store is full, none.
-- @before prelude, replay
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, then for each task: id, options, record
--           options: '' (a made id, at once, no result wanted) or CALLER,DELAY,TTL,ANNOUNCE
--           CALLER 1 if the caller gave the id; DELAY in ms; TTL in ms to keep the result, 0 if none is wanted;
--           ANNOUNCE 1 to announce the result to this process, or the name of another one that listens for us
-- Returns   one character for each task: N new, E exists (waits or runs), X is dead, F finished lately
-- Invariant as parts/store.lua
if #ARGV == 6 and ARGV[5] == '' and #ARGV[6] <= 10000 then
    -- The usual case, without the tables of the general one below.
    answer, changed, ready, isNews = 'N', true, true, call('RPUSH', B .. ':line', ARGV[4]) == 1
    call('HSET', B .. ':records', ARGV[4], ARGV[6])
else
    -- [clock, wants, store]
    local RECORDS, WANTS, process = B .. ':records', B .. ':wants', ARGV[1]
    local hints, records, states = {}, {}, {}
    local delays, wants, fresh, time
    local known, isGiven, pause, ttl, inbox
    count = 0
    for i = 4, #ARGV, 3 do
        local id, options, state = ARGV[i], ARGV[i + 1], 'N'
        local delay, caller = 0, false
        if options ~= '' then
            -- The tasks of one call are often alike.
            if options ~= known then
                delays, wants, fresh = delays or {}, wants or {}, fresh or {}
                local given, wait, keep, announced = string.match(options, '^(%d),(%d+),(%d+),(%w+)$')
                known, isGiven, pause, ttl = options, given == '1', tonumber(wait), tonumber(keep)
                inbox = announced == '0' and '' or announced == '1' and process or announced
            end
            caller, delay = isGiven, pause
            if caller and call('HEXISTS', RECORDS, id) == 1 then
                state = 'E'
                if ttl > 0 then
                    -- Another publisher joins those who wait for the same task.
                    local want = call('HGET', WANTS, id)
                    local joined = join(want, '-', ttl, inbox)
                    if joined ~= want then
                        wants[#wants + 1] = id
                        wants[#wants + 1] = joined
                    end
                end
            elseif caller and call('ZSCORE', B .. ':dead', id) then
                state = 'X'
            elseif caller and call('EXISTS', B .. ':t ' .. id) == 1 then
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
                delays[#delays + 1] = format('%d', time + delay)
                delays[#delays + 1] = id
                if not soonest or delay < soonest then soonest = delay end
            else
                hints[#hints + 1] = id
            end
            records[2 * count + 1], records[2 * count + 2] = id, ARGV[i + 2]
            count = count + 1
        end
        states[#states + 1] = state
    end
    -- Who finds tasks in line leaves it to those who were woken for them.
    ready, isNews = #hints > 0, store(hints, delays, records, fresh, wants)
    answer, changed = table.concat(states), count > 0
end
