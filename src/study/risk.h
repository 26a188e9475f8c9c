/* Risks: in what share of the futures a condition on measures holds under each profile, and how that differs from the
 * base over the same futures. */
#ifndef PL_RISK_H
#define PL_RISK_H
#include "ensemble/ensemble.h"

typedef struct pl_risk_share {
    long futures;           /* in which the condition can be judged */
    pl_interval share;      /* Wilson's interval (JASA 22, 1927); a design that is not random: Student's t */
    pl_interval difference; /* from the base, paired: its mean and normal interval, or likewise Student's t */
} pl_risk_share;

/* shares[risk x profile_count + k]: of the k-th profile. PL_INVALID where a condition cannot be bound, PL_MEMORY. */
pl_status pl_ensemble_risks(const pl_ensemble *ensemble, const long *profiles, int profile_count, pl_risk_share *shares,
                            pl_error *error);
#endif
