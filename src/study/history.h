/* History against the model: the observed series of a situation's `data` beside what the model gives with its own
 * constants, over the priors and, where fitted futures are known, over these; and the errors of each forecast on the
 * values that were kept out.  Some seconds of runs; nothing is fitted here. */
#ifndef PL_HISTORY_H
#define PL_HISTORY_H
#include "study/fit.h"

typedef struct pl_history_series {
    pl_fit_series judged; /* points: own, prior, and the posterior where fitted futures are known, else NaN */
    double (*prior)[3];   /* [judged.data->count] 5, 50 and 95 % */
} pl_history_series;

/* What an uncertainty's draws rest on, as far as the data go. X(id) */
#define PL_DATA_BASES(X) X(UNREACHED) X(REACHED) X(FITTED)
typedef enum pl_data_basis {
#define X(id) PL_DATA_##id,
    PL_DATA_BASES(X)
#undef X
} pl_data_basis;

typedef struct pl_history {
    pl_arena arena;
    pl_situation *situation; /* owned */
    pl_observations observations;
    pl_history_series *series; /* [observations.count] */
    pl_data_basis *basis;      /* [uncertainty] FITTED: named by `fit`, or by the fitted futures */
    long fitted;               /* fitted futures; 0: none are known */
    bool converged;            /* as their file says */
} pl_history;

/* Of the situation at the path. fitted: the text of a file of fitted futures, as `parley fit` writes it; NULL: the
 * situation's fitted.csv, where it is there and of this situation. *history is NULL where the situation has no data, or
 * none that counts. */
pl_status pl_history_find(const char *path, const pl_given *fitted, int threads, pl_history **history, pl_error *error);
void pl_history_free(pl_history *history);
/* Whether given futures are fitted ones. */
bool pl_given_is_fitted(const pl_given *given);
#endif
