/* Dominance between the options of a choice over the futures: of the states (in every future at least as good), and of
 * the distributions of what they give, of the first and of the second order (Hadar and Russell, American Economic
 * Review 59:25, 1969; Hanoch and Levy, Review of Economic Studies 36:335, 1969): whoever wants more prefers what
 * dominates in the first order, whoever also dislikes risk what does in the second. */
#ifndef PL_STOCHASTIC_H
#define PL_STOCHASTIC_H
#include "study/criteria.h"

/* X(id, "name", "what it says of a over b"): each implies all that follow */
#define PL_DOMINANCES(X)                                                                          \
    X(STRICT, "strict", "better in every future")                                                 \
    X(WEAK, "weak", "at least as good in every future, better in some")                           \
    X(FIRST, "first order", "at least as likely to give any amount or more")                      \
    X(SECOND, "second order", "preferred by all who want more and dislike risk")

typedef enum pl_dominance {
#define X(id, name, text) PL_DOMINANCE_##id,
    PL_DOMINANCES(X)
#undef X
        PL_DOMINANCE_COUNT
} pl_dominance;
extern const char *const pl_dominance_names[PL_DOMINANCE_COUNT];

typedef struct pl_pair { /* option a against option b */
    pl_interval better;   /* the share of futures in which a gives more */
    pl_interval lead;     /* a less b, the mean over the futures */
    pl_dominance holds;   /* the strongest that holds in these futures; PL_DOMINANCE_COUNT: none */
    double share[PL_DOMINANCE_COUNT]; /* of the resamples in which each holds; NaN: no resamples */
} pl_pair;

/* pairs[a x options + b]; those with a = b are 0. Of two equal distributions none dominates. Leaves by the arena's
 * out_of_memory. */
pl_pair *pl_pairs_make(pl_arena *arena, const pl_outcomes *outcomes, const pl_sample *sample,
                       const pl_ensemble *ensemble,
                       int replicates);
#endif
