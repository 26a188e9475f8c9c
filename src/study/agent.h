/* Agent logit quantal response equilibria of a tree: agent.c. */
#ifndef PL_AGENT_H
#define PL_AGENT_H
#include "study/behaviour.h"

/* Whether the tree is small enough to be followed. */
bool pl_agent_fits(const pl_tree *tree);
/* Follows the principal branch and adds the equilibrium of options->lambda to the solution, or (0) the limit of the
 * branch, with `all` also the branch at some values of lambda. */
void pl_agent_solve(pl_tree_solution *solution, const pl_solve_options *options, bool all);
#endif
