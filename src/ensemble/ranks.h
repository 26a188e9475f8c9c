/* Processes that explore one situation together under MPI: ranks.  They share nothing but a counter of work items and
 * the .part file; which rank ran an item shows nowhere.  The module that calls MPI (mpi.c) is loaded only where this
 * process was started under it. */
#ifndef PL_RANKS_H
#define PL_RANKS_H
#include "parley.h"

typedef struct pl_ranks {
    int rank, size;
    /* Collective: the counter of items begins at 0 again. */
    void (*begin)(void);
    /* The next item over all ranks; any thread may call it. */
    long (*take)(void *unused);
    /* Collective, and so a barrier too: the largest of all ranks' values. */
    int (*agree)(int value);
} pl_ranks;

/* The ranks that this process belongs to, for as long as it lives; NULL where it was started alone. PL_UNSUPPORTED
 * where it was started under MPI and the module cannot be loaded. */
pl_status pl_ranks_join(const pl_ranks **ranks, pl_error *error);
/* Exported by the module: joins all ranks; NULL where MPI will not have it. */
typedef const pl_ranks *pl_ranks_module(void);
pl_ranks_module pl_ranks_module_join;
#endif
