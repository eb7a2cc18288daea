/*
 * Singletons: one owner, a successor one lease after its death, none that is freed by somebody else
 * (lua/claim_singleton.lua, lua/singleton.lua).
 *
 * Property   At any time of the server at most one lease has not ended, and only its owner changes the record (safety).
 *            A dead owner is followed by another one (live).
 * Abstract   Two processes. One may die as owner. Time passes whenever it likes; a timer fires at any moment after its
 *            time.
 *
 * @pass  good             safety
 * @pass  takeover         live -DLIVE
 * @fail  no-fence         safety -DNO_FENCE
 * @fail  early-takeover   safety -DEARLY_TAKEOVER
 * @fail  no-timer         live -DLIVE -DNO_TIMER
 * @reach late-end         safety -DREACH
 */
byte now, ends, token       /* no token: free */
byte claims, owner          /* the claim that holds it, as it really is */
bit dead, followed

#ifdef EARLY_TAKEOVER
#define FREE (token == 0 || ends <= now + 1)
#else
#define FREE (token == 0 || ends <= now)
#endif

#ifdef NO_FENCE
#define HELD (token != 0)
#else
#define HELD (token == mine)
#endif

proctype Process(bit mortal) {
    byte mine, timer;
    bit armed = 1;
end:
    do
    /* Its timer fires, or a signal says that it is free. */
    :: atomic { armed && (claims < 6 || (dead && !followed)) && (timer <= now || token == 0) ->
        if
        :: FREE ->
            assert(token == 0 || ends <= now);
            claims++; token = claims; mine = claims; owner = claims;
            ends = now + 2; armed = 0; followed = followed || dead
        :: else ->
            /* Somebody else's until then. */
#ifdef NO_TIMER
            timer = 255
#else
            timer = ends
#endif
        fi }
    :: atomic { mine != 0 && HELD -> assert(owner == mine); ends = now + 2 }
    :: atomic { mine != 0 && !dead && HELD && !mortal ->
        assert(owner == mine); token = 0; owner = 0; mine = 0; armed = 1; timer = 0 }
    :: atomic { mine != 0 && !HELD ->
#ifdef REACH
        assert(token == 0);
#endif
        mine = 0; armed = 1; timer = now }
    :: atomic { mortal && mine != 0 && token == mine -> dead = 1; break }
    od
}

proctype Clock() {
end:
#ifdef LIVE
    /* Renewals of the living do not matter for what follows a death. */
    do
    :: atomic { dead && !followed && now < ends -> now++ }
    od
#else
    do
    :: atomic { now < 6 -> now++ }
    od
#endif
}

init { atomic { run Process(1); run Process(0); run Clock() } }

#ifdef LIVE
ltl follows { [] (dead -> <> followed) }
#endif
