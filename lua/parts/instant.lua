-- The server's time, for scripts that always need it. It is read once.
-- Defines: clock, micros, fence, nowText, time
-- Expects: call
-- Invariant reads only; no clock but the server's counts
-- `nowText` and `time` are the time in ms: as text for commands, because the server formats a number as floating point,
-- and as a number. `fence` is the time in µs. No two runs of scripts read the same, because a run takes longer than
-- that: whoever claims a task later has a greater one, unless the server's clock was set back.
local clock = call('TIME')
local micros = clock[2]
if #micros < 6 then micros = string.sub('000000' .. micros, -6) end
local fence = clock[1] .. micros
local nowText = string.sub(fence, 1, -4)
-- Adding nothing makes a number of a text as tonumber does, without a call.
local time = nowText + 0
