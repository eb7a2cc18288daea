-- Puts in force what waits behind a run: a newer record of the same id, which then runs afresh.
-- Defines: nextRecord, enforce
-- Expects: call, B
-- Invariant the task has a place before its old run goes
-- What waits behind the current run of a task: its entry in wants and its record; nil if nothing does. `want` is the
-- entry of the current run; it says so by a first process `+`.
local function nextRecord(id, want)
    if not want or not string.find(want, ':+,', 1, true) then return nil end
    local entry = call('HGET', B .. ':next-records', id)
    if not entry then return nil end
    local cut = string.find(entry, ' ', 1, true)
    return { want = string.sub(entry, 1, cut - 1), record = string.sub(entry, cut + 1) }
end
-- Makes it the task's record, and counts its attempts from the beginning. The caller has given the task a place, and
-- has told the waiters of the old run.
local function enforce(id, following)
    call('HSET', B .. ':records', id, following.record)
    call('HSET', B .. ':wants', id, following.want)
    call('HDEL', B .. ':errors', id)
    call('HDEL', B .. ':next-records', id)
    call('HDEL', B .. ':tokens', id)
end
