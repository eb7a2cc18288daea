-- Gives tasks back unworked: due at once, the attempt not counted, other workers woken.
-- @before prelude, clock, replay
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, then for each task: id, token
-- Returns   one character for each task: D done, L lease lost
-- Invariant as fail.lua
local LEASES, DELAYED, TOKENS = B .. ':l', B .. ':d', B .. ':a'
local ids = {}
for i = 4, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
local held = call('HMGET', TOKENS, unpack(ids))
local time, outcomes, scores, tokens, ended = now(), {}, {}, {}, {}
for i = 1, #ids do
    local id, token = ids[i], ARGV[2 * i + 3]
    local isOurs = held[i] == token
    outcomes[i] = isOurs and 'D' or 'L'
    if isOurs then
        local n = #ended
        ended[n + 1] = id
        scores[2 * n + 1], scores[2 * n + 2] = format('%d', time), id
        tokens[2 * n + 1], tokens[2 * n + 2] = id, format('%d:', string.match(token, '^%d+') - 1)
    end
end
answer, changed, ready, leaving = table.concat(outcomes), #ended > 0, true, ARGV[1]
if changed then
    call('ZREM', LEASES, '')
    call('ZADD', DELAYED, unpack(scores))
    call('HSET', TOKENS, unpack(tokens))
    call('ZREM', LEASES, unpack(ended))
end
