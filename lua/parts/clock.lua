-- The server's time, for scripts that do not always need it. The clock of the server is the only one.
-- Defines: format, now
-- Expects: call
-- Invariant reads only; no clock but the server's counts
-- Numbers go into commands as text made with %d: the server formats a Lua number as floating point, which is slow.
local format = string.format
-- The time in ms. A script reads it once: Redis before 7.2 does not freeze it while a script runs.
local function now()
    local time = call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
