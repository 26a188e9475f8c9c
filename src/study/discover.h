/* Scenario discovery: boxes of the inputs in which most cases of interest lie (PRIM), with how well each limit
 * stands up, a choice among them, and a classification tree as a second opinion. */
#ifndef PL_DISCOVER_H
#define PL_DISCOVER_H
#include "study/cart.h"
#include "study/prim.h"

enum { PL_COVERAGE, PL_DENSITY };
#define PL_HELD 0.5

/* How often a factor is limited in PRIM boxes of random halves of the cases: in the box of nearest coverage, and of
 * nearest density, as shares of the halves. */
typedef struct pl_reproduced {
    double coverage, density;
} pl_reproduced;

/* What one search found: the trajectory, and of each of its boxes how good and how sure it is. */
typedef struct pl_found {
    pl_prim_trajectory trajectory;
    double **quasi_p;       /* [box][2 x factor + side] */
    pl_interval *coverage;  /* [box] its share of all cases of interest */
    pl_interval *density;   /* [box] the share of its cases that are of interest */
    int chosen;             /* the box that is spoken of */
    /* By which rule: "balanced": the smaller one of coverage and density is the largest, of equal ones the least
     * restricted, then the first; "last"; or "given". */
    const char *rule;
    bool meets;             /* whether the last box's density reaches the threshold */
    pl_reproduced *reproduced; /* [factor] of the chosen box; NULL: not resampled */
    /* The chosen box with those limits only that stand up: a quasi-p of at most 0.05, and (where there are halves)
     * again in at least half of them by density. */
    pl_prim_box kept;
    pl_interval kept_coverage, kept_density;
    /* Coverage and density of the halves' boxes of nearest density in the other halves: mean, least, most. */
    pl_interval outside[2];
    /* What of the box is left there: of its coverage, and of what its density is above the share of interest among
     * the cases that it was found in. Below PL_HELD of either, or where no half's box holds any case of the other
     * half, the box is doubtful: it fits its sample rather than the condition. NaN, and not doubtful: there are no
     * halves. */
    double held[2];
    bool doubtful;
} pl_found;

struct pl_discovery {
    pl_arena arena;
    const pl_ensemble *ensemble; /* not owned: the discovery ends before it; NULL: of a table */
    pl_cases cases;
    pl_prim_settings settings;
    double threshold;
    int resamples;
    pl_interval share;       /* of all cases that are of interest */
    pl_prim prim;
    pl_found *found;         /* [count] box after box */
    int count;
    bool exhausted;          /* no case of interest is left for one box more */
    pl_cart cart;
    pl_interval *cart_coverage, *cart_density; /* [leaf] */
    pl_interval cart_both[2]; /* coverage and density of the leaves of which most cases are of interest together */
    double agreement;        /* cases in those leaves and in the first chosen box, as a share of those in either; NaN: none */
};

/* Coverage and density of the marked cases as estimates, with intervals that take the marking as given. */
void pl_discovery_shares(pl_discovery *d, const unsigned char *marked, pl_interval *coverage, pl_interval *density);
/* How far a found box's chosen limits come again in random halves of the cases that it was found among, which are those
 * that remain; and how well the halves' boxes do in the other halves (reproduce.c). */
void pl_discovery_reproduce(pl_discovery *d, pl_found *found, uint64_t seed);
/* As pl_table_discover, of a text in memory; file stands for it in messages. */
pl_status pl_table_discover_text(const char *text, size_t length, const char *file, const pl_discover_options *options,
                                 pl_discovery **discovery, pl_error *error);
#endif
