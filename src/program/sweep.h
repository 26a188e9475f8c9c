/* Sweeps: element-wise instructions that follow each other, carried out together for one strip of lanes after the other.
 * What the next operation takes stays in registers, and a strip's operands in the first level of the cache.
 *
 * A sweep is a list of operations on the value in hand, r.  An operand x or y is a register's lanes or, where the code
 * ends in _U (_UR: x, _RU: y, _UU: both), one number for all of them.  An operation gives the bits that the kernel of its
 * function gives (model/functions.h).  sweep.c makes them, sweeps.c carries them out. */
#ifndef PL_SWEEP_H
#define PL_SWEEP_H
#include <stddef.h>
#include <stdint.h>

/* Loops that sanitizers leave alone: with them clang takes minutes for the strips of a sweep, and a product of matrices
 * for a run. */
#define PL_UNWATCHED __attribute__((no_sanitize("address", "undefined")))

/* Of r and one operand. X(id, the new r) */
#define PL_SWEEP_PAIRS(X)                    \
    X(TAKE, x)                               \
    X(ADD, r + x)                            \
    X(SUBTRACT, r - x)                       \
    X(SUBTRACT_FROM, x - r)                  \
    X(MULTIPLY, r * x)                       \
    X(DIVIDE, r / x)                         \
    X(DIVIDE_INTO, x / r)                    \
    X(MAX, LARGER(r, x))                     \
    X(MAX_SWAPPED, LARGER(x, r))             \
    X(MIN, SMALLER(r, x))                    \
    X(MIN_SWAPPED, SMALLER(x, r))            \
    X(EQUAL, TRUTH(r == x))                  \
    X(UNEQUAL, TRUTH(r != x))                \
    X(LESS, TRUTH(r < x))                    \
    X(LESS_EQUAL, TRUTH(r <= x))             \
    X(GREATER, TRUTH(r > x))                 \
    X(GREATER_EQUAL, TRUTH(r >= x))          \
    X(AND, TRUTH((r != ZERO) & (x != ZERO))) \
    X(OR, TRUTH((r != ZERO) | (x != ZERO)))

/* Of r alone. */
#define PL_SWEEP_SINGLES(X)   \
    X(NEGATE, -r)             \
    X(SQUARE, r * r)          \
    X(ABS, MAGNITUDE(r))      \
    X(NOT, TRUTH(r == ZERO))

/* Of r and two operands, or of two operands. */
#define PL_SWEEP_TRIPLES(X)               \
    X(IF_THEN_ELSE, CHOOSE(r != ZERO, x, y)) \
    X(THEN_ELSE_IF, CHOOSE(x != ZERO, r, y)) \
    X(ELSE_IF_THEN, CHOOSE(x != ZERO, y, r)) \
    X(SUM, x + y)                         \
    X(DIFFERENCE, x - y)                  \
    X(PRODUCT, x * y)                     \
    X(QUOTIENT, x / y)

typedef enum pl_sweep_code {
#define X(id, value) PL_SWEEP_##id, PL_SWEEP_##id##_U,
    PL_SWEEP_PAIRS(X)
#undef X
#define X(id, value) PL_SWEEP_##id,
    PL_SWEEP_SINGLES(X)
#undef X
#define X(id, value) PL_SWEEP_##id, PL_SWEEP_##id##_UR, PL_SWEEP_##id##_RU, PL_SWEEP_##id##_UU,
    PL_SWEEP_TRIPLES(X)
#undef X
    PL_SWEEP_END
} pl_sweep_code;

typedef struct pl_sweep_op {
    uint32_t code, x, y; /* operands: doubles from a block's memory on, of its lane 0 */
    uint32_t out;        /* where the new r goes too; 0: nowhere */
} pl_sweep_op;

/* Ends with PL_SWEEP_END. Registers are aligned to 64 bytes; lanes is a multiple of 16. */
typedef void pl_sweep_kernel(const pl_sweep_op *ops, double *memory, size_t lanes);
#endif
