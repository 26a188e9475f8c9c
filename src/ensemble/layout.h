/* How a results file is laid out: the names of its variables, the same for the writer and the reader. */
#ifndef PL_LAYOUT_H
#define PL_LAYOUT_H
#include <netcdf.h>

#include "ensemble/situation.h"

/* X(id, prefix of its variables' names, how many, by profile, by future) */
#define PL_COLUMNS(X)                                     \
    X(MEASURE, "", measure_count, true, true)             \
    X(PAYOFF, "payoff_", actor_count, true, true)         \
    X(DRAW, "draw_", uncertainty_count, false, true)      \
    X(WEIGHT, "weight_", weight_count, false, true)       \
    X(COURSE, "course_", actor_count, true, false)

typedef enum pl_column_kind {
#define X(id, prefix, count, by_profile, by_future) PL_COLUMN_##id,
    PL_COLUMNS(X)
#undef X
        PL_COLUMN_KINDS
} pl_column_kind;

typedef struct pl_column {
    pl_column_kind kind;
    int index;               /* of the measure, actor, uncertainty or drawn weight */
    int id;                  /* in the open file */
    char name[NC_MAX_NAME + 1];
} pl_column;

typedef struct pl_layout {
    pl_column *columns;
    int count;
} pl_layout;

/* Names made legal for NetCDF: letters, digits and _ stay, and each name comes once. PL_MEMORY. */
pl_status pl_layout_make(const pl_situation *s, pl_layout *layout);
void pl_layout_free(pl_layout *layout);

/* libnetcdf is used by one thread at a time. */
void pl_netcdf_lock(void);
void pl_netcdf_unlock(void);

/* Failed futures come along with the results; the texts are attributes of the file. */
#define PL_RESULTS_FAILED "failed"
#define PL_RESULTS_MISSING "missing_cases"
enum { PL_RUN_FAILED_MARK = 1, PL_RUN_MISSING = 2 }; /* in the variable 'failed' */
#define PL_RESULTS_GIVEN "given_futures" /* the text of the file of futures, where there is one */
#define PL_RESULTS_GIVEN_HASH "given_futures_sha256"
#define PL_RESULTS_PROFILE "profile"
#define PL_RESULTS_FUTURE "future"
#endif
