/* Runs that give link scores over time: of one case alone, or of a situation's futures under a profile. */
#ifndef PL_LOOPRUN_H
#define PL_LOOPRUN_H
#include "ensemble/situation.h"
#include "study/linkscores.h"

enum { PL_LOOP_POINTS = 1000 }; /* at most about so many points are looked at: else every second, third, ... saved one */

/* Called for each future and point in time from the second on: scores[link]. Points come in order, each with all lanes
 * of its block; false ends the block. item: the block's number. */
typedef bool pl_loop_visit_row(void *context, long item, int thread, long future, int point, const double *scores);

typedef struct pl_loop_runs {
    const pl_link_graph *graph;
    const pl_model *model;
    const pl_situation *situation; /* NULL: the model alone */
    long profile;
    uint64_t seed;
    int threads;
    pl_loop_visit_row *visit;
    void *context;
    double *times; /* run_alone: [points], pl_release frees it */
    int points;
} pl_loop_runs;

/* One run with the model's own constants, and where there is a situation under its profile: future 0. Gives the times.
 * Statuses as for compiling; PL_MEMORY. */
pl_status pl_loop_run_alone(pl_loop_runs *runs, pl_error *error);
/* Futures [0, futures) of the situation, in blocks of 16 that threads share; the points are those of
 * pl_loop_run_alone. */
enum { PL_LOOP_LANES = 16 };
pl_status pl_loop_run_futures(const pl_loop_runs *runs, long futures, pl_error *error);
#endif
