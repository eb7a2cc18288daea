-- Looks for tasks whose stored record holds some bytes, a part of the records at a time.
-- @before prelude, clock, describe
-- KEYS[1]   base key
-- ARGV      bytes, place (records or dead-records), cursor (0 at the beginning), about how many records
-- Returns   next cursor (0 at the end), how many records were looked at, how many there are, then seven values for each
--           task that was found, as parts/describe.lua has them
-- Invariant reads only; a task that stays all the time is looked at at least once
local bytes, place, ids = ARGV[1], B .. ':' .. ARGV[2], {}
-- HSCAN hands over the records, and some may be large.
local count = call('HGET', B .. ':meta', 'large') and '10' or ARGV[4]
local page = call('HSCAN', place, ARGV[3], 'COUNT', count)
for i = 1, #page[2], 2 do
    if string.find(page[2][i + 1], bytes, 1, true) then ids[#ids + 1] = page[2][i] end
end
local reply = { page[1], #page[2] / 2, call('HLEN', place) }
-- A reply has a bound, and so has what unpack takes.
for first = 1, #ids, 200 do
    local some = { unpack(ids, first, math.min(first + 199, #ids)) }
    if ARGV[2] == 'records' then
        describe(reply, some, '')
    else
        describeDead(reply, some)
    end
end
return reply
