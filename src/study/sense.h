/* Sensitivity: what an output hinges on.  A sample says what the inputs were in each row and what came of them; the methods
 * that its design allows are applied to every output:
 *   Sobol' first, total and second order (saltelli), Morris' elementary effects (morris), and from any other sample, of given
 *   data, delta, PAWN and regressions.
 *
 * Rows in which an output is missing are left out for that output, in whole blocks or trajectories where rows belong
 * together, and counted.  Intervals are estimate +- 1.96 standard deviations of a bootstrap (of rows, blocks or trajectories)
 * whose draws are addressed by the seed; over a Latin hypercube or a sequence of low discrepancy they are too wide. */
#ifndef PL_SENSE_H
#define PL_SENSE_H
#include <math.h>
#include <stdbool.h>

#include "base/error.h"
#include "ensemble/ensemble.h"
#include "study/game.h"

/* ---- samples --------------------------------------------------------------------------------------------- */

typedef struct pl_sense_output {
    const char *name; /* as conditions spell it: "m", "payoff(a)", "m - base(m)"; "equilibrium(x / y)" */
    double time;      /* of a variable over time; else NaN */
    bool share;       /* 1 where something happens and 0 where not */
    double *values;   /* [row]; NaN: missing */
    long missing;     /* rows without a value */
} pl_sense_output;

/* Where the rows of a block of Saltelli's design are: of A, of B, and the first of AB1 .. ABd and of BA1 .. BAd (-1: there
 * are none). */
typedef struct pl_saltelli {
    int unit, a, b, ab, ba;
} pl_saltelli;

typedef struct pl_sense_sample {
    pl_arena *arena;
    pl_design_kind kind;
    long rows, runs;      /* runs: that were made for it; 0: none */
    int input_count;
    const char **inputs;  /* names of inputs, or of groups of them */
    const char **members; /* [input] the names in a group, separated by ", "; NULL: no group */
    const double **x;     /* [input][row]: given data: values; MORRIS: levels, of a group the steps it has made */
    int output_count, output_room;
    pl_sense_output *outputs;
    pl_saltelli saltelli; /* SALTELLI */
    uint64_t seed;
    const char *profile, *text; /* of the outputs, "" where there is none; where the sample comes from */
} pl_sense_sample;

/* Adds an output of values a[row], or differences a - b where b is not NULL. The arena leaves where memory is out. */
pl_sense_output *pl_sense_add(pl_sense_sample *sample, const char *name, const double *a, const double *b);

/* Outputs that miss the same rows, which can be studied together. */
typedef struct pl_sense_group {
    int first, count; /* of the order */
    long rows;        /* that are present */
} pl_sense_group;
typedef struct pl_sense_groups {
    int *order;       /* [output] those of a group one after the other */
    pl_sense_group *groups;
    int count;
} pl_sense_groups;
/* The arena of the sample leaves where memory is out. */
pl_sense_groups pl_sense_groups_of(const pl_sense_sample *sample);

/* ---- resamples ------------------------------------------------------------------------------------------- */

/* What is drawn with replacement: units of rows (rows, replicates, blocks, trajectories). */
typedef struct pl_draws {
    uint64_t key;
    long units;
} pl_draws;
pl_draws pl_draws_of(const pl_sense_sample *sample, long units);
/* How often each unit counts in a resample: counts[units]. */
void pl_draws_take(const pl_draws *draws, long resample, double *counts);
/* estimate +- 1.96 x the standard deviation of values[count]; without an interval where that is not known. */
pl_interval pl_sense_interval(double estimate, const double *values, long count);

/* ---- results --------------------------------------------------------------------------------------------- */

typedef struct pl_sobol {
    long blocks, dropped;  /* whole, and left out because a run in them is missing */
    pl_interval *first, *total; /* [input] */
    pl_interval *second;   /* [pair: 0-1, 0-2, .. 1-2 ..]; NULL: the design has no such rows */
} pl_sobol;

typedef struct pl_morris {
    long trajectories, dropped;
    pl_interval *mu, *mu_star, *sigma; /* [input]; of groups of several inputs mu and sigma are NaN */
} pl_morris;

/* noise: the upper end of the interval of an input of random numbers, which does nothing. */
typedef struct pl_delta {
    int classes;
    pl_interval *delta, *first; /* [input]; first: first-order Sobol' index, by the same classes */
    double noise;
} pl_delta;

typedef struct pl_pawn_row {
    pl_interval median;
    double least, mean, most, cv;
} pl_pawn_row;
typedef struct pl_pawn {
    pl_pawn_row *rows; /* [input] */
    double noise;
} pl_pawn;

