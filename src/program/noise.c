/* Draws within a run: each is addressed by (seed, future, name, call, step, number), never drawn in turn. */
#include <string.h>

#include "base/philox.h"
#include "model/functions.h"
#include "program/math.h"
#include "program/tape.h"

/* The k-th uniform number in (0, 1) of a draw: addressed by seed and name (key), future, step and call. */
static double uniform(uint64_t key, uint64_t future, int step, int call, unsigned k) {
    return pl_uniform_at(key, future, (uint64_t)(uint32_t)step << 32 | (uint64_t)(uint16_t)call << 16 | (k & 0xFFFF));
}

/* A standard normal by Box and Muller (1958) from the numbers 2k and 2k + 1. */
static double normal(uint64_t key, uint64_t future, int step, int call, unsigned k) {
    double u = uniform(key, future, step, call, 2 * k), v = uniform(key, future, step, call, 2 * k + 1);
    return pl_sqrt(-2.0 * pl_log(u)) * pl_cos(6.283185307179586 * v);
}

/* Draws again until within the limits, at most 1000 times (then the nearest limit): Vensim's truncation. */
static double draw(const pl_draw_spec *d, uint64_t key, uint64_t future, int step, const double *p) {
    if (d->function == PL_FN_RANDOM_UNIFORM) return p[0] + (p[1] - p[0]) * uniform(key, future, step, d->call, 0);
    double x = 0.0;
    for (unsigned k = 0; k < 1000; k++) {
        x = d->function == PL_FN_RANDOM_NORMAL
                ? p[2] + p[3] * normal(key, future, step, d->call, k)
                : p[2] - p[3] * pl_log(uniform(key, future, step, d->call, k));
        if (x >= p[0] && x <= p[1]) return x;
    }
    return x < p[0] ? p[0] : p[1];
}

void pl_run_noise(const pl_frame *f, const pl_instruction *in) {
    const pl_program *p = f->program;
    const double *futures = f->bases[PL_SLAB] + (size_t)p->future_at * (size_t)f->lanes;
    for (int e = 0; e < in->count; e++) {
        const pl_draw_spec *d = &p->draws[in->detail + e];
        uint64_t key = pl_stream_key(f->seed, d->hash);
        double *out = pl_register_out(f, in, e);
        pl_operand operands[PL_MOST_OPERANDS];
        for (int k = 0; k < in->operands; k++) operands[k] = pl_operand_at(f, in->in[k], e);
        for (int i = 0; i < f->lanes; i++) {
            double parameters[PL_MOST_OPERANDS];
            uint64_t future;
            for (int k = 0; k < in->operands; k++) parameters[k] = operands[k].p[operands[k].step ? i : 0];
            memcpy(&future, futures + i, sizeof future);
            out[i] = draw(d, key, future, f->step, parameters);
        }
    }
}
