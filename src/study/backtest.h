/* Back-tests: what is known to have happened, against one run of the model with its own constants.  Each declares what
 * it expects to come of it, so that a model's failures are on record before anything is fitted.  A situation names a CSV
 * file under `backtests`; docs/backtests.md gives its columns. */
#ifndef PL_BACKTEST_H
#define PL_BACKTEST_H
#include "ensemble/situation.h"

/* X(id, name, what it takes of the variable between the times from and to) */
#define PL_BACKTEST_TAKES(X)                                   \
    X(AT, "at", "the value at `to`")                           \
    X(CHANGE, "change", "the value at `to` less that at `from`") \
    X(RATIO, "ratio", "the value at `to` over that at `from`") \
    X(RELATIVE, "relative", "that ratio less 1")               \
    X(MEAN, "mean", "the mean of the saved values")            \
    X(PEAK, "peak", "the time of the largest saved value")

/* X(id, name, what it means) */
#define PL_OUTCOMES(X)                                                              \
    X(PASS, "pass", "the value lies within the tolerance of the target")            \
    X(FAIL, "fail", "it does not")                                                  \
    X(CANNOT, "cannot-represent", "what happened is not in the model: nothing is judged")

typedef enum pl_backtest_take {
#define X(id, name, text) PL_BACKTEST_##id,
    PL_BACKTEST_TAKES(X)
#undef X
        PL_BACKTEST_TAKE_COUNT
} pl_backtest_take;

typedef enum pl_outcome_kind {
#define X(id, name, text) PL_OUTCOME_##id,
    PL_OUTCOMES(X)
#undef X
        PL_OUTCOME_COUNT
} pl_outcome_kind;
extern const char *const pl_outcome_names[PL_OUTCOME_COUNT];

typedef struct pl_backtest {
    const char *id, *variable, *source, *what;
    pl_title title; /* what, in both languages */
    double target, tolerance, from, to;
    pl_backtest_take take;
    pl_outcome_kind expected, outcome;
    double value; /* of the model; NaN where it has none */
} pl_backtest;

struct pl_backtests {
    pl_arena arena;
    pl_backtest *tests;
    int count, different; /* how many came out otherwise than declared */
};

/* As pl_situation_backtest, from a text; file stands for it in messages. */
pl_status pl_backtests_run(const pl_situation *situation, const char *text, size_t length, const char *file,
                           pl_backtests **backtests, pl_findings *findings, pl_error *error);
#endif
