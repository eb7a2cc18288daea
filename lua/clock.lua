-- Numbers go into commands as text made with %d: the server formats a Lua number as floating point, which is slow.
-- KEYS and ARGV are not used. Returns nothing by itself. Invariant: the clock of the server is the only one.
local format = string.format
-- The server's time in ms. A script reads it once; it is not frozen while a script runs.
local function now()
    local time = call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
