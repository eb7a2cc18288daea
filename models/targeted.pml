/*
 * Targeted wake-ups: a published task wakes one waiting process, not all of them (lua/wake.lua, claim.lua, pass_on.lua).
 *
 * Property   Wherever nobody is obliged to do anything, no task is ready while a live process has a free slot; and
 *            obligations end. So each task is claimed as soon as a slot is free, also after one process was killed or
 *            stopped or lost its connection, or after one FLUSHALL, without the sweep of 25 to 30 seconds, which is
 *            left out. Nothing obliges anybody to publish more, to end a handler or to go on after a stop.
 * Abstract   Waiting processes are taken in any order. A message that has been sent counts as read as late as its
 *            reader likes. Leases are left out: a task that was claimed has arrived. Only the first process meets a
 *            fault, because all are alike.
 *
 * @pass  good             safety
 * @pass  ends             cycles
 * @pass  two-slots        safety -DWORKERS=2 -DSLOTS=2 -DTASKS=4
 * @pass  flush            safety -DFLUSH
 * @fail  no-backup        safety -DNO_BACKUP
 * @fail  no-chain         safety -DNO_CHAIN
 * @fail  no-pass-on       safety -DNO_PASS_ON
 * @fail  no-remember      safety -DNO_REMEMBER
 * @fail  no-broadcast     safety -DFLUSH -DNO_BROADCAST
 * @fail  no-first-tells   safety -DFLUSH -DNO_FIRST_TELLS
 * @fail  blind-request    safety -DBLIND_REQUEST
 * @fail  early-look       safety -DEARLY_LOOK
 * @fail  merged-looks     safety -DMERGED_LOOKS
 * @reach saved-by-look    safety -DREACH=1
 * @reach handed-on-twice  safety -DREACH=2
 */
#ifndef WORKERS
#define WORKERS 3
#endif
#ifndef SLOTS
#define SLOTS 1
#endif
#ifndef TASKS
#define TASKS 3
#endif
#ifndef OTHERS
#define OTHERS 0
#endif
#ifndef REACH
#define REACH 0
#endif
#define NOBODY 7

/* In Redis: the list of ready tasks, z, and b, which names the process that was asked for a second look. */
byte ready
bit waits[3]
byte asked = NOBODY

/* Of each process. */
bit runs[3], hears[3]   /* it acts; its inbox is subscribed, so PUBLISH counts it */
bit woken[3]            /* it was woken, and has not acted on it */
bit looks[3]            /* its second look is due, which is as good as being woken */
bit wants[3]            /* it claims with its next free slot, but need not tell others */
byte free[3], busy[3]
byte sent[3], got[3]    /* slots of the claim that was not answered yet, and what it brings */

bit known = 1           /* the registry holds what the first claim has noted */
bit silent              /* whoever was asked has set no timer for it */
byte left = TASKS, others = OTHERS
bit calm                /* no fault any more */
byte handed             /* for REACH */
hidden byte who, n, awake

#define CHOSEN(p) (woken[p] || looks[p])
#define OBLIGED(p) (runs[p] && (!hears[p] || sent[p] > 0 || CHOSEN(p) || (wants[p] && free[p] > 0)))
#define IDLE(p) (runs[p] && free[p] > 0)
#define QUIET (asked == NOBODY && !OBLIGED(0) && !OBLIGED(1) && !OBLIGED(2))

/* The request for a second look lapses; the look comes after that. */
inline lapse() {
    looks[asked] = looks[asked] || !silent;
    silent = 0;
    asked = NOBODY
}

inline ask(p) {
    if
    :: asked != NOBODY -> lapse()
    :: else
    fi;
#ifdef MERGED_LOOKS
    silent = looks[p];
#endif
    asked = p
}

/* Who is woken itself cannot stand in for others any more. */
#ifdef BLIND_REQUEST
#define NEEDS_REQUEST (asked == NOBODY)
#else
#define NEEDS_REQUEST (asked == NOBODY || asked == who)
#endif

/* lua/wake.lua: takes processes out until one is there, and asks another one to look later. */
inline wake() {
    awake = 0;
    do
    :: !awake && waits[0] -> who = 0; waits[0] = 0; awake = hears[0]
    :: !awake && waits[1] -> who = 1; waits[1] = 0; awake = hears[1]
    :: !awake && waits[2] -> who = 2; waits[2] = 0; awake = hears[2]
    :: awake || !(waits[0] || waits[1] || waits[2]) -> break
    od;
    if
    :: awake ->
        woken[who] = 1;
#ifndef NO_BACKUP
        if
        :: waits[0] && hears[0] && NEEDS_REQUEST -> ask(0)
        :: waits[1] && hears[1] && NEEDS_REQUEST -> ask(1)
        :: waits[2] && hears[2] && NEEDS_REQUEST -> ask(2)
        :: else
        fi
#endif
    :: else
    fi
}

