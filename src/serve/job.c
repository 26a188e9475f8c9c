/* See job.h. */
#include "serve/job.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "serve/answer.h"

enum { MOST_FILES = 1000000, PATH_ROOM = 4096, BESIDE_ROOM = PATH_ROOM + 8 };

struct pl_job {
    const pl_experiment *experiment;
    pl_request request;
    pl_run_control control;
    long all; /* pieces of work */
    atomic_int state;
    pthread_t thread;
    pl_shared_text *results, *futures;
    const char *folder;
    char file[PATH_ROOM];
    double seconds;
    pl_error error;
};

const char *const pl_job_state_names[PL_JOB_STATE_COUNT] = {
#define X(id, name) name,
    PL_JOB_STATES(X)
#undef X
};

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- texts ------------------------------------------------------------------------------------------------ */

void pl_shared_text_leave(pl_shared_text *shared) {
    if (!shared || atomic_fetch_sub(&shared->holders, 1) > 1) return;
    pl_text_free(shared->text);
    pl_release(shared);
}

static pl_status share(pl_status status, char *text, size_t length, pl_shared_text **shared) {
    if (status != PL_OK) return status;
    if (!(*shared = pl_allocate(sizeof **shared))) {
        pl_text_free(text);
        return PL_MEMORY;
    }
    (*shared)->text = text, (*shared)->length = length;
    atomic_init(&(*shared)->holders, 1);
    return PL_OK;
}

static pl_status print(pl_job *job, const pl_answer *answer) {
    char *text = NULL;
    size_t length = 0;
    pl_status status = pl_answer_print(answer, &text, &length);
    status = share(status, text, length, &job->results);
    if (status != PL_OK) return status;
    status = pl_answer_print_futures(answer, &job->control, &text, &length);
    return share(status, text, length, &job->futures);
}

/* ---- files ------------------------------------------------------------------------------------------------ */

/* run-N.json, beside run-N.csv. */
static void find_beside(const pl_job *job, char out[BESIDE_ROOM]) {
    snprintf(out, BESIDE_ROOM, "%.*s.json", (int)(strlen(job->file) - 4), job->file);
}

static bool make_empty(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) close(file);
    return file >= 0;
}

/* Both files or none, empty; else errno says why. */
static bool make_both(const pl_job *job) {
    char beside[BESIDE_ROOM];
    find_beside(job, beside);
    if (!make_empty(job->file)) return false;
    if (make_empty(beside)) return true;
    int why = errno;
    unlink(job->file);
    errno = why;
    return false;
}

/* The first number that no file of the folder has; its files are made, empty, so that no other takes it. */
static pl_status claim_files(pl_job *job) {
    for (int number = 1; number <= MOST_FILES; number++) {
        int written = snprintf(job->file, sizeof job->file, "%s/run-%d.csv", job->folder, number);
        if (written < 0 || written >= PATH_ROOM)
            return pl_error_set(&job->error, PL_FILE, NULL, 0, 0, "the folder's path is too long");
        if (make_both(job)) return PL_OK;
        if (errno != EEXIST)
            return pl_error_set(&job->error, PL_FILE, job->file, 0, 0, "cannot be written: %s", strerror(errno));
    }
    return pl_error_set(&job->error, PL_FILE, job->folder, 0, 0, "holds too many runs");
}

/* Where one cannot be written, neither stays. */
static pl_status write_files(pl_job *job) {
    char beside[BESIDE_ROOM];
    if (!job->folder) return PL_OK;
    pl_status status = claim_files(job);
    if (status != PL_OK) return status;
    find_beside(job, beside);
    status = pl_file_write(job->file, job->futures->text, job->futures->length, &job->error);
    if (status == PL_OK) status = pl_file_write(beside, job->results->text, job->results->length, &job->error);
    if (status != PL_OK) unlink(job->file), unlink(beside);
    return status;
}

/* ---- the thread ------------------------------------------------------------------------------------------- */

static pl_status run(pl_job *job) {
    pl_answer answer;
    double began = seconds_now();
    pl_status status = pl_experiment_run(job->experiment, &job->request, &job->control, &answer, &job->error);
    if (status != PL_OK) return status;
    status = print(job, &answer);
    pl_answer_free(&answer);
    job->seconds = seconds_now() - began;
    if (status != PL_OK) return pl_error_set(&job->error, status, NULL, 0, 0, "%s", pl_status_text(status));
    if (write_files(job) != PL_OK) *job->file = 0; /* it is done all the same; the message says why it has no file */
    return PL_OK;
}

static void *work(void *argument) {
    pl_job *job = argument;
    pl_status status = run(job);
    pl_job_state other = status == PL_INTERRUPTED ? PL_JOB_CANCELLED : PL_JOB_FAILED;
    atomic_store(&job->state, status == PL_OK ? PL_JOB_DONE : other);
    return NULL;
}

static bool start_thread(pl_job *job) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the caller's threads */
    int failed = pthread_create(&job->thread, NULL, work, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return !failed;
}

pl_status pl_job_start(const pl_experiment *experiment, pl_request *request, const char *folder, pl_job **started,
                       pl_error *error) {
    pl_job *job = pl_allocate(sizeof *job);
    *started = NULL;
    if (job) {
        *job = (pl_job){.experiment = experiment, .request = *request, .folder = folder,
                        .all = pl_experiment_work(experiment, request)};
        if (start_thread(job)) {
            *request = (pl_request){0};
            *started = job;
            return PL_OK;
        }
    }
    pl_release(job);
    pl_request_free(request);
    return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
}

void pl_job_free(pl_job *job) {
    if (!job) return;
    pl_job_cancel(job);
    pthread_join(job->thread, NULL);
    pl_shared_text_leave(job->results);
    pl_shared_text_leave(job->futures);
    pl_request_free(&job->request);
    pl_release(job);
}

/* ---- asking ----------------------------------------------------------------------------------------------- */

pl_job_state pl_job_get_state(const pl_job *job) { return (pl_job_state)atomic_load(&job->state); }

void pl_job_progress(pl_job *job, long *done, long *all) {
    *all = job->all;
    *done = atomic_load(&job->control.done);
}

void pl_job_cancel(pl_job *job) { atomic_store(&job->control.stop, true); }
pl_shared_text *pl_job_results(pl_job *job) { return job->results; }
pl_shared_text *pl_job_futures(pl_job *job) { return job->futures; }
const char *pl_job_file(const pl_job *job) { return job->file; }
double pl_job_seconds(const pl_job *job) { return job->seconds; }
const char *pl_job_message(const pl_job *job) { return job->error.message; }
