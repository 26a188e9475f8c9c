/* PRIM, the patient rule induction method (Friedman and Fisher, Statistics and Computing 9:123, 1999), for scenario
 * discovery (Bryant and Lempert, Technological Forecasting and Social Change 77:34, 2010), with the semantics of the
 * EMA workbench's prim.py (Kwakkel, Environmental Modelling & Software 96:239, 2017):
 *
 *   - a peel of a number goes to the midpoint between the two cases around the quantile, and where these are tied, to the
 *     midpoint between the tie and the next other value inwards; of whole numbers it is cut to one, and the limit is then
 *     the outermost case that is left; a category is peeled alone;
 *   - the best peel has the highest objective, then restricts the fewest factors, then comes first: numbers, whole
 *     numbers, categories; of each factor in the table's order the upper end before the lower;
 *   - pasting moves a limit back to the paste quantile of the cases beyond it, if the mean rises.
 *
 * Same cases, same boxes, to the last bit of a limit. */
#ifndef PL_PRIM_H
#define PL_PRIM_H
#include "study/cases.h"

/* X(id, name, what a peel or paste is judged by) */
#define PL_OBJECTIVES(X)                                                    \
    X(LENIENT1, "lenient1", "the gain in mean by case that is taken off")   \
    X(LENIENT2, "lenient2", "that, times the cases that stay")              \
    X(ORIGINAL, "original", "the mean of what stays")

typedef enum pl_objective {
#define X(id, name, text) PL_OBJECTIVE_##id,
    PL_OBJECTIVES(X)
#undef X
        PL_OBJECTIVE_COUNT
} pl_objective;
extern const char *const pl_objective_names[PL_OBJECTIVE_COUNT];

typedef struct pl_prim_settings {
    pl_objective objective;
    double peel_alpha, paste_alpha; /* in (0, 0.5) */
    double mass_min;                /* the least share of all cases that a box holds */
} pl_prim_settings;

/* A box: limits of numbers, both included, and the categories that it holds. */
typedef struct pl_prim_box {
    double *low, *high;   /* [factor] */
    unsigned char *holds; /* [category of all factors] */
    int restricted;       /* factors that it limits */
    long count, hits;     /* the cases in it, and those of interest */
} pl_prim_box;

typedef struct pl_prim_trajectory {
    pl_prim_box *boxes; /* the first holds all cases that remained */
    int count, room;
    int peeled;    /* the first of them were peeled, the others pasted */
} pl_prim_trajectory;

/* One limit of a box: the low (0) or high (1) end of a number, or the categories of a factor (0). */
typedef struct pl_prim_limit {
    int factor, side;
} pl_prim_limit;

typedef struct pl_prim {
    pl_arena *arena;
    const pl_cases *cases;
    pl_prim_settings settings;
    long total, hits;        /* cases that take part, and those of interest */
    pl_prim_box initial;          /* around them */
    unsigned char *remains;  /* [case] takes part and is in no box yet */
    long *n[PL_GRAINS], *k[PL_GRAINS]; /* [unit] cases of a set, and those of interest */
    int **order;             /* [factor] of a number: the units that have cases in the box, by rising value */
    long *ordered;
    long *members;           /* [case] those in the box */
    unsigned char *breaks[PL_GRAINS]; /* [unit] how many limits of a box its cases break, at most 2, and the last of these */
    int *broken[PL_GRAINS];
    pl_prim_limit *limits;        /* of that box */
    int limit_count;
} pl_prim;

/* members[case]: those that take part; NULL: all. Memory of all of these is the arena's, whose out_of_memory leaves. */
void pl_prim_start(pl_prim *prim, pl_arena *arena, const pl_cases *cases, const pl_prim_settings *settings,
                   const unsigned char *members);
/* The next box among the cases that remain, with all the boxes on the way to it. At least one case must remain. */
void pl_prim_find(pl_prim *prim, pl_prim_trajectory *trajectory);
/* Takes the cases of a box out of those that remain. */
void pl_prim_remove(pl_prim *prim, const pl_prim_box *box);

/* ---- boxes (prim_box.c) ---- */

pl_prim_box pl_prim_box_copy(pl_arena *arena, const pl_cases *cases, const pl_prim_box *box);
/* Whether the box limits a factor more than the initial one does. */
bool pl_prim_restricts(const pl_prim *prim, const pl_prim_box *box, int factor);
/* Notes which limits the units break; then how many of them a case breaks (2: or more), and the last in *limit. */
void pl_prim_mark(pl_prim *prim, const pl_prim_box *box);
int pl_prim_breaks(const pl_prim *prim, long i, int *limit);
/* How sure each limit is (Bryant and Lempert 2010): the probability of as many cases of interest in the box or more,
 * were they as frequent in it as in the box without that limit; one-sided binomial. quasi_p[2 x factor + side], NaN
 * where there is no limit; of categories side 0. The cases are those that remain. */
void pl_prim_quasi_p(pl_prim *prim, const pl_prim_box *box, double *quasi_p);
#endif
