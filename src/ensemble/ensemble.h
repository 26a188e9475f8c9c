/* An ensemble in memory: the measures and payoffs of profiles x futures, from a run or from a results file.
 * Profiles are the situation's combinations of courses, the last actor fastest. */
#ifndef PL_ENSEMBLE_H
#define PL_ENSEMBLE_H
#include "ensemble/traces.h"

struct pl_ensemble {
    pl_arena arena;
    pl_situation *situation; /* owned; rebuilt from the texts that a results file holds */
    long profiles, futures;
    uint64_t seed;
    int measure_count, actor_count, uncertainty_count;
    double *measures;  /* [measure][profile][future]; NaN = missing */
    double *payoffs;   /* [actor][profile][future] */
    double *draws;     /* [uncertainty][future] */
    double *weights;   /* [drawn weight][future] */
    unsigned char *failed; /* [profile][future] */
    long failed_count;
    long base;         /* the profile for differences */
    pl_traces *traces; /* the series that the results file keeps, without a program; NULL: none */
    int file;          /* from which they are read: open as long as traces is not NULL */
    int *series;       /* [trace] its variable in the file */
};

static inline const double *pl_ensemble_measure(const pl_ensemble *e, int measure, long profile) {
    return e->measures + ((size_t)measure * (size_t)e->profiles + (size_t)profile) * (size_t)e->futures;
}
static inline const double *pl_ensemble_payoff(const pl_ensemble *e, int actor, long profile) {
    return e->payoffs + ((size_t)actor * (size_t)e->profiles + (size_t)profile) * (size_t)e->futures;
}
/* Reads a trace under the profile of a place in the traces: values[future][point]. Threads take turns. PL_INVALID where
 * the file is damaged. */
pl_status pl_ensemble_series(const pl_ensemble *e, int trace, int place, double *values, pl_error *error);
/* The results of a situation where its results file holds them; NULL: it does not. */
pl_ensemble *pl_situation_results(const pl_situation *situation);
/* "course / course / ..." or the name of the named profile that is this combination, into out. */
int pl_ensemble_profile_name(const pl_ensemble *e, long profile, pl_language language, char *out, size_t room);
#endif
