/* Threads: a parallel for. Native only. */
#ifndef PL_POOL_H
#define PL_POOL_H
#include <stdbool.h>
#include "parley.h"

/* Calls work(context, item, thread) once for each item in [0, count), in any order, on `threads` threads (the caller
 * is thread 0; threads <= 0 means as many as there are processors). Stops handing out items once work has returned
 * something other than PL_OK, and returns that (the first by item number among those that ran). */
typedef pl_status pl_work(void *context, long item, int thread);
pl_status pl_parallel_for(long count, int threads, pl_work *work, void *context);
/* The same over the items that take(source) hands out until one is `count` or above. */
typedef long pl_next_item(void *source);
pl_status pl_parallel_take(pl_next_item *take, void *source, long count, int threads, pl_work *work, void *context);
int pl_processor_count(void);
#endif
