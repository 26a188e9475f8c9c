/* Operators that make candidates from candidates, as Borg has them (Hadka and Reed, Evol. Comput. 21:231, 2013): which
 * one suits a problem is found out while searching.  Variables lie in [0, 1]; what an operator throws beyond is put on
 * the bound.  Every random number is addressed, none drawn in sequence. */
#ifndef PL_OPERATORS_H
#define PL_OPERATORS_H
#include <stdbool.h>
#include <stdint.h>

/* X(id, name, parents, children, whether polynomial mutation follows, "what it is") */
#define PL_OPERATORS(X)                                                                     \
    X(SBX, "SBX", 2, 2, true, "simulated binary crossover")                                 \
    X(DE, "DE", 4, 1, true, "differential evolution, rand/1/bin")                           \
    X(PCX, "PCX", 3, 2, true, "parent-centric crossover")                                   \
    X(SPX, "SPX", 3, 2, true, "simplex crossover")                                          \
    X(UNDX, "UNDX", 3, 2, true, "unimodal normal distribution crossover")                   \
    X(UM, "UM", 1, 1, false, "uniform mutation")

typedef enum pl_operator {
#define X(id, name, parents, children, mutated, text) PL_OPERATOR_##id,
    PL_OPERATORS(X)
#undef X
        PL_OPERATOR_COUNT
} pl_operator;

enum { PL_MOST_PARENTS = 4, PL_MOST_CHILDREN = 2 };

const char *pl_operator_name(pl_operator kind);
const char *pl_operator_text(pl_operator kind);
int pl_operator_parents(pl_operator kind);
int pl_operator_children(pl_operator kind);

/* Random numbers of one place of a search: Philox of a key, the place, and a counter. */
typedef struct pl_dice {
    uint64_t key, place, counter;
} pl_dice;
double pl_dice_uniform(pl_dice *dice);           /* in (0, 1) */
double pl_dice_normal(pl_dice *dice);            /* of mean 0 and variance 1 */
int pl_dice_below(pl_dice *dice, int count);     /* 0 .. count - 1 */

/* Makes pl_operator_children children of `variables` numbers each from pl_operator_parents parents; the first parent is
 * the one that DE and PCX build on and that UM changes. work has room for PL_OPERATOR_WORK x variables numbers. */
enum { PL_OPERATOR_WORK = 6 };
void pl_operator_apply(pl_operator kind, pl_dice *dice, const double *const *parents, int variables,
                       double *const *children, double *work);
/* The same without the mutation that follows it. */
void pl_operator_cross(pl_operator kind, pl_dice *dice, const double *const *parents, int variables,
                       double *const *children, double *work);
/* Each variable anew with probability `rate`, at least one of them. */
void pl_mutate_uniformly(pl_dice *dice, double *x, int variables, double rate);
#endif
