/*
 * Closing and opening a definition (lua/pause.lua, lua/resume.lua, lua/parts/door.lua, lua/parts/claim_door.lua).
 *
 * Property   Nothing new is handed out while the definition is closed, and a claim that is repeated after a lost reply
 *            still gets what its first delivery took. Once the definition is open again, by hand or because its time is
 *            up, every task is claimed, although a handler hangs and nobody sweeps.
 * Abstract   Two processes with one slot each. The handler of the first task that is handed out never ends. Leases do not
 *            end. One pause. Time is up whenever it likes. One process has a seat, for the three in a fleet.
 *
 * @pass  by-hand          live
 * @pass  timed            live -DTIMED
 * @fail  door-first       live -DDOOR_FIRST
 * @fail  silent-resume    live -DSILENT_RESUME
 * @fail  no-replay        live -DNO_REPLAY
 * @fail  no-timer         live -DTIMED -DNO_TIMER
 * @fail  opens-silently   live -DTIMED -DOPENS_SILENTLY
 * @fail  pauses-silently  live -DTIMED -DPAUSES_SILENTLY
 * @fail  passes-silently  live -DTIMED -DPASSES_SILENTLY
 * @fail  no-look          safety -DNO_LOOK
 * @reach repeated-claim   safety -DREACH_REPEATED
 * @reach left-behind      safety -DTIMED -DREACH_LEFT
 */
#define TASKS 3

bit closed, note            /* the member ~ of leases; what says why, until its time is up */
byte ready, left = TASKS    /* tasks that wait; tasks to be published */
byte taken                  /* tasks that were handed out and arrived */
bit waiting[2], signal[2], timer[2], busy[2]
byte lost[2]                /* handed out by a claim whose reply was lost */
bit mayLose = 1
bit hung

inline tellAll() { signal[0] = 1; signal[1] = 1 }

/* lua/parts/wake.lua */
inline wake() {
    if
    :: waiting[0] -> waiting[0] = 0; signal[0] = 1
    :: !waiting[0] && waiting[1] -> waiting[1] = 0; signal[1] = 1
    :: else
    fi
}

/* A task arrives at its process. The first one never ends; where another ends, the process claims again. */
inline arrives(i) { taken++; if :: !hung -> hung = 1; busy[i] = 1 :: else -> signal[i] = 1 fi }

/* lua/claim.lua with room for one task. */
inline claim(i) {
    opens = 0;
#ifndef DOOR_FIRST
    if
    :: lost[i] -> lost[i] = 0; arrives(i)
    :: else ->
#else
    if
    :: !closed && lost[i] -> lost[i] = 0; arrives(i)
    :: else ->
        lost[i] = 0;
#endif
        signal[i] = 0; timer[i] = 0;
        if :: closed && !note -> closed = 0; opens = 1 :: else fi;
        if
#ifndef NO_LOOK
        :: closed ->
#ifndef NO_TIMER
            timer[i] = !timer[1 - i]
#else
            skip
#endif
        :: !closed && ready > 0 ->
#else
        :: ready > 0 ->
#endif
            assert(!closed);
            ready--;
            if
            :: mayLose -> mayLose = 0; lost[i] = 1
            :: arrives(i)
            fi;
#ifdef REACH_LEFT
            assert(!(opens && ready > 0));
#endif
            if
#ifndef OPENS_SILENTLY
            :: opens -> tellAll()
#endif
            :: !opens && ready > 0 -> wake()
            :: else
            fi
#ifndef NO_LOOK
        :: !closed && ready == 0 ->
            waiting[i] = 1;
#ifndef OPENS_SILENTLY
            if :: opens -> tellAll() :: else fi
#endif
#else
        :: ready == 0 -> waiting[i] = 1
#endif
        fi
    fi
}

proctype Process(bit i) {
    bit opens;
end:
    do
    /* Told, or reminded; or its reply was lost. */
    :: atomic { !busy[i] && signal[i] -> claim(i) }
    :: atomic { !busy[i] && timer[i] && !note -> claim(i) }
    :: atomic { !busy[i] && lost[i] ->
#ifdef REACH_REPEATED
        assert(!closed);
#endif
        claim(i) }
    /* A wake-up or a reminder that cannot be used is handed on (lua/pass_on.lua). */
    :: atomic { busy[i] && (signal[i] || timer[i] && !note) -> signal[i] = 0; if :: !note -> timer[i] = 0 :: else fi;
#ifndef PASSES_SILENTLY
        if :: closed && !note -> closed = 0; tellAll() :: else -> wake() fi
#else
        wake()
#endif
        }
    od
}

proctype Publisher() {
end:
    do
    :: atomic { left > 0 -> left--; ready++;
        if
        :: waiting[0] || waiting[1] -> wake()
        :: else -> if :: !closed && ready == 1 -> tellAll() :: else fi
        fi }
    od
}

/* lua/pause.lua; then lua/resume.lua, or the end of the time. */
proctype Operator() {
    atomic { closed = 1; note = 1;
#if defined(TIMED) && !defined(PAUSES_SILENTLY)
        /* Who waits is told the time; where nobody does, all are. */
        if
        :: waiting[0] -> timer[0] = 1
        :: !waiting[0] && waiting[1] -> timer[1] = 1
        :: else -> timer[0] = 1; timer[1] = 1
        fi;
#endif
        waiting[0] = 0; waiting[1] = 0 };
#ifdef TIMED
    note = 0
#else
    atomic { closed = 0; note = 0;
#ifndef SILENT_RESUME
        tellAll()
#endif
    };
#endif
#ifdef NO_REPLAY
    /* The pause is delivered once more, late, and is carried out instead of answered. */
    atomic { closed = 1; note = 1; waiting[0] = 0; waiting[1] = 0 }
#endif
}

init { atomic { signal[0] = 1; signal[1] = 1; run Process(0); run Process(1); run Publisher(); run Operator() } }

ltl claimed { <> (taken == TASKS) }
