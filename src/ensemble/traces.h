/* Traces: the values of variables over time in the first futures of some profiles, bit for bit those of the runs that the
 * measures are taken from.  What `series:` and --keep-series keep in a results file, and what fan charts are drawn of.
 *
 * A set of traces says what is kept and when; running fills one profile's values at a time, so that memory is bounded by
 * a bundle of traces.  Missing is a value that is not finite, or :NA:; what comes before a run's failure stays. */
#ifndef PL_TRACES_H
#define PL_TRACES_H
#include "ensemble/design.h"
#include "program/program.h"

enum { PL_TRACE_FUTURES = 200, PL_MOST_TRACES = 4096, PL_MOST_POINTS = 10000 };

typedef struct pl_traces {
    pl_arena arena;
    const pl_situation *s; /* must outlive the traces */
    pl_output *outputs;    /* [count] one element each */
    const char **names;    /* [count] as the model spells them */
    long *profiles;        /* [profile_count] combinations of courses, each once */
    double *times;         /* [points] */
    int count, profile_count, futures, points;
    pl_program *program;   /* NULL until the times are found */
    const double *draws;   /* [uncertainty][draw_stride] in place of the design's; NULL: the design's */
    size_t draw_stride;
} pl_traces;

/* What a situation keeps: its `series` and what the options add, under its named profiles and the base. Without any of
 * them count is 0. The times are not known yet. PL_USAGE where an option names nothing that can be kept; PL_MEMORY. */
pl_status pl_traces_list(const pl_situation *s, pl_traces **traces, pl_error *error);
/* The same with the times; NULL where a situation keeps none. Statuses as for compiling, too. */
pl_status pl_traces_make(const pl_situation *s, pl_traces **traces, pl_error *error);
/* What --keep-series names, one in a line without a break at the end; pl_release frees it. PL_MEMORY. */
pl_status pl_keep_print(const pl_situation *s, char **lines, size_t *length);
/* Takes such lines apart, in memory of the arena; none where they are empty. PL_MEMORY. */
pl_status pl_keep_read(pl_arena *arena, const char *lines, size_t length, const char *const **names, int *count);
/* The given variables under the given profiles. PL_MEMORY. */
pl_status pl_traces_choose(const pl_situation *s, const pl_output *outputs, int count, const long *profiles,
                          int profile_count, pl_traces **traces, pl_error *error);
void pl_traces_free(pl_traces *traces);
/* Compiles what runs them, and finds the times. Statuses as for compiling; PL_INVALID where there are too many. */
pl_status pl_traces_compile(pl_traces *traces, pl_error *error);
/* The place of a profile among those of the traces, or -1. */
int pl_traces_place(const pl_traces *traces, long profile);

/* How many traces are run together, so that their values fit in some 16 MiB; at least 1. */
int pl_traces_bundle(const pl_traces *traces);
/* Runs traces [from, to) of one profile: values[trace - from][future][point]. Threads may run different ones of the
 * same compiled traces at once. PL_MEMORY. */
pl_status pl_traces_run(const pl_traces *traces, long profile, int from, int to, double *values);
#endif
