/* The reader of games in extensive form, from seeds of its own. */
#include "nfg.c"
