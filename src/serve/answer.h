/* An answer as what a page, a person and a spreadsheet read.  The same request gives the same bytes. */
#ifndef PL_ANSWER_H
#define PL_ANSWER_H
#include "serve/experiment.h"

/* JSON (docs/serve.md): what was asked, what determines the numbers, quantiles over time, paired differences.
 * PL_MEMORY. */
pl_status pl_answer_print(const pl_answer *answer, char **text, size_t *length);
/* A row for each future: what it draws, the measures and payoffs of the reader's state, and those of the base.
 * PL_INTERRUPTED, PL_MEMORY. */
pl_status pl_answer_print_futures(const pl_answer *answer, pl_run_control *control, char **text, size_t *length);
#endif
