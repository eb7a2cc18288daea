-- Stands behind scripts that begin with replay.lua: keeps the answer, wakes a process, announces results.
-- Defines: nothing
-- Expects: call, B, answers, slot, numbered, answer, changed, counter, count, announcements, ready, isNews,
--          soonest, leaving
-- Returns   the answer
-- Invariant signals come after what they announce. What is done must not fail any more: neither for a counter that is
--           not ours, nor for a channel that our user may not use
if changed then
    local pcall = redis.pcall
    if pcall('HSET', answers, slot, numbered .. answer) == 1 or ARGV[3] == 'A' or ARGV[3] == 'RA' then
        pcall('PEXPIRE', answers, '600000')
        -- A long value makes it a hash table, in which every later call is faster than in a packed list.
        pcall('HSET', answers, 'about', 'the last answers to one process, in case that one of its calls is repeated')
    end
    if counter then pcall('HINCRBY', B .. ':meta', counter, count) end
    if soonest or leaving then
        -- [clock, wake, broadcast, timekeepers]
        if ready and not wake(leaving) and isNews then tellAll('0') end
        if soonest then later(soonest) end
    elseif ready then
        -- The usual case: nobody waits, or one process, and that is there.
        local waiting = pcall('ZPOPMAX', B .. ':waiting')[1]
        local inbox = waiting and string.match(B, '^(.*):{') .. ':inbox:' .. waiting
        local isWoken = inbox and pcall('PUBLISH', inbox, 'wake ' .. B) == 1
        if waiting and (not isWoken or pcall('EXISTS', B .. ':waiting') == 1) then
            -- [clock, wake]
            if isWoken then askForSecondLook(waiting) else isWoken = wake() end
        end
        if isNews and not isWoken then
            -- [broadcast]
            tellAll('0')
        end
    end
    if announcements then
        -- One message for each process, however many of its results this call brings.
        local prefix, lists = string.match(B, '^(.*):{') .. ':inbox:', {}
        for i = 1, #announcements, 2 do
            local list = lists[announcements[i]] or { 'result', B }
            lists[announcements[i]] = list
            list[#list + 1] = announcements[i + 1]
        end
        for inbox, list in pairs(lists) do pcall('PUBLISH', prefix .. inbox, table.concat(list, ' ')) end
    end
end
return answer
