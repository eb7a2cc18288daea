/* The C library that Bellows uses on Debian: apt-get install libhiredis-dev. Any hiredis from 0.14.1 on. */
#ifndef BELLOWS_CHIREDIS_SHIM_H
#define BELLOWS_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>

#if HIREDIS_MAJOR == 0 && (HIREDIS_MINOR < 14 || (HIREDIS_MINOR == 14 && HIREDIS_PATCH < 1))
#error "Bellows needs hiredis 0.14.1 or later"
#endif

#endif