/* The common channel of the definition. */
inline tell_all() {
    wants[0] = wants[0] || hears[0];
    wants[1] = wants[1] || hears[1];
    wants[2] = wants[2] || hears[2]
}

proctype Worker(byte me) {
end:
    do
    /* lua/claim.lua */
    :: atomic { runs[me] && sent[me] == 0 && free[me] > 0 && (wants[me] || CHOSEN(me)) ->
        /* What arrives while the claim is on its way is acted on after the reply. */
        if
        :: woken[me] = 0; looks[me] = 0
        :: wants[me]
        fi;
        wants[me] = 0;
        sent[me] = free[me];
        free[me] = 0;
        got[me] = (ready < sent[me] -> ready : sent[me]);
        ready = ready - got[me];
        if
        :: got[me] < sent[me] ->
            waits[me] = 1;
#ifndef NO_FIRST_TELLS
            /* Nobody else can have a place in a registry that is new; who finds nothing notices that it is. */
            if :: !known && got[me] == 0 -> known = 1; tell_all() :: else fi
#endif
#ifndef NO_CHAIN
        :: got[me] == sent[me] && ready > 0 -> wake()
#endif
        :: else
        fi }
    :: atomic { runs[me] && sent[me] > 0 ->
        wants[me] = wants[me] || got[me] == sent[me];
        free[me] = sent[me] - got[me];
        busy[me] = busy[me] + got[me];
        sent[me] = 0; got[me] = 0 }
    /* lua/pass_on.lua */
    :: atomic { runs[me] && sent[me] == 0 && free[me] == 0 && CHOSEN(me) ->
        woken[me] = 0; looks[me] = 0;
#ifndef NO_REMEMBER
        wants[me] = 1;
#endif
#ifndef NO_PASS_ON
        waits[me] = 0;
        wake();
        handed = handed + (REACH == 2 && awake)
#endif
        }
    /* Subscribed again, so it looks. */
    :: atomic { runs[me] && !hears[me] -> hears[me] = 1; wants[me] = 1 }
    /* A handler ends; another definition takes a slot. */
    :: atomic { runs[me] && busy[me] > 0 -> busy[me]--; free[me]++ }
    :: atomic { runs[me] && free[me] > 0 && others > 0 -> others--; free[me]--; busy[me]++ }
    od
}

proctype Environment() {
end:
    do
    /* lua/publish.lua, with one or two tasks. */
    :: atomic { left > 0 ->
        if :: n = 1 :: left > 1 -> n = 2 fi;
        left = left - n;
        ready = ready + n;
        wake();
#ifndef NO_BROADCAST
        if
        :: !awake && ready == n -> tell_all()
        :: else
        fi
#endif
        }
    :: atomic { asked != NOBODY -> lapse() }
#ifdef EARLY_LOOK
    /* The look comes while the request still stands. */
    :: atomic { asked != NOBODY && !silent -> looks[asked] = 1; silent = 1 }
#endif
#ifdef FLUSH
    :: atomic { !calm -> calm = 1; known = 0; ready = 0; waits[0] = 0; waits[1] = 0; waits[2] = 0;
        if :: asked != NOBODY -> lapse() :: else fi }
#else
    /* Killed. */
    :: atomic { !calm -> calm = 1; runs[0] = 0; hears[0] = 0; woken[0] = 0; looks[0] = 0; wants[0] = 0;
        free[0] = 0; busy[0] = 0; sent[0] = 0; got[0] = 0 }
    /* Stopped or half-open, perhaps not for ever. */
    :: atomic { !calm -> calm = 1; runs[0] = 0 }
    :: atomic { !runs[0] && hears[0] -> runs[0] = 1 }
    /* The connection broke, and what was on its way is lost. */
    :: atomic { !calm -> calm = 1; hears[0] = 0; woken[0] = 0;
        if :: looks[0] = 0; silent = silent || asked == 0 :: true fi }
#endif
    od
}

proctype Monitor() {
end:
    if
    :: atomic { QUIET && ready > 0 && (IDLE(0) || IDLE(1) || IDLE(2)) -> assert(false) }
    :: atomic { REACH == 1 && !hears[0] && !runs[0] && ready > 0 && looks[1] && free[1] > 0 &&
        !woken[1] && !wants[1] && !woken[2] && !wants[2] -> assert(false) }
    :: atomic { handed == 2 -> assert(false) }
    fi
}

init {
    atomic {
        n = 0;
        do
        :: n < WORKERS ->
            runs[n] = 1;
            hears[n] = 1;
            /* It has yet to claim, or waits, with its slots free or taken by another definition. */
            if
            :: wants[n] = 1; free[n] = SLOTS
            :: waits[n] = 1; free[n] = SLOTS
            :: waits[n] = 1; busy[n] = SLOTS
            fi;
            run Worker(n);
            n++
        :: else -> break
        od;
        run Environment();
        run Monitor()
    }
}
