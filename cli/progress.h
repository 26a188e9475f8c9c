/* Progress on standard error where it is a terminal and the work lasts over a second, and Ctrl-C: what is in flight is
 * finished, then the work stops with PL_INTERRUPTED. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H
#include <stdbool.h>

#include "parley.h"

/* Sets the progress callback of the options, and from now on lets Ctrl-C interrupt the work rather than the program. */
void cli_progress_attach(pl_explore_options *options, bool quiet);
/* From now on Ctrl-C is kept back until cli_interrupt_wait, which sleeps until it comes, or came, and then lets it
 * through: nothing between the two is missed. */
void cli_interrupt_hold(void);
void cli_interrupt_wait(void);
/* Wipes the bar away. */
void cli_progress_end(void);
/* Seconds on a clock that never goes back. */
double cli_seconds(void);
#endif
