/*
 * Awaited results: stored before they are announced, with the run they are of; looked for after each subscription
 * (lua/results.lua, ResultWaiter, SignalListener).
 *
 * Property   The waiter gets a result, and it is that of its own run, although the id ran before; also when the
 *            announcement is lost with its connection.
 * Abstract   The first run was another publisher's; ours begins with our publish. One break of the connection. A small
 *            result travels with its announcement, a large one has to be read.
 *
 * @pass  small            live
 * @pass  large            live -DLARGE
 * @fail  announced-first  live -DLARGE -DANNOUNCED_FIRST
 * @fail  no-look          live -DNO_LOOK
 * @fail  no-run           live -DNO_RUN
 * @reach foreign-news     live -DREACH
 */
byte result                 /* the run whose result is stored */
byte news                   /* the run that an announcement on its way is of */
bit subscribed, breaks
byte phase = 1, got         /* the run that is under way; the run whose result we have */

#ifdef NO_RUN
#define OURS(run) (run != 0)
#else
#define OURS(run) (run == 2)
#endif

/* Both runs, one after the other: lua/finish.lua. */
proctype Worker() {
    atomic { result = 1; news = (subscribed -> 1 : 0); phase = 0 };
    phase == 2;
#ifdef ANNOUNCED_FIRST
    news = (subscribed -> 2 : 0);
    result = 2
#else
    atomic { result = 2; news = (subscribed -> 2 : 0) }
#endif
}

proctype Network() {
end:
    atomic { subscribed && !breaks -> breaks = 1; subscribed = 0; news = 0 }
}

inline look() { if :: OURS(result) -> got = result :: else fi }

proctype Waiter() {
    subscribed = 1;
    /* Our publish: lua/publish.lua removes what is left of an earlier run. */
    atomic { phase == 0 -> result = 0; phase = 2 };
    look();
    do
    :: got != 0 -> break
    :: got == 0 && news != 0 ->
        atomic {
#ifdef REACH
            assert(news == 2);
#endif
#ifdef LARGE
            news = 0 };
        look()
#else
            if :: OURS(news) -> got = news :: else fi;
            news = 0 }
#endif
    :: got == 0 && !subscribed ->
        subscribed = 1;
#ifndef NO_LOOK
        look()
#endif
    od;
    assert(got == 2)
}

init { atomic { run Worker(); run Network(); run Waiter() } }

ltl answered { <> (got == 2) }
