/* Which table of kernels is used: the widest that the processor has, or the one that PARLEY_SIMD names, or the widest
 * below it. */
#include "program/kernels.h"

#include <stdlib.h>
#include <string.h>

#include "program/program.h"

#if defined(__wasm__)

extern const pl_kernels pl_kernels_wasm;
const pl_kernels *pl_kernels_choose(void) { return &pl_kernels_wasm; }
const pl_kernels *pl_kernels_named(const char *name) { return strcmp(name, "wasm") ? NULL : &pl_kernels_wasm; }

#else

#include <pthread.h>

/* X(name, whether the processor has it), the narrowest first; the first always is. */
#if defined(__x86_64__)
#define TABLES(X)                                                                                       \
    X(sse2, 1)                                                                                          \
    X(avx2, __builtin_cpu_supports("avx2"))                                                             \
    X(avx512, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && \
                  __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma"))
#else
#define TABLES(X) X(plain, 1)
#endif

#define X(name, supported) extern const pl_kernels pl_kernels_##name;
TABLES(X)
#undef X

/* The tables of this processor up to the one named (all of them where the name is none of ours), the widest last. */
static const pl_kernels *widest_up_to(const char *name) {
    const pl_kernels *widest = NULL;
    int passed = 0;
#define X(id, supported)                                  \
    if (!passed && (supported)) widest = &pl_kernels_##id; \
    passed |= name && !strcmp(name, #id);
    TABLES(X)
#undef X
    return widest;
}

const pl_kernels *pl_kernels_named(const char *name) {
    const pl_kernels *table = widest_up_to(name);
    return strcmp(table->name, name) ? NULL : table;
}

static const pl_kernels *chosen;

static void choose(void) { chosen = widest_up_to(getenv("PARLEY_SIMD")); }

const pl_kernels *pl_kernels_choose(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, choose);
    return chosen;
}

#endif

const char *pl_simd_name(void) { return pl_kernels_choose()->name; }
