/* The interpreter: executes a tape over one block of lanes.  Each instruction decodes its operands to pointers and
 * calls a kernel once (flat) or once per element.  Nothing here decides a value: the kernels do, the same for every
 * width, so a block's size never shows in a result. */
#include <string.h>

#include "model/functions.h"
#include "program/tape.h"

void pl_frame_shape(pl_frame *f, int lanes) {
    f->lanes = lanes;
    for (int base = 0; base < PL_BASES; base++) {
        bool wide = base == PL_SLAB || base == PL_SCRATCH;
        f->width[base] = lanes == 1 ? 1 : wide ? (size_t)lanes : PL_CELL;
        f->walk[base] = wide || lanes == 1 ? PL_CELL : 0;
    }
}

double *pl_register_at(const pl_frame *f, pl_register place, int element) {
    unsigned base = PL_PLACE_BASE(place);
    return f->bases[base] + (PL_PLACE_INDEX(place) + (PL_PLACE_STRIDE(place) ? (size_t)element : 0)) * f->width[base];
}

pl_operand pl_operand_at(const pl_frame *f, pl_register place, int element) {
    return (pl_operand){pl_register_at(f, place, element), f->walk[PL_PLACE_BASE(place)]};
}

double *pl_register_out(const pl_frame *f, const pl_instruction *in, int element) {
    return f->bases[PL_PLACE_BASE(in->out)] + (PL_PLACE_INDEX(in->out) + (size_t)element) * (size_t)f->lanes;
}

/* Operands of a call that covers all elements at once. One lane wide, elements that follow each other are a run, and
 * one that stands for all becomes a cell. */
static void flat_operands(const pl_frame *f, const pl_instruction *in, pl_operand *operands,
                          double cells[PL_MOST_OPERANDS][PL_CELL]) {
    for (int k = 0; k < in->operands; k++) {
        operands[k] = pl_operand_at(f, in->in[k], 0);
        if (f->lanes > 1 || in->count == 1 || PL_PLACE_STRIDE(in->in[k])) continue;
        for (int i = 0; i < PL_CELL; i++) cells[k][i] = *operands[k].p;
        operands[k] = (pl_operand){cells[k], 0};
    }
}

static void call_kernel(const pl_frame *f, const pl_instruction *in, pl_kernel *kernel) {
    pl_operand operands[PL_MOST_OPERANDS];
    double cells[PL_MOST_OPERANDS][PL_CELL];
    if (in->flat || f->lanes == 1) {
        flat_operands(f, in, operands, cells);
        kernel(pl_register_out(f, in, 0), operands, (size_t)in->count * (size_t)f->lanes);
        return;
    }
    for (int e = 0; e < in->count; e++) {
        for (int k = 0; k < in->operands; k++) operands[k] = pl_operand_at(f, in->in[k], e);
        kernel(pl_register_out(f, in, e), operands, (size_t)f->lanes);
    }
}

static void copy_element(const pl_frame *f, double *out, pl_register place, int element) {
    const double *from = pl_register_at(f, place, element);
    if (PL_PLACE_BASE(place) <= PL_SCRATCH)
        memcpy(out, from, (size_t)f->lanes * sizeof *out);
    else
        for (int i = 0; i < f->lanes; i++) out[i] = *from;
}

static void run_copy(const pl_frame *f, const pl_instruction *in) {
    for (int e = 0; e < in->count; e++) copy_element(f, pl_register_out(f, in, e), in->in[0], e);
}

static void run_gather(const pl_frame *f, const pl_instruction *in) {
    const int32_t *places = f->program->ints + in->detail;
    for (int e = 0; e < in->count; e++) copy_element(f, pl_register_out(f, in, e), (pl_register)places[e], 0);
}

