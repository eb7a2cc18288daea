/*
 * Signals are hints: subscribe first, then look; look again after each gap and after each failed look
 * (SubscriptionStateMachine, SignalListener, ClaimSchedule).
 *
 * Property   The task is claimed, without the sweep of 25 to 30 seconds, however connections break.
 * Abstract   One task, one process; at most two breaks and one claim that fails.
 *
 * @pass  good             live
 * @fail  look-first       live -DLOOK_FIRST
 * @fail  no-look-again    live -DNO_LOOK_AGAIN
 * @fail  forgets-failure  live -DFORGETS_FAILURE
 * @reach lost-message     live -DREACH
 */
bit stored, claimed
bit subscribed, message     /* the subscription, and a message on its way to it */
bit failed
byte breaks

proctype Publisher() { atomic { stored = 1; message = message || subscribed } }

proctype Network() {
end:
    do
    :: atomic { breaks < 2 && subscribed -> breaks++; subscribed = 0;
#ifdef REACH
        assert(!message);
#endif
        message = 0 }
    od
}

/* A claim. It may fail once, and is tried again. */
inline look() {
    do
    :: atomic { stored -> claimed = 1; break }
    :: atomic { !stored -> break }
#ifdef FORGETS_FAILURE
    :: atomic { !failed -> failed = 1; break }
#else
    :: atomic { !failed -> failed = 1 }
#endif
    od
}

proctype Process() {
connect:
#if defined(LOOK_FIRST)
    look();
    subscribed = 1;
#elif defined(NO_LOOK_AGAIN)
    subscribed = 1;
    if :: breaks == 0 -> look() :: else fi;
#else
    subscribed = 1;
    look();
#endif
end:
    do
    :: claimed -> break
    :: !claimed && message -> message = 0; look()
    :: !claimed && !subscribed -> goto connect
    od
}

init { atomic { run Publisher(); run Network(); run Process() } }

ltl done { <> claimed }
