-- The server's time, for scripts that always need it. It is read once.
-- Defines: clock, nowText, time
-- Expects: call
-- `nowText` and `time` are the time in ms: as text for commands, because the server formats a number as floating point,
-- and as a number.
local clock = call('TIME')
local nowText = clock[1] .. string.sub('000000' .. clock[2], -6, -4)
local time = tonumber(nowText)
