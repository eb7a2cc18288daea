/*
 * Cancelling a task (lua/cancel.lua, lua/parts/cancelled.lua) while it is claimed, renewed, reported and taken over.
 *
 * Property   Each life of the id ends once. Once the cancellation of a running task has been answered, that life is not
 *            handed out again, and it ends: by its worker, which is told, or by whoever finds its lease ended. A
 *            cancellation never touches a later life of the id.
 * Abstract   Two workers with one task. The id is published twice, one life after the other. Leases end whenever they
 *            like, so a worker may be late. The first worker may die. The message to the holder may be lost. The call
 *            may be delivered twice. A handler that nobody tells runs for ever.
 *
 * @pass  ends             live
 * @fail  claims-blindly   safety -DCLAIMS_BLINDLY
 * @fail  retries-blindly  safety -DRETRIES_BLINDLY
 * @fail  runs-again       safety -DRUNS_AGAIN
 * @fail  renews-blindly   live -DRENEWS_BLINDLY
 * @fail  without-token    safety -DWITHOUT_TOKEN
 * @fail  late-clears      live -DLATE_CLEARS
 * @fail  no-replay        safety -DNO_REPLAY
 * @reach told-by-renewal  safety -DREACH_RENEWAL
 * @reach too-late         safety -DREACH_LATE
 */
#define DONE 1
#define CANCELLED 2

byte life                  /* the life that waits or runs; 0 if none does */
byte token, last           /* of the current claim; the latest one that was made */
bit leased, over           /* whether it is leased, and whether that lease has ended */
byte flag                  /* the token of the attempt that is to stop */
byte mine[2]               /* what each worker holds, or believes to hold */
bit told[2]                /* the worker was told to stop */
byte ended[3]              /* how each life has ended */
bit asked[3]               /* the cancellation of this life was answered while it ran */
bit mayDie = 1, mayLose = 1

inline ends(how) {
    assert(!ended[life]);
    assert(how == DONE || life == 1);
    ended[life] = how; life = 0; leased = 0; over = 0; token = 0
}

inline waitsAgain() { leased = 0; over = 0; token = 0 }

/* Whether the current attempt is to stop. */
#ifndef WITHOUT_TOKEN
#define FLAGGED (flag && flag == token)
#else
#define FLAGGED (flag && leased)
#endif

proctype Worker(bit i) {
end:
    do
    /* lua/claim.lua */
#ifndef CLAIMS_BLINDLY
    :: atomic { !mine[i] && leased && over && FLAGGED -> ends(CANCELLED) }
    :: atomic { !mine[i] && life && (!leased || over && !FLAGGED) && last < 4 ->
#else
    :: atomic { !mine[i] && life && (!leased || over) && last < 4 ->
#endif
        assert(!asked[life]);
        last++; token = last; mine[i] = last; leased = 1; over = 0; told[i] = 0 }
    /* kill -9 */
    :: atomic { mine[i] && i == 0 && mayDie -> mayDie = 0; mine[i] = 0; goto dead }
    /* lua/renew.lua; the lease is extended for as long as nobody has taken the task over. */
    :: atomic { mine[i] && mine[i] == token && !told[i] && (over || FLAGGED) ->
        over = 0;
#ifndef RENEWS_BLINDLY
        if
        :: FLAGGED ->
#ifdef REACH_RENEWAL
            assert(0);
#endif
            told[i] = 1
        :: else
        fi
#endif
        }
    /* lua/fail.lua, lua/release.lua: the handler has stopped as it was told, or fails by itself. */
    :: atomic { mine[i] && (told[i] || mine[i] == 1) ->
        if
#ifndef RETRIES_BLINDLY
        :: mine[i] == token && FLAGGED -> ends(CANCELLED)
        :: mine[i] == token && !FLAGGED -> waitsAgain()
#else
        :: mine[i] == token -> waitsAgain()
#endif
        :: mine[i] != token
        fi;
        mine[i] = 0 }
    /* lua/finish.lua: it has ended well all the same. A run may set the next one, unless it was to stop. */
    :: atomic { mine[i] && (told[i] || mine[i] == 1) ->
        if
        :: mine[i] == token && FLAGGED ->
#ifdef REACH_LATE
            assert(0);
#endif
#ifndef RUNS_AGAIN
            ends(DONE); flag = 0
#else
            waitsAgain()
#endif
        :: mine[i] == token && !FLAGGED -> ends(DONE)
        :: mine[i] != token ->
#ifdef LATE_CLEARS
            flag = 0
#else
            skip
#endif
        fi;
        mine[i] = 0 }
    /* Its next renewal says that the lease is lost. */
    :: atomic { mine[i] && mine[i] != token -> mine[i] = 0 }
    od;
dead:
    skip
}

/* The lease of a worker that is gone or slow ends. */
proctype Clock() {
end:
    do
    :: atomic { leased && !over -> over = 1 }
    od
}

/* The id comes again when its first life has ended. */
proctype Publisher() {
    life = 1;
end:
    atomic { ended[1] -> life = 2 }
}

/* lua/cancel.lua */
inline cancel() {
    if
    :: !life -> skip
    :: life && leased && !over ->
        assert(life == 1);
        flag = token; asked[life] = 1;
        if
        :: mayLose -> mayLose = 0
        :: mine[0] == token -> told[0] = 1
        :: mine[1] == token -> told[1] = 1
        :: mine[0] != token && mine[1] != token
        fi
    :: life && !(leased && !over) -> ends(CANCELLED)
    fi
}

/* The call is meant for the first life. Its reply may be lost, and then it is sent once more. */
proctype Asker() {
    atomic { life == 1 -> cancel() }
#ifdef NO_REPLAY
    ;
    atomic { cancel() }
#endif
}

init { atomic { run Worker(0); run Worker(1); run Clock(); run Publisher(); run Asker() } }

ltl answered { [] (asked[1] -> <> ended[1]) }
