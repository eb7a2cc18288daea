/*
 * Delayed tasks, ends of leases, and steps of the server's clock (lua/keepers.lua, lua/claim.lua, ClaimSchedule).
 *
 * Property   What is due is claimed: a task that was published for a time earlier than all known ones, the one behind it,
 *            and a task whose holder has died under a lease that a step of the server's clock has put too far away.
 * Abstract   One living process. The server's clock steps back at most once. Timers follow the process's own clock, which
 *            never steps.
 *
 * @pass  good             safety
 * @fail  no-rearm         safety -DNO_REARM
 * @fail  forgets-next     safety -DFORGETS_NEXT
 * @fail  no-pull-in       safety -DNO_PULL_IN
 * @fail  pull-in-if-idle  safety -DPULLS_IN_IF_IDLE
 * @reach both-delayed     safety -DREACH
 */
#define NONE 60
#define LONGEST 3           /* the longest lease in use */

byte now = 10               /* the server's clock */
byte passed                 /* the process's own clock */
byte due[2] = NONE          /* the delayed tasks */
byte ends = 13              /* the lease of a process that is dead */
byte timer = 3              /* when we look, by our own clock: as the claim of that lease has told */
byte left = 2
bit stepped
hidden byte next, found

inline earliest() {
    next = ends;
    if :: due[0] < next -> next = due[0] :: else fi;
    if :: due[1] < next -> next = due[1] :: else fi
}

/* lua/claim.lua with room for one task, and if it finds none the names of the next time. */
inline claim() {
    found = 1;
    if
    :: ends <= now -> ends = NONE
    :: ends > now && due[0] <= now -> due[0] = NONE
    :: ends > now && due[0] > now && due[1] <= now -> due[1] = NONE
    :: else -> found = 0
    fi;
#if defined(NO_PULL_IN)
#elif defined(PULLS_IN_IF_IDLE)
    if :: ends > now + LONGEST && ends != NONE && found == 0 -> ends = now + LONGEST :: else fi;
#else
    if :: ends > now + LONGEST && ends != NONE -> ends = now + LONGEST :: else fi;
#endif
    earliest();
#ifdef FORGETS_NEXT
    timer = NONE
#else
    timer = (next == NONE -> NONE : (next <= now -> passed : passed + next - now))
#endif
}

proctype Process() {
end:
    do
    :: atomic { timer <= passed -> claim() }
    od
}

/* Publishes for three units from now at first, and for one unit from now then. */
proctype Publisher() {
end:
    do
    :: atomic { left > 0 ->
        left--;
        due[left] = now + 1 + 2 * left;
#ifdef REACH
        assert(due[0] == NONE || due[1] == NONE);
#endif
#ifndef NO_REARM
        if :: timer > passed + 1 + 2 * left -> timer = passed + 1 + 2 * left :: else fi
#endif
        }
    od
}

/* Time passes only where everybody who is due has acted, as nothing is late by a whole unit. */
proctype Clock() {
end:
    do
    :: atomic { passed < 16 && timer > passed -> now++; passed++ }
    :: atomic { !stepped && passed < 3 -> stepped = 1; now = now - 6 }
    od
}

/* Where nobody is about to look, nothing is due; and the dead process's task has been claimed one longest lease after its
   lease would have ended, whatever the server's clock has done. */
proctype Monitor() {
end:
    do
    :: atomic { timer > passed -> assert(due[0] > now && due[1] > now && (passed < 8 || ends == NONE)) }
    od
}

init { atomic { run Process(); run Publisher(); run Clock(); run Monitor() } }
