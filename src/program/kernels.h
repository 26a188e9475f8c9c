/* Kernels: what each element-wise operation does to n values.  One source (kernels.c) is compiled once per instruction
 * set as a static library of its own (-O3 -ffp-contract=off -fno-math-errno -fno-trapping-math), with KERNELS_NAME set
 * to sse2, avx2, avx512 or wasm; pl_kernels_choose picks a table at start.  The same operands give the same bits in
 * every table: each value is computed by the same operations in the same order.
 *
 * An operand is {p, step}: the kernel works in runs of 8 values; step 8 walks through lanes, step 0 repeats a cell of
 * 8 equal values (a uniform operand).  The destination never overlaps an operand.  n is any number; the tail is done
 * by the same operations. */
#ifndef PL_KERNELS_H
#define PL_KERNELS_H
#include <stddef.h>
#include <stdint.h>

#include "program/sweep.h"

enum { PL_CELL = 8, PL_MOST_OPERANDS = 6 };

typedef struct pl_operand {
    const double *p;
    size_t step; /* 0 or PL_CELL */
} pl_operand;

typedef void pl_kernel(double *restrict out, const pl_operand *operands, size_t n);

/* A lookup as kernels see it: xs, then ys, then slopes ((y[i+1]-y[i])/(x[i+1]-x[i])), count of each; below x[0] and
 * above x[count-1] the end values; in between y[i] + (x - x[i]) * slope[i] with x[i] <= x < x[i+1]. NaN gives NaN. */
typedef void pl_lookup_kernel(double *restrict out, pl_operand x, const double *table, int count, size_t n);

/* Adds products of factors[0] and [1], [2] and [3], ... to a sum, one after the other: to what out holds, or (more = 0)
 * from the first product on. */
typedef void pl_dot_kernel(double *restrict out, const pl_operand *factors, int products, int more, size_t n);

/* A chain of 2 to 4 of add, subtract, reversed subtract and multiply, in this order of evaluation:
 * r = x0 op0 x1; r = r op1 x2; ...  code = sum of op_i << 2 i with the numbers below. */
enum { PL_CHAIN_ADD, PL_CHAIN_SUBTRACT, PL_CHAIN_REVERSED, PL_CHAIN_MULTIPLY };

/* A stage of a Runge-Kutta method does to the stocks:
 * open    before = state; total = rate; state = before + factor * rate
 * middle  total = total + 2 * rate; state = before + factor * rate
 * close   state = before + factor * (total + rate) */
typedef void pl_stage_kernel(double *restrict state, double *restrict before, double *restrict total,
                             const double *restrict rate, double factor, size_t n);

/* What a measure does with the values x of a step. X(id, the measure's new value, of its value so far and x) */
#define PL_GAUGES(X)                     \
    X(SET, x)                            \
    X(ZERO, 0.0)                         \
    X(KEEP, value)                       \
    X(ADD, value + x)                    \
    X(CHANGE, x - value)                 \
    X(LEAST, x < value ? x : value)      \
    X(MOST, x > value ? x : value)

typedef enum pl_gauge_kind {
#define X(id, value) PL_GAUGE_##id,
    PL_GAUGES(X)
#undef X
        PL_GAUGE_KINDS
} pl_gauge_kind;

/* registers: n values, n sums that become NaN once an x was not finite, n marks that become 1 once an x was :NA:. */
typedef void pl_gauge_kernel(double *restrict registers, const double *restrict x, size_t n);

typedef struct pl_kernels {
    const char *name;
    pl_kernel *function[256]; /* by pl_function_id; NULL where the function is not element-wise */
    pl_lookup_kernel *lookup;
    pl_dot_kernel *dot;
    pl_kernel *chain2[16], *chain3[64], *chain4[256];
    /* x0 / x1 where x2 is what `invert` gives for x1; NULL where plain division is as fast. */
    pl_kernel *divide_by, *invert;
    pl_stage_kernel *open, *middle, *close;
    pl_gauge_kernel *gauge[PL_GAUGE_KINDS];
    pl_sweep_kernel *sweep;
} pl_kernels;

/* The table in use: the widest that the processor has and PARLEY_SIMD allows. Chosen once, thread-safe. */
const pl_kernels *pl_kernels_choose(void);
/* The table of a name, or NULL where this build or this processor lacks it; for tests. */
const pl_kernels *pl_kernels_named(const char *name);
#endif
