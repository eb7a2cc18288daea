/*
 * A call whose reply was lost is made again, with the same number: it has its effect once, and both deliveries get the
 * same answer (lua/answers.lua, lua/epilogue.lua, CallAttempt, CallWindow).
 *
 * Property   One effect for each call; an answer belongs to the call that gets it; what was done is never answered with
 *            "lease lost".
 * Abstract   Two calls one after the other on two places of the answers, a finish each; any delivery or reply may be lost,
 *            at most three times. A delivery that was given up may still arrive, before the next connection does anything.
 *
 * @pass  good             safety
 * @fail  no-answers       safety -DNO_ANSWERS
 * @fail  one-place        safety -DONE_PLACE
 * @reach repeated         safety -DREACH
 */
byte effects[3]             /* of each call */
byte kept[2]                /* the number of the call whose answer a place keeps */
byte losses, last

#ifdef ONE_PLACE
/* No number is kept beside the answer, so that any answer in the place counts. */
#define KNOWN(number) (kept[0] != 0)
#define PLACE(number) 0
#else
#define KNOWN(number) (kept[PLACE(number)] == number)
#define PLACE(number) (number % 2)
#endif

/* The script: answers D (1) or L (2). */
inline deliver(number) {
    atomic {
        if
#ifndef NO_ANSWERS
        :: KNOWN(number) -> answer = 1;
#ifdef REACH
            assert(false)
#endif
#endif
        :: else ->
            if
            :: effects[number] == 0 -> effects[number]++; kept[PLACE(number)] = number; answer = 1
            :: else -> answer = 2
            fi
        fi
    }
}

active proctype Caller() {
    byte answer, call = 1;
    do
    :: call <= 2 ->
        if
        :: losses < 3 -> losses++                                 /* not delivered */
        :: losses < 3 -> deliver(call); losses++                  /* the reply is lost */
        :: deliver(call) ->
            assert(answer == 1 && effects[call] == 1);
            call++
        fi
    :: call > 2 -> break
    od
}
