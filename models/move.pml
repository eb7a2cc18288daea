/*
 * A slot of a cluster that moves from one server to another, key by key, while calls come in
 * (ScriptDialect, CallAttempt, docs/decisions/0010).
 *
 * Property   A script runs only where all keys of its definition are, and no key arrives where there is one already
 *            (safety). Every call is carried out in the end (live).
 * Abstract   A definition has two keys, a list of hints and a hash of records; a call stores a task in both. The servers
 *            decide as Redis 7 does. None of the names in a call is that of a key that exists.
 *
 * @pass  two-names        safety
 * @pass  arrives          live -DLIVE
 * @fail  one-name         safety -DONE_NAME
 * @fail  ignores-moved    live -DLIVE -DIGNORES_MOVED
 * @reach try-again        safety -DREACH
 */
#define OLD 0
#define NEW 1
#define KEYS 2

byte content[4]             /* of key K on server S: content[2 * S + K] */
bit migrating, importing    /* OLD sends the slot away, NEW expects it */
bit keeper[2] = OLD         /* who keeps the slot, as each server knows it */
byte finished

#define HAS(S) (content[2 * (S)] + content[2 * (S) + 1])

inline execute(server) {
    assert(HAS(1 - server) == 0);
    content[2 * server]++;
    content[2 * server + 1]++;
    finished++;
    stored = 1
}

proctype Caller() {
    bit map = OLD, asking = 0, target, stored = 0;
    do
    :: stored -> break
    :: atomic { !stored ->
        target = (asking -> NEW : map);
        if
        :: keeper[target] == target && !(target == OLD && migrating) -> execute(target)
        /* It lacks what the call names, and knows who may have it. */
        :: target == OLD && keeper[OLD] == OLD && migrating -> asking = 1
        :: target == NEW && keeper[NEW] != NEW && importing && asking ->
#ifdef ONE_NAME
            execute(NEW);
#else
            /* TRYAGAIN: from the beginning, after a pause. */
#ifdef REACH
            assert(false);
#endif
#endif
            asking = 0
        :: else ->
            /* MOVED */
            asking = 0;
#ifndef IGNORES_MOVED
            map = keeper[target]
#endif
        fi }
    od
}

proctype Move() {
    byte key = 0;
    importing = 1;
    migrating = 1;
    do
    :: key == KEYS -> break
    :: atomic { key < KEYS ->
        if
        :: content[key] > 0 ->
            assert(content[2 + key] == 0);
            content[2 + key] = content[key];
            content[key] = 0
        :: else
        fi;
        key++ }
    od;
    atomic { keeper[NEW] = NEW; importing = 0 };
    atomic { keeper[OLD] = NEW; migrating = 0 }
}

init { atomic { content[0] = 1; content[1] = 1; run Caller(); run Caller(); run Move() } }

#ifdef LIVE
ltl arrives { <> (finished == 2) }
#endif
