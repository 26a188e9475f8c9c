/* Designs: which futures are drawn.  A draw is addressed by seed, name and future, so that any case can be made alone.
 * Under the random and the Latin design an uncertainty more or less changes no other draw; the others give each
 * uncertainty its place, in the order of the situation. */
#ifndef PL_DESIGN_H
#define PL_DESIGN_H
#include "ensemble/situation.h"

/* Where the intervals of estimates come from: futures are independent draws; 10 independent replicates; or the futures
 * are no sample of what may come, and there are none. */
typedef enum pl_design_basis { PL_BASIS_DRAWS, PL_BASIS_REPLICATES, PL_BASIS_NONE } pl_design_basis;

/* X(id, name, basis, "what it is", "how many futures it takes"); d: uncertainties, N, r, L: any numbers */
#define PL_DESIGNS(X)                                                                                                  \
    X(RANDOM, "random", PL_BASIS_DRAWS, "independent draws", "any")                                                    \
    X(LATIN, "latin", PL_BASIS_REPLICATES, "Latin hypercubes, 10 independent ones", "any")                             \
    X(HALTON, "halton", PL_BASIS_REPLICATES, "Halton's sequence of low discrepancy, 10 times scrambled", "any")        \
    X(FACTORIAL, "factorial", PL_BASIS_NONE, "every combination of L levels in the middle of equal shares", "L^d, L from 2") \
    X(MORRIS, "morris", PL_BASIS_NONE, "Morris' trajectories: one uncertainty after the other moves by two thirds of its range", "r (d + 1)") \
    X(SALTELLI, "saltelli", PL_BASIS_NONE, "Saltelli's blocks A, B, AB1 .. ABd, BA1 .. BAd over a scrambled Halton sample", "N (2 d + 2)") \
    X(ONE_AT_A_TIME, "one-at-a-time", PL_BASIS_NONE, "all at their medians, then each alone at its 5 % and 95 % quantile", "2 d + 1") \
    X(GIVEN, "given", PL_BASIS_DRAWS, "the rows of a file, as if each were drawn by itself", "as many as the file has")

typedef enum pl_design_kind {
#define X(id, name, basis, text, futures) PL_DESIGN_##id,
    PL_DESIGNS(X)
#undef X
        PL_DESIGN_COUNT
} pl_design_kind;

/* The kind of a name, or -1; its own name, which lives for ever; its basis. */
int pl_design_named(const char *name);
const char *pl_design_name(pl_design_kind kind);
pl_design_basis pl_design_basis_of(const char *name);
/* "a, b or c" */
const char *pl_design_list(char *out, size_t room);
/* Whether a design of so many futures exists for so many uncertainties (or parts, as below); else why not, and what
 * would do, in `why`. */
bool pl_design_takes(pl_design_kind kind, int dimensions, long futures, char *why, size_t room);

typedef struct pl_design {
    pl_design_kind kind;
    uint64_t seed;
    long futures;
    int dimensions;           /* uncertainties */
    const int *bases;         /* HALTON, SALTELLI: the first 2 x dimensions primes */
    const pl_copula *copula;  /* NULL: independent */
    const pl_given *given;    /* GIVEN: not NULL */
    const int *group;         /* [dimensions] MORRIS, SALTELLI: which uncertainties move together; NULL: each alone */
    int groups;
} pl_design;

/* The situation's design. */
pl_design pl_design_of(const pl_situation *s);
/* What the design moves one after the other: groups, or uncertainties. */
int pl_design_parts(const pl_design *design);
/* The first `count` primes. */
void pl_design_primes(int *primes, int count);

/* The replicate of a future, from 0, its first future and its size: consecutive futures, sizes that differ by one at
 * most, the first ones longer. */
enum { PL_REPLICATES = 10 };
typedef struct pl_replicate {
    int number;
    long first, size;
} pl_replicate;
pl_replicate pl_design_replicate(long futures, long future);

/* The probability at which an uncertainty's quantile is taken in a future, in (0, 1), before correlations. hash: of its
 * name; place: its index. */
double pl_design_probability(const pl_design *design, uint64_t hash, int place, long future);
/* A weight in a future: its number; or, where it has a distribution, a draw of its own stream under a design that is a
 * sample, and its mean under one that is none. */
double pl_design_weight(const pl_design *design, const pl_want *want, long future);
/* The value of an uncertainty in a future. */
double pl_design_draw(const pl_design *design, const pl_uncertainty *uncertainty, long future);
#endif
