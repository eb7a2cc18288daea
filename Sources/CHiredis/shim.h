/* The C library that Bellows uses on Debian: apt-get install libhiredis-dev. Any hiredis from 0.14.1 on. */
#ifndef BELLOWS_CHIREDIS_SHIM_H
#define BELLOWS_CHIREDIS_SHIM_H

#include <hiredis/hiredis.h>

#endif
