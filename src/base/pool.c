/* A parallel for: each thread takes the next item, from an atomic counter or the caller's, until none is left or one
 * has failed. Native only (the WebAssembly build has no threads). */
#include "base/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/arena.h"

typedef struct pl_crew {
    pl_work *work;
    void *context;
    long count;
    pl_next_item *take;
    void *source;
    atomic_bool stop;
    pthread_mutex_t lock; /* guards failed_item and status */
    long failed_item;
    pl_status status;
} pl_crew;

typedef struct pl_worker {
    pl_crew *crew;
    int thread;
    pthread_t id;
} pl_worker;

int pl_processor_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > 1024 ? 1024 : (int)count;
}

static void note_failure(pl_crew *crew, long item, pl_status status) {
    atomic_store(&crew->stop, true);
    pthread_mutex_lock(&crew->lock);
    if (crew->status == PL_OK || item < crew->failed_item) {
        crew->failed_item = item;
        crew->status = status;
    }
    pthread_mutex_unlock(&crew->lock);
}

static void *take_items(void *argument) {
    pl_worker *worker = argument;
    pl_crew *crew = worker->crew;
    while (!atomic_load(&crew->stop)) {
        long item = crew->take(crew->source);
        if (item >= crew->count) break;
        pl_status status = crew->work(crew->context, item, worker->thread);
        if (status != PL_OK) note_failure(crew, item, status);
    }
    return NULL;
}

static long take_next(void *counter) { return atomic_fetch_add((atomic_long *)counter, 1); }

pl_status pl_parallel_for(long count, int threads, pl_work *work, void *context) {
    atomic_long next = 0;
    return pl_parallel_take(take_next, &next, count, threads, work, context);
}

pl_status pl_parallel_take(pl_next_item *take, void *source, long count, int threads, pl_work *work, void *context) {
    if (threads <= 0) threads = pl_processor_count();
    if (threads > count) threads = count < 1 ? 1 : (int)count;
    pl_worker *workers = pl_allocate(sizeof(pl_worker) * (size_t)threads);
    if (!workers) return PL_MEMORY;
    pl_crew crew = {.work = work, .context = context, .count = count, .take = take, .source = source, .lock = PTHREAD_MUTEX_INITIALIZER};
    int started = 1; /* the caller works too; a thread that cannot be had only makes it slower */
    for (int i = 0; i < threads; i++) workers[i] = (pl_worker){.crew = &crew, .thread = i};
    while (started < threads && !pthread_create(&workers[started].id, NULL, take_items, &workers[started])) started++;
    take_items(&workers[0]);
    for (int i = 1; i < started; i++) pthread_join(workers[i].id, NULL);
    pl_release(workers);
    pthread_mutex_destroy(&crew.lock);
    return crew.status;
}
