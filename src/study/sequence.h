/* The sequence form of a part in which two players act (von Stengel, Games and Economic Behavior 14:220, 1996): a
 * sequence is an action with all own actions before it, numbered from 1 for each side; 0 is the empty one. */
#ifndef PL_SEQUENCE_H
#define PL_SEQUENCE_H
#include "study/part.h"

typedef struct pl_side {
    int player;
    int set_count;
    int *sets;      /* [set of the side] its index in the part */
    int *first;     /* [set of the side] number of its first sequence */
    int *before;    /* [set of the side] the sequence before it */
    int *count;     /* [set of the side] its actions */
    int sequences;  /* with the empty one */
    int *set_of;    /* [sequence] its set of the side; -1 of the empty one */
} pl_side;

typedef struct pl_sequence_form {
    pl_part *part;
    pl_side sides[2];
    mpq_t *payoffs[2]; /* of each side: [sequence of side 0][sequence of side 1], weighted by chance */
    mpq_t *weights;    /* likewise: chance's probability of the leaves of each pair */
    bool zero_sum;     /* the payoffs of both add up to `sum` at every leaf */
    mpq_t *sum;
} pl_sequence_form;

/* False: there are too many sequences (most of both sides together), or not two players who act. */
bool pl_sequence_form_start(pl_sequence_form *form, pl_part *part, int most);
static inline mpq_t *pl_sequence_payoff(const pl_sequence_form *f, int side, int own, int other) {
    int row = side ? other : own, column = side ? own : other;
    return &f->payoffs[side][(size_t)row * (size_t)f->sides[1].sequences + (size_t)column];
}
static inline mpq_t *pl_sequence_weight(const pl_sequence_form *f, int row, int column) {
    return &f->weights[(size_t)row * (size_t)f->sides[1].sequences + (size_t)column];
}
/* What each of a side's sequences gives against the other's plan, with the best that follows: values[sequence]; at 0
 * the value of the whole part. */
void pl_sequence_respond(const pl_sequence_form *form, int side, mpq_t *const plan, mpq_t *values);
/* The plan of a side that is best against the worst that the other can do, by a linear program. */
bool pl_sequence_best_plan(const pl_sequence_form *form, int side, mpq_t *plan);
/* Adds the behaviour of a pair of plans; where a plan does not lead, a best response to the other's.
 * False: there are as many solutions as may be. */
bool pl_sequence_add(const pl_sequence_form *form, mpq_t *const plan0, mpq_t *const plan1, pl_part_solutions *solutions);
#endif
