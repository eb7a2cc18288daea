-- Ends attempts well, then hands out the earliest tasks that are due: the two steps of a busy worker in one call.
-- @before prelude
-- KEYS[1]   base key
-- ARGV      those of finish.lua, then the four of claim.lua
-- Returns   what claim.lua returns, or the text of its error; then what finish.lua returns
-- Invariant that of both. What is finished stays finished, whatever the claim runs into
at, last = last - 4, last - 4
local function finish()
    -- [finish]
end
local function claim()
    -- [claim]
end
local finished = finish()
local isFine, reply = pcall(claim)
if isFine and not reply.err then
    reply[#reply + 1] = finished
    return reply
end
-- Redis before 7 has texts as errors.
return { type(reply) == 'table' and reply.err or tostring(reply), finished }
