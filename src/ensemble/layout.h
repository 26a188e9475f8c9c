/* How a results file is laid out: the names of its variables, the same for the writer and the reader. */
#ifndef PL_LAYOUT_H
#define PL_LAYOUT_H
#include <netcdf.h>

#include "ensemble/traces.h"

/* The dimensions of a variable: profile x future, one of them, or those of the series that are kept. */
typedef enum pl_dimensions { PL_BY_CASE, PL_BY_FUTURE, PL_BY_PROFILE, PL_BY_TIME } pl_dimensions;

/* X(id, prefix of its variables' names, how many of a situation s and its kept traces, dimensions) */
#define PL_COLUMNS(X)                                         \
    X(MEASURE, "", s->measure_count, PL_BY_CASE)              \
    X(PAYOFF, "payoff_", s->actor_count, PL_BY_CASE)          \
    X(DRAW, "draw_", s->uncertainty_count, PL_BY_FUTURE)      \
    X(WEIGHT, "weight_", s->weight_count, PL_BY_FUTURE)       \
    X(COURSE, "course_", s->actor_count, PL_BY_PROFILE)       \
    X(SERIES, "series_", traces ? traces->count : 0, PL_BY_TIME)

typedef enum pl_column_kind {
#define X(id, prefix, count, dimensions) PL_COLUMN_##id,
    PL_COLUMNS(X)
#undef X
        PL_COLUMN_KINDS
} pl_column_kind;

typedef struct pl_column {
    pl_column_kind kind;
    int index;               /* of the measure, actor, uncertainty, drawn weight or trace */
    int id;                  /* in the open file */
    char name[NC_MAX_NAME + 1];
} pl_column;

typedef struct pl_layout {
    pl_column *columns;
    int count;
} pl_layout;

/* Names made legal for NetCDF: letters, digits and _ stay, and each name comes once. traces: the series that are kept,
 * or NULL. PL_MEMORY. */
pl_status pl_layout_make(const pl_situation *s, const pl_traces *traces, pl_layout *layout);
void pl_layout_free(pl_layout *layout);

/* libnetcdf is used by one thread at a time. */
void pl_netcdf_lock(void);
void pl_netcdf_unlock(void);

/* Failed futures come along with the results; the texts are attributes of the file. */
#define PL_RESULTS_FAILED "failed"
#define PL_RESULTS_MISSING "missing_cases"
#define PL_RESULTS_MISSING_SERIES "missing_series"
#define PL_RESULTS_KEEP "keep_series" /* the names that --keep-series gave, one in a line */
enum { PL_RUN_FAILED_MARK = 1, PL_RUN_MISSING = 2 }; /* in the variable 'failed' */
#define PL_RESULTS_CHOSEN "courses_chosen" /* the courses that took part, where not all did */
#define PL_RESULTS_GIVEN "given_futures" /* the text of the file of futures, where there is one */
#define PL_RESULTS_GIVEN_HASH "given_futures_sha256"
#define PL_RESULTS_PROFILE "profile"
#define PL_RESULTS_FUTURE "future"
/* The dimensions of series, and the variables that name their profiles and times. */
#define PL_RESULTS_SERIES_PROFILE "series_profile"
#define PL_RESULTS_SERIES_FUTURE "series_future"
#define PL_RESULTS_TIME "time"
#endif
