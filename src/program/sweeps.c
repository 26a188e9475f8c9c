/* The kernel of sweeps, compiled once for each instruction set, as kernels.c is.
 *
 * The value in hand is some vectors named r0, r1, ..., which stay in registers from one operation to the next.  What
 * limits it is how many of the jumps from one operation to the next the processor foresees: each operation jumps by
 * itself (through one place for all it took twice the time), and keeping a result is no operation of its own. */
#include "program/sweep.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wgnu-label-as-value"
#elif defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpedantic" /* labels as values */
#endif

#if defined(__AVX512F__)
#include <immintrin.h>
#define BYTES 64
#define LARGER(a, b) _mm512_max_pd(a, b)
#define SMALLER(a, b) _mm512_min_pd(a, b)
#elif defined(__AVX__)
#include <immintrin.h>
#define BYTES 32
#define LARGER(a, b) _mm256_max_pd(a, b) /* a > b ? a : b */
#define SMALLER(a, b) _mm256_min_pd(a, b)
#else
#define BYTES 16
#define LARGER(a, b) CHOOSE(a > b, a, b)
#define SMALLER(a, b) CHOOSE(a < b, a, b)
#endif

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define INLINE PL_UNWATCHED static inline __attribute__((always_inline))

enum { WIDTH = BYTES / sizeof(double), LEAST = 16 };

typedef double vector __attribute__((vector_size(BYTES)));
typedef int64_t mask __attribute__((vector_size(BYTES)));

INLINE vector load(const double *p) { return *(const vector *)(const void *)p; }
INLINE vector spread(double x) { return x - (vector){0}; }
INLINE vector choose(mask m, vector a, vector b) { return (vector)(((mask)a & m) | ((mask)b & ~m)); }
INLINE vector truth(mask m) { return (vector)(m & (mask)spread(1.0)); }
INLINE vector magnitude(vector x) { return (vector)((mask)x & INT64_MAX); }
#define CHOOSE(m, a, b) choose((mask)(m), a, b)
#define TRUTH(m) truth((mask)(m))
#define MAGNITUDE(x) magnitude(x)
#define ZERO ((vector){0})

/* ---- one operation ----------------------------------------------------------------------------------------------- */

/* ALL_n(M, value): M for each vector of a strip of n */
#define ALL_2(M, value) M(0, value) M(1, value)
#define ALL_4(M, value) ALL_2(M, value) M(2, value) M(3, value)
#define ALL_8(M, value) ALL_4(M, value) M(4, value) M(5, value) M(6, value) M(7, value)

#define REGISTER(operand, k) load(strip + op->operand + k * (int)WIDTH)
#define NUMBER(operand) const vector operand = spread(memory[op->operand]);
#define APPLY(k, value) { const vector r = r##k; (void)r; r##k = value; }
#define APPLY_R(k, value) { const vector x = REGISTER(x, k); APPLY(k, value) }
#define APPLY_RR(k, value) { const vector x = REGISTER(x, k), y = REGISTER(y, k); APPLY(k, value) }
#define APPLY_UR(k, value) { const vector y = REGISTER(y, k); APPLY(k, value) }
#define DECLARE(k, value) vector r##k = {0};
#define KEEP(k, value) *(vector *)(void *)(strip + op->out + k * (int)WIDTH) = r##k;

#define NEXT(ALL)                     \
    if (op->out) { ALL(KEEP, 0) }     \
    goto *labels[(++op)->code];
#define SINGLE(ALL, id, value) LABEL_##id: ALL(APPLY, value) NEXT(ALL)
#define PAIR(ALL, id, value)                  \
    LABEL_##id: ALL(APPLY_R, value) NEXT(ALL) \
    LABEL_##id##_U: { NUMBER(x) ALL(APPLY, value) } NEXT(ALL)
#define TRIPLE(ALL, id, value)                                    \
    LABEL_##id: ALL(APPLY_RR, value) NEXT(ALL)                    \
    LABEL_##id##_UR: { NUMBER(x) ALL(APPLY_UR, value) } NEXT(ALL) \
    LABEL_##id##_RU: { NUMBER(y) ALL(APPLY_R, value) } NEXT(ALL)  \
    LABEL_##id##_UU: { NUMBER(x) NUMBER(y) ALL(APPLY, value) } NEXT(ALL)

/* ---- strips ------------------------------------------------------------------------------------------------------ */

#define ADDRESS_1(id, value) &&LABEL_##id,
#define ADDRESS_2(id, value) &&LABEL_##id, &&LABEL_##id##_U,
#define ADDRESS_4(id, value) &&LABEL_##id, &&LABEL_##id##_UR, &&LABEL_##id##_RU, &&LABEL_##id##_UU,

#define STRIP(vectors)                                                                              \
    PL_UNWATCHED static void strip_of_##vectors(const pl_sweep_op *op, double *memory, size_t lane) { \
        static const void *const labels[] = {PL_SWEEP_PAIRS(ADDRESS_2) PL_SWEEP_SINGLES(ADDRESS_1)  \
                                             PL_SWEEP_TRIPLES(ADDRESS_4) &&LABEL_END};              \
        double *strip = memory + lane;                                                              \
        ALL_##vectors(DECLARE, 0)                                                                   \
        goto *labels[op->code];                                                                     \
        PL_SWEEP_PAIRS(PAIR_##vectors)                                                              \
        PL_SWEEP_SINGLES(SINGLE_##vectors)                                                          \
        PL_SWEEP_TRIPLES(TRIPLE_##vectors)                                                          \
    LABEL_END:                                                                                      \
        return;                                                                                     \
    }
#define SINGLE_2(id, value) SINGLE(ALL_2, id, value)
#define PAIR_2(id, value) PAIR(ALL_2, id, value)
#define TRIPLE_2(id, value) TRIPLE(ALL_2, id, value)
#define SINGLE_4(id, value) SINGLE(ALL_4, id, value)
#define PAIR_4(id, value) PAIR(ALL_4, id, value)
#define TRIPLE_4(id, value) TRIPLE(ALL_4, id, value)
#define SINGLE_8(id, value) SINGLE(ALL_8, id, value)
#define PAIR_8(id, value) PAIR(ALL_8, id, value)
#define TRIPLE_8(id, value) TRIPLE(ALL_8, id, value)

STRIP(8)
#if BYTES == 64 /* what is left of a block: 16 lanes */
STRIP(2)
#define REST strip_of_2
#elif BYTES == 32
STRIP(4)
#define REST strip_of_4
#else
#define REST strip_of_8
#endif

pl_sweep_kernel PASTE(pl_sweep_, KERNELS_NAME);
void PASTE(pl_sweep_, KERNELS_NAME)(const pl_sweep_op *ops, double *memory, size_t lanes) {
    size_t lane = 0;
    for (; lane + 8 * WIDTH <= lanes; lane += 8 * WIDTH) strip_of_8(ops, memory, lane);
    for (; lane < lanes; lane += LEAST) REST(ops, memory, lane);
}
