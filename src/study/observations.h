/* Observed series, as the files that a situation's `data` names hold them: one number for each time, in the order of
 * time. docs/fit.md says how such a file looks. */
#ifndef PL_OBSERVATIONS_H
#define PL_OBSERVATIONS_H
#include "ensemble/situation.h"

typedef struct pl_datum {
    double time, value;
    int line;      /* of the file */
    bool held_out; /* not fitted to: what is fitted is judged on it */
} pl_datum;

typedef struct pl_observed_series {
    const pl_observed *of;
    const char *path;  /* of the file, for messages */
    const char *units; /* the first of the file's column `unit` or `units`; "" where there is none */
    const char *source; /* the same of `source` */
    pl_datum *data;    /* [count] by rising time */
    int count, fitted; /* fitted: how many are not held out; they come first */
    double scale[2];   /* the range of the error's scale; equal where it is fixed, 0 where the error has none */
} pl_observed_series;

typedef struct pl_observations {
    pl_observed_series *series; /* [count] as `data` lists them */
    int count;
    char *text;  /* of the file that is being read, for the caller to pl_release where reading was left */
} pl_observations;

/* Reads all series of a situation. Memory is the arena's, whose out_of_memory leaves. PL_INVALID with the place,
 * PL_FILE; PL_NO_DATA where the situation has none. */
pl_status pl_observations_read(const pl_situation *situation, pl_arena *arena, pl_observations *observations,
                               pl_error *error);
/* One series from a text; file names it in messages, holdout is the fit's (NaN: none). */
pl_status pl_observed_series_read(const pl_observed *of, double holdout, const char *text, size_t length,
                                  const char *file, pl_arena *arena, pl_observed_series *series, pl_error *error);
#endif
