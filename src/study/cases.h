/* A table of cases for scenario discovery: what went into each case (factors) and whether it is of interest.
 *
 * Cases of an ensemble share their futures and their profiles: an uncertainty has one value by future, an actor's course
 * one by profile.  A factor therefore keeps its values by units of its grain, and whoever sorts or counts by a factor does
 * so by unit, weighted by the cases of each, which gives exactly what a table with a row for each case gives.
 * Only cases without a missing value are kept. */
#ifndef PL_CASES_H
#define PL_CASES_H
#include "ensemble/ensemble.h"

/* X(id, name in JSON): integers and categories are peeled in ways of their own */
#define PL_FACTOR_KINDS(X) \
    X(REAL, "real")        \
    X(INTEGER, "integer")  \
    X(CATEGORY, "category")

typedef enum pl_factor_kind {
#define X(id, name) PL_FACTOR_##id,
    PL_FACTOR_KINDS(X)
#undef X
        PL_FACTOR_KIND_COUNT
} pl_factor_kind;
extern const char *const pl_factor_kind_names[PL_FACTOR_KIND_COUNT];

enum { PL_MOST_CATEGORIES = 100, PL_GRAINS = 2 };

typedef struct pl_grain {
    long units;
    const int *unit;  /* [cases] the unit of each case; NULL: a case is a unit of its own */
} pl_grain;

typedef struct pl_factor {
    const char *name;
    pl_factor_kind kind;
    int grain;
    double *values;   /* [units]; of a category its number, from 0 */
    int *order;       /* [ordered] of a number: the units that have cases, by rising value */
    long ordered;
    double low, high; /* of a number: over all cases */
    int category_count, first; /* of a category: the place of its first one among those of all factors */
    const char *const *categories; /* [category_count] */
    const pl_uncertainty *uncertainty; /* what it is in a situation; NULL: it is none */
    const pl_actor *actor;
    const int *courses; /* [category_count] of an actor: its courses; a category's name is the course's */
} pl_factor;

/* What was left out, and why. */
typedef struct pl_left_out {
    const char *name, *why;
} pl_left_out;

typedef struct pl_cases {
    long count, hits;    /* cases, and those of interest */
    long missing;        /* cases that were left out for a missing value */
    unsigned char *interest; /* [count] */
    pl_grain grains[PL_GRAINS];
    pl_factor *factors;
    int factor_count, category_count; /* category_count: of all factors together */
    pl_left_out *left_out;
    int left_out_count, left_out_room;
    const char *where;   /* the condition's text */
    const pl_risk *risk; /* that it names, or NULL */
    const char *profile; /* the named profile that the cases are of; NULL: all, or a table of a file */
    const pl_situation *situation; /* NULL: a table of a file */
    /* For intervals: cases of one cluster (a future) are no independent draws. */
    const int *cluster;  /* [count] the future of each; NULL: each case stands for itself */
    long clusters;       /* how many there are, those without a case too */
    bool random;         /* whether clusters are independent draws, rather than the design's replicates */
} pl_cases;

/* The choice of factors by name; count 0: all. */
typedef struct pl_factor_names {
    const char *const *names;
    int count;
} pl_factor_names;

/* The cases of an ensemble under a named profile, or (NULL) under all of them, with the courses of the actors as
 * categories. where is a condition over measures, or the name of a declared risk. The ensemble outlives the cases.
 * PL_USAGE: no such profile or factor; PL_INVALID: the condition. Memory is the arena's, whose out_of_memory leaves. */
pl_status pl_cases_of_ensemble(pl_arena *arena, const pl_ensemble *ensemble, const char *where, const char *profile,
                               pl_factor_names names, pl_cases *cases, pl_error *error);
/* The cases of a table as CSV, a row each; where is a condition over its columns, which are no factors then. A column
 * is of whole numbers where every field is one, of numbers where every field that is not missing is, else of categories
 * (True and False, too). PL_INVALID: the table or the condition; PL_USAGE: no such factor. */
pl_status pl_cases_of_table(pl_arena *arena, const char *text, size_t length, const char *file, const char *where,
                            pl_factor_names names, pl_cases *cases, pl_error *error);

/* What both end with: orders, ranges and numbers of categories; factors with one category only are left out.
 * PL_INVALID: no cases, or no factor. */
pl_status pl_cases_finish(pl_arena *arena, pl_cases *cases, pl_error *error);
void pl_cases_leave_out(pl_arena *arena, pl_cases *cases, const char *name, const char *why);

static inline long pl_cases_unit(const pl_cases *cases, const pl_factor *factor, long i) {
    const int *unit = cases->grains[factor->grain].unit;
    return unit ? unit[i] : i;
}
static inline double pl_cases_value(const pl_cases *cases, const pl_factor *factor, long i) {
    return factor->values[pl_cases_unit(cases, factor, i)];
}
#endif
