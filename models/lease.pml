/*
 * Leases and fencing: who does not hold a task any more changes nothing about it (lua/claim.lua, renew.lua, finish.lua,
 * fail.lua, release.lua, publish.lua).
 *
 * Property   Whatever is accepted comes from the claim that handed the task out last; each publish leads to at most one
 *            completion; at any time of the server at most one lease has not ended.
 * Abstract   One task, whose id may be published again. After a failure or a release it is free at once, which is also
 *            every moment at which a delay may end. A stopped process is one that takes its next step late, a killed
 *            one never takes it. Time passes in steps at any moment.
 *
 * @pass  good             safety
 * @fail  attempt-only     safety -DATTEMPT_ONLY
 * @fail  owner-only       safety -DOWNER_ONLY
 * @fail  claims-too-early safety -DCLAIMS_TOO_EARLY
 * @fail  no-token         safety -DNO_TOKEN
 * @reach late-holder      safety -DREACH=1
 * @reach saved-by-nonce   safety -DREACH=2
 */
#ifndef REACH
#define REACH 0
#endif

/* In Redis: the record, the token (no nonce: nobody holds the task), the end of the lease. */
bit stored = 1
byte attempt, nonce, ends, now

byte claims             /* counts the claims, which are the nonces */
byte holder             /* the claim that handed the task out last; 0 when its attempt has ended */
byte published = 1, completed

#if defined(ATTEMPT_ONLY)
#define NONCE(me) 1
#elif defined(OWNER_ONLY)
#define NONCE(me) (me & 1)
#else
#define NONCE(me) claims
#endif

#if defined(NO_TOKEN)
#define HELD (stored && nonce != 0)
#elif defined(OWNER_ONLY)
#define HELD (stored && nonce == mine)
#else
#define HELD (stored && nonce == mine && attempt == try)
#endif

#ifdef CLAIMS_TOO_EARLY
#define FREE (nonce == 0 || ends <= now + 1)
#else
#define FREE (nonce == 0 || ends <= now)
#endif

proctype Worker(byte me) {
    byte mine, try, claim;
end:
    do
    :: atomic { stored && FREE && claims < 4 ->
        assert(nonce == 0 || ends <= now);
        claims++; attempt++;
        nonce = NONCE(me); mine = nonce; try = attempt;
        holder = claims; claim = claims;
        ends = now + 2 }
        do
        :: atomic { HELD -> assert(holder == claim); ends = now + 2 }
        :: atomic { HELD -> assert(holder == claim); stored = 0; nonce = 0; holder = 0; completed++;
            assert(completed <= published) }
            break
        :: atomic { HELD -> assert(holder == claim); nonce = 0; holder = 0 }                    /* fail */
            break
        :: atomic { HELD -> assert(holder == claim); nonce = 0; holder = 0; attempt-- }         /* release */
            break
        :: atomic { !HELD -> assert(REACH != 1 || holder == 0 || holder == claim);
            assert(REACH != 2 || !(stored && nonce != 0 && attempt == try)) }
            break
        :: goto end                                                                             /* forgets it */
        :: goto killed
        od
    od;
killed:
    skip
}

proctype Environment() {
end:
    do
    :: atomic { now < 5 -> now++ }
    :: atomic { !stored && published < 2 -> published++; stored = 1; attempt = 0; nonce = 0; holder = 0 }
    od
}

init { atomic { run Worker(1); run Worker(3); run Environment() } }
