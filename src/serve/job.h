/* A request that runs in a thread of its own, and what came of it.  The thread that made the job asks after it, cancels
 * and frees it; the job's own writes its results before it says that it is over. */
#ifndef PL_JOB_H
#define PL_JOB_H
#include "serve/experiment.h"

/* X(id, name) */
#define PL_JOB_STATES(X)       \
    X(RUNNING, "running")      \
    X(DONE, "done")            \
    X(CANCELLED, "cancelled")  \
    X(FAILED, "failed")

typedef enum pl_job_state {
#define X(id, name) PL_JOB_##id,
    PL_JOB_STATES(X)
#undef X
        PL_JOB_STATE_COUNT
} pl_job_state;
extern const char *const pl_job_state_names[PL_JOB_STATE_COUNT];

/* A text that job and responses share: whoever comes last frees it. */
typedef struct pl_shared_text {
    char *text;
    size_t length;
    atomic_int holders;
} pl_shared_text;
void pl_shared_text_leave(pl_shared_text *shared); /* NULL is fine */

typedef struct pl_job pl_job;
/* Takes the request over, in any case. folder NULL: nothing is written. PL_MEMORY. */
pl_status pl_job_start(const pl_experiment *experiment, pl_request *request, const char *folder, pl_job **job,
                       pl_error *error);
pl_job_state pl_job_get_state(const pl_job *job);
void pl_job_progress(pl_job *job, long *done, long *all);
void pl_job_cancel(pl_job *job);
/* Of a job that is done: its JSON and its CSV, to be held as long as the job is; the path of the CSV in the folder, or
 * ""; how long it took. Of one that has failed: why; of one that is done: why its files could not be written, or "". */
pl_shared_text *pl_job_results(pl_job *job);
pl_shared_text *pl_job_futures(pl_job *job);
const char *pl_job_file(const pl_job *job);
double pl_job_seconds(const pl_job *job);
const char *pl_job_message(const pl_job *job);
/* Cancels it where it runs, and waits for its end. */
void pl_job_free(pl_job *job);
#endif
