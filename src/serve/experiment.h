/* Runs of what a reader asks for, and of the base, in the same futures: the same numbers as `explore` and the page give
 * for the same futures, courses, levers and uncertainties. */
#ifndef PL_EXPERIMENT_H
#define PL_EXPERIMENT_H
#include <stdatomic.h>

#include "ensemble/ensemble.h"
#include "serve/request.h"

enum { PL_ANSWER_QUANTILES = 5, PL_ANSWER_MEDIAN = 2, PL_ANSWER_PATHS = 20, PL_ANSWER_STATES = 2 };
extern const double pl_answer_levels[PL_ANSWER_QUANTILES]; /* 5, 25, 50, 75, 95 % */

/* A situation compiled for requests. */
typedef struct pl_experiment pl_experiment;
/* threads 0: as many as there are processors. The ensemble must outlive it. PL_MEMORY and what compiling may return. */
pl_status pl_experiment_new(const pl_ensemble *ensemble, int threads, pl_experiment **experiment, pl_error *error);
void pl_experiment_free(pl_experiment *experiment);
/* PL_USAGE where the situation's design does not give so many futures, or a number is outside the range of its slider. */
pl_status pl_experiment_allows(const pl_experiment *experiment, const pl_request *request, pl_error *error);

/* How far a run has come, and whether it is to stop: written and read by two threads. */
typedef struct pl_run_control {
    atomic_long done; /* of the pieces of its work */
    atomic_bool stop;
} pl_run_control;

/* What came of one state, base or reader's. A number that is missing is NaN. */
typedef struct pl_answer_state {
    double *measures;      /* [measure][future] */
    double *payoffs;       /* [actor][future] */
    double *quantiles;     /* [output][level][point] over all futures */
    double *paths;         /* [output][path][point] of the first futures */
    double *ends;          /* [output][future] the last point */
    unsigned char *failed; /* [future] */
} pl_answer_state;

typedef struct pl_answer {
    pl_situation s; /* a copy with the futures of the request; what it points to is the ensemble's */
    const pl_program *program;
    const pl_output *outputs;
    const pl_request *request;
    long futures;
    int output_count, points, paths, threads;
    pl_answer_state states[PL_ANSWER_STATES]; /* the base; the reader's, which is the base's where nothing differs */
} pl_answer;

/* Of how many pieces of work a run is, with the printing of its futures. */
long pl_experiment_work(const pl_experiment *experiment, const pl_request *request);
/* The request must outlive the answer. PL_INTERRUPTED where control says so; PL_USAGE, PL_MEMORY. */
pl_status pl_experiment_run(const pl_experiment *experiment, const pl_request *request, pl_run_control *control,
                            pl_answer *answer, pl_error *error);
void pl_answer_free(pl_answer *answer);
#endif