/* Folds in the order of elements: ((x0 + x1) + x2) + ... The running value changes sides between two buffers. */
static void run_reduce(const pl_frame *f, const pl_instruction *in) {
    pl_kernel *kernel = f->kernels->function[f->program->ints[in->detail]];
    int run = f->program->ints[in->detail + 1];
    size_t bytes = (size_t)f->lanes * sizeof(double);
    for (int e = 0; e < in->count; e++) {
        double *now = f->reduce, *then = f->reduce + f->lanes;
        copy_element(f, now, in->in[0], e * run);
        for (int i = 1; i < run; i++) {
            pl_operand operands[2] = {{now, PL_CELL}, pl_operand_at(f, in->in[0], e * run + i)};
            kernel(then, operands, (size_t)f->lanes);
            double *swap = now;
            now = then, then = swap;
        }
        memcpy(pl_register_out(f, in, e), now, bytes);
    }
}

/* In bundles that stay in the cache while the lanes are gone through. */
static void run_dot(const pl_frame *f, const pl_instruction *in) {
    enum { BUNDLE = 32 };
    const int32_t *places = f->program->ints + in->detail + 1;
    int run = places[-1];
    for (int e = 0; e < in->count; e++)
        for (int from = 0; from < run; from += BUNDLE) {
            pl_operand factors[2 * BUNDLE];
            int products = run - from < BUNDLE ? run - from : BUNDLE;
            for (int i = 0; i < 2 * products; i++) factors[i] = pl_operand_at(f, (pl_register)*places++, 0);
            f->kernels->dot(pl_register_out(f, in, e), factors, products, from > 0, (size_t)f->lanes);
        }
}

static void run_lookup(const pl_frame *f, const pl_instruction *in) {
    const pl_program *p = f->program;
    const int32_t *tables = p->ints + in->detail;
    if (in->flat) { /* one table, whole runs */
        pl_operand x[PL_MOST_OPERANDS];
        double cells[PL_MOST_OPERANDS][PL_CELL];
        flat_operands(f, in, x, cells);
        f->kernels->lookup(pl_register_out(f, in, 0), x[0], p->numbers + p->table_at[tables[0]], p->table_size[tables[0]],
                           (size_t)in->count * (size_t)f->lanes);
        return;
    }
    for (int e = 0; e < in->count; e++)
        f->kernels->lookup(pl_register_out(f, in, e), pl_operand_at(f, in->in[0], e), p->numbers + p->table_at[tables[e]],
                           p->table_size[tables[e]], (size_t)f->lanes);
}

pl_kernel *pl_instruction_kernel(const pl_kernels *kernels, const pl_instruction *in) {
    if (in->code == PL_CODE_APPLY) return kernels->function[in->detail];
    if (in->code != PL_CODE_CHAIN) return NULL;
    return in->operands == 3 ? kernels->chain2[in->detail]
         : in->operands == 4 ? kernels->chain3[in->detail]
                             : kernels->chain4[in->detail];
}

void pl_tape_run(const pl_frame *f, const pl_instruction *tape, int length) {
    for (const pl_instruction *in = tape, *end = tape + length; in < end; in++) {
        switch ((pl_code)in->code) {
        case PL_CODE_APPLY:
        case PL_CODE_CHAIN: call_kernel(f, in, pl_instruction_kernel(f->kernels, in)); break;
        case PL_CODE_COPY: run_copy(f, in); break;
        case PL_CODE_GATHER: run_gather(f, in); break;
        case PL_CODE_REDUCE: run_reduce(f, in); break;
        case PL_CODE_DOT: run_dot(f, in); break;
        case PL_CODE_LOOKUP: run_lookup(f, in); break;
        case PL_CODE_TABLE: pl_run_table(f, in); break;
        case PL_CODE_SERIES: pl_run_series(f, in); break;
        case PL_CODE_PICK: pl_run_pick(f, in); break;
        case PL_CODE_GROUP: pl_run_group(f, in); break;
        case PL_CODE_NOISE: pl_run_noise(f, in); break;
        case PL_CODE_BELT_FILL:
        case PL_CODE_BELT_MOVE:
        case PL_CODE_BELT_INSERT:
        case PL_CODE_QUEUE_FILL:
        case PL_CODE_QUEUE_SERVE: pl_run_belt(f, in); break;
        case PL_CODE_COUNT: break;
        }
    }
}
