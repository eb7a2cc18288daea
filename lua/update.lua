-- Replaces the record of a task that waits, if it is still the one that the caller has read.
-- @before prelude, replay
-- @after epilogue
-- KEYS[1]   base key
-- ARGV      process, call number, flags, id, SHA-1 of the record that was read, record
-- Returns   D done, L it is leased, C its record has changed, U it neither waits nor runs
-- Invariant one write, which can be refused for lack of memory; what a worker has is left alone
local id, record = ARGV[4], ARGV[6]
local stored = call('HGET', B .. ':records', id)
if not stored then return 'U' end
if call('ZSCORE', B .. ':leases', id) then return 'L' end
if redis.sha1hex(stored) ~= ARGV[5] then return 'C' end
-- A claim that hands out several tasks then looks at each record's size before it reads it.
if #record > 10000 then call('HSET', B .. ':meta', 'large', '1') end
call('HSET', B .. ':records', id, record)
answer, changed = 'D', true
