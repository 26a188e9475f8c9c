/* Profile likelihood: what of a parameter's range the data leave, the other parameters being free to make up for it. */
#ifndef PL_PROFILE_LIKELIHOOD_H
#define PL_PROFILE_LIKELIHOOD_H
#include "study/fit.h"

/* Fills the profiles of all parameters from the maximum in problem->best (unit cube) with the log-likelihood *value.
 * Where a profile finds a higher one both are replaced. PL_MEMORY, PL_INTERRUPTED. */
pl_status pl_profiles_find(pl_fit_problem *problem, pl_fit_parameter *parameters, double *value);
#endif
