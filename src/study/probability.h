/* Distribution functions that tests and intervals need: beta, Student's t, binomial.  The normal ones are in
 * ensemble/situation.h. All are accurate to about 1e-12 for sizes up to a million. */
#ifndef PL_PROBABILITY_H
#define PL_PROBABILITY_H

/* The regularised incomplete beta function I_x(a, b), a and b > 0: the probability below x of Beta(a, b). Lentz's
 * continued fraction (Abramowitz and Stegun 26.5.8). NaN where an argument makes no sense. */
double pl_beta_probability(double x, double a, double b);
/* Its inverse in x, by bisection; NaN where p is not in [0, 1]. */
double pl_beta_quantile(double p, double a, double b);

/* Student's t with df > 0 degrees of freedom: the probability below t, and the quantile at p in (0, 1). */
double pl_t_probability(double t, double df);
double pl_t_quantile(double p, double df);

/* The probability that at least, or at most, k of n trials succeed, each with probability p in [0, 1]. */
double pl_binomial_at_least(long k, long n, double p);
double pl_binomial_at_most(long k, long n, double p);
#endif
