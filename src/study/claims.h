/* Tests of claims: for each that names a cause and an effect, the same futures with and without the cause, and in what
 * share of them the effect has the claimed sign.  What was claimed is in ensemble/claims.h; docs/claims.md says what
 * each form tests and what each verdict means. */
#ifndef PL_STUDY_CLAIMS_H
#define PL_STUDY_CLAIMS_H
#include "ensemble/claims.h"

/* X(id, name, what it means) */
#define PL_VERDICTS(X)                                                                                             \
    X(TOO_SMALL, "too small to tell", "the median effect is under 1 % of the measure's spread over the futures")   \
    X(SUPPORTED, "supported", "the claimed sign in at least 90 % of the futures, and the mean's 95 % interval excludes 0") \
    X(ASSUMED, "assumed", "as supported, but the sign follows from the model's form: no run could contradict it")  \
    X(CONTRADICTED, "contradicted", "the claimed sign in at most 10 % of the futures, and the interval excludes 0") \
    X(CONTESTED, "contested", "none of the others: it hangs on what nobody knows")                                 \
    X(OPEN, "open", "no sign was claimed: the finding is the share of futures with a positive effect")             \
    X(UNTOLD, "no result", "no future gave a number")

typedef enum pl_verdict {
#define X(id, name, text) PL_VERDICT_##id,
    PL_VERDICTS(X)
#undef X
        PL_VERDICT_COUNT
} pl_verdict;
extern const char *const pl_verdict_names[PL_VERDICT_COUNT];

/* One effect of one cause. */
typedef struct pl_effect {
    int measure;         /* of the situation */
    pl_span span;        /* where it is not the measure's own */
    char sign;           /* claimed */
    pl_verdict verdict;
    bool assumed;        /* the basis: the sign follows from the model's form */
    long futures;        /* that gave a number */
    pl_interval share;   /* of futures with the claimed sign (OPEN: a positive one): Wilson's interval */
    pl_interval effect;  /* the mean: normal interval of paired differences, or Student's t over a design's replicates */
    double median;
    double spread;       /* of the measure without the cause: from the 5 % to the 95 % quantile */
    int turns;           /* the uncertainty whose draws go with the effect most, by rank, or -1 */
    double correlation;  /* Spearman's, with it */
} pl_effect;

typedef struct pl_claim_result {
    const pl_claim *claim;
    pl_effect *effects;  /* [effect_count] of a chain or horizon one each; else one */
    int effect_count;
    pl_verdict verdict;  /* of the claim as a whole */
    bool assumed;
    pl_interval share;   /* of futures in which all effects have their signs */
    int *path, path_length; /* variables from the cause to the (last) effect, the shortest way; 0: there is none */
} pl_claim_result;

struct pl_claim_tests {
    pl_arena arena;
    pl_situation *situation; /* owned */
    pl_claims *claims;       /* owned */
    pl_claim_result *results; /* [count] those that are tested, in the file's order */
    int count, untested, outside;
    long futures, runs;
};
#endif
