/* The module that calls MPI: a counter of work items in a window of rank 0, and agreement.  See ranks.h.  Built where
 * MPI is found, as a library of its own. */
#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>

#include "ensemble/ranks.h"

static pl_ranks own;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* MPI is called by one thread at a time */
static MPI_Win window;
static long *counter; /* rank 0's is the one that counts */

static void begin(void) {
    MPI_Barrier(MPI_COMM_WORLD);
    if (own.rank == 0) {
        MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, window);
        *counter = 0;
        MPI_Win_unlock(0, window);
    }
    MPI_Barrier(MPI_COMM_WORLD);
}

static long take(void *unused) {
    const long one = 1;
    long item = 0;
    (void)unused;
    pthread_mutex_lock(&turn);
    MPI_Win_lock(MPI_LOCK_SHARED, 0, 0, window);
    MPI_Fetch_and_op(&one, &item, MPI_LONG, 0, 0, MPI_SUM, window);
    MPI_Win_unlock(0, window);
    pthread_mutex_unlock(&turn);
    return item;
}

static int agree(int value) {
    int largest = value;
    MPI_Allreduce(&value, &largest, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return largest;
}

static void leave(void) {
    MPI_Win_free(&window);
    MPI_Finalize();
}

const pl_ranks *pl_ranks_module_join(void) {
    int level;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level) != MPI_SUCCESS || level < MPI_THREAD_SERIALIZED)
        return NULL;
    own = (pl_ranks){.begin = begin, .take = take, .agree = agree};
    MPI_Comm_rank(MPI_COMM_WORLD, &own.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &own.size);
    MPI_Aint bytes = own.rank == 0 ? (MPI_Aint)sizeof *counter : 0;
    MPI_Win_allocate(bytes, sizeof *counter, MPI_INFO_NULL, MPI_COMM_WORLD, &counter, &window);
    atexit(leave);
    return &own;
}
