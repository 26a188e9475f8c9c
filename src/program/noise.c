/* Draws within a run: each is addressed by (seed, future, name, call, step, number), never drawn in turn. */
#include <string.h>

#include "base/philox.h"
#include "program/draws.h"
#include "program/tape.h"

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
            pl_draw_source source = {.key = key, .future = future, .step = f->step, .call = d->call,
                                     .table = d->table < 0 ? NULL : p->numbers + p->table_at[d->table],
                                     .points = d->table < 0 ? 0 : p->table_size[d->table]};
            out[i] = pl_draw_take(d->function, &source, parameters);
        }
    }
}