/* Regressions on all inputs at once, on values and on ranks. */
typedef struct pl_regression {
    bool resampled;     /* else intervals are Student's and Fisher's */
    pl_interval *src, *pcc, *srrc, *prcc; /* [input] */
    pl_interval r_squared, rank_r_squared;
    double adjusted, rank_adjusted;
} pl_regression;

typedef struct pl_sense_part {
    pl_sense_sample sample;
    /* [output], or NULL where the method does not apply */
    pl_sobol *sobol;
    pl_morris *morris;
    pl_delta *delta;
    pl_pawn *pawn;
    pl_regression *regression;
    const char *no_regression; /* why there is none; else NULL */
    int resamples, delta_resamples;
    bool studied;
} pl_sense_part;

struct pl_sense {
    pl_arena arena;
    pl_sense_part **parts;
    int part_count, part_room;
    const char **notes; /* what a reader should know, a sentence each */
    int note_count, note_room;
    char title[256];
    char outputs[400]; /* the names there were, for messages */
    bool *found;       /* [of_count] which of those that were asked for there are */
    pl_game *game;     /* of the outlook; NULL: none */
    pl_ensemble *results; /* a situation's, while they are read */
};

/* Each fills its part of `part`, over all outputs. PL_MEMORY; the arena of the sample leaves. */
pl_status pl_sense_sobol(pl_sense_part *part, int threads);
pl_status pl_sense_morris(pl_sense_part *part, int threads);
pl_status pl_sense_given(pl_sense_part *part, int threads); /* delta and PAWN */
pl_status pl_sense_regress(pl_sense_part *part, int threads);

/* Given data, ordered: what delta and PAWN share. The last column is of random numbers. */
typedef struct pl_given_data {
    const pl_sense_sample *sample;
    int columns;  /* inputs + 1 */
    double *x;    /* [column][row] */
    int *order;   /* [column][k] rows by rising x */
} pl_given_data;
/* results[output]. PL_MEMORY. */
pl_status pl_sense_delta(const pl_given_data *data, const pl_sense_groups *groups, int resamples, int threads,
                         pl_delta *results);
pl_status pl_sense_pawn(const pl_given_data *data, const pl_sense_groups *groups, int resamples, int threads,
                        pl_pawn *results);

/* Whether rows[unit] are all there. */
static inline bool pl_sense_whole(const double *rows, int unit) {
    for (int i = 0; i < unit; i++)
        if (!isfinite(rows[i])) return false;
    return true;
}

/* Makes a sensitivity: `make` adds parts, which are then studied unless they are already, with the outputs that the options
 * name. PL_USAGE where one of those is nowhere; what `make` returns. */
typedef pl_status pl_sense_make(pl_sense *sense, const void *what, const pl_sense_options *options, pl_error *error);
pl_status pl_sense_new(pl_sense_make *make, const void *what, const pl_sense_options *options, pl_sense **sense,
                       pl_error *error);
/* Studies a part by the methods that its design allows. PL_MEMORY. */
pl_status pl_sense_study(pl_sense *sense, pl_sense_part *part, const pl_sense_options *options, pl_error *error);

/* Measures and payoffs under a profile and under the base: [measure] and [actor] columns of [row]. base_measures NULL: the
 * profile is the base. */
typedef struct pl_sense_view {
    const double *const *measures, *const *base_measures, *const *payoffs, *const *base_payoffs;
} pl_sense_view;
/* Adds them as outputs, and their differences. */
void pl_sense_add_view(pl_sense_sample *sample, const pl_situation *s, const pl_sense_view *view);
/* The inputs of a situation: drawn values for given data, with weights that are drawn; else what the design moves. */
void pl_sense_add_inputs(pl_sense_sample *sample, const pl_situation *s, const pl_design *design, long rows);
/* A further part, empty, for rows of a design. */
pl_sense_part *pl_sense_part_new(pl_sense *sense, pl_design_kind kind, long rows, uint64_t seed, const char *profile);
/* From results: the part of all rows, and where a variable is named one of its series. */
pl_status pl_sense_read(pl_sense *sense, const pl_ensemble *ensemble, const pl_sense_options *options, pl_error *error);

/* The times of a variable over time, of which there are at most so many, spread evenly. */
enum { PL_SENSE_TIMES = 13 };
/* A sentence among the notes. The arena leaves where memory is out. */
void pl_sense_note(pl_sense *sense, const char *format, ...) PL_FORMAT(2, 3);
#endif
