-- Wakes one process that waits for tasks of the definition.
-- Defines: inboxes, tell, askForSecondLook, wake
-- Expects: B, now
-- Invariant whoever takes a waiting process out asks the next one to look a little later, in case that the first
--           one dies before it claims
local inboxes = string.match(B, '^(.*):{') .. ':inbox:'
-- Sends a message to a process.
-- Returns whether anybody is there; nobody is on a channel that our user may not use.
local function tell(process, text)
    local receivers = redis.pcall('PUBLISH', inboxes .. process, text)
    return type(receivers) == 'number' and receivers > 0
end
-- Asks the next process to look 600 ms later. The request stands for 500 ms: the look comes after that, so it covers
-- everybody who is woken in the meantime, but for the one that was asked itself.
local function askForSecondLook(woken, except)
    local asked = redis.pcall('GET', B .. ':second-look')
    if asked and asked ~= woken then return end
    local others = redis.pcall('ZREVRANGE', B .. ':waiting', '0', '9')
    for i = 1, #others do
        if others[i] ~= except and tell(others[i], 'look ' .. B) then
            redis.pcall('SET', B .. ':second-look', others[i], 'PX', '500')
            return
        end
    end
end
-- Takes processes out, the one that came last first, until one is there. `except` does not want to be woken itself.
-- Returns whether somebody was woken.
local function wake(except)
    local time = now()
    for _ = 1, 100 do
        local newest = redis.pcall('ZPOPMAX', B .. ':waiting')
        -- A living process enters itself again every 30 seconds.
        if not newest[1] or tonumber(newest[2]) < time - 75000 then return false end
        if newest[1] ~= except and tell(newest[1], 'wake ' .. B) then
            askForSecondLook(newest[1], except)
            return true
        end
    end
    return false
end
