/* Progress on standard error where it is a terminal and the work lasts over a second, and Ctrl-C: what is in flight is
 * finished, then the work stops with PL_INTERRUPTED. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H
#include <stdbool.h>

#include "parley.h"

/* Sets the progress callback of the options, and from now on lets Ctrl-C interrupt the work rather than the program. */
void cli_progress_attach(pl_explore_options *options, bool quiet);
/* Wipes the bar away. */
void cli_progress_end(void);
/* Seconds on a clock that never goes back. */
double cli_seconds(void);
#endif
