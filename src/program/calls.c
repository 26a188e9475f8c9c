/* Tapes made ready for a block: what an instruction needs is looked up once.  Where the kernels divide faster by a
 * known reciprocal (with the same bits), the divisors that stay the same from step to step get one. */
#include <string.h>

#include "base/arena.h"
#include "model/functions.h"
#include "program/tape.h"

enum { LINE = 64 / sizeof(double) };

/* One kernel call for all elements. In a block of one lane those of an operand that follow each other are a run. */
static bool is_one_call(const pl_frame *f, const pl_instruction *in) {
    if (in->code != PL_CODE_APPLY && in->code != PL_CODE_CHAIN) return false;
    if (f->lanes > 1) return in->flat;
    for (int k = 0; k < in->operands; k++)
        if (in->count > 1 && !PL_PLACE_STRIDE(in->in[k])) return false;
    return true;
}

/* ---- divisors ---- */

static void mark(unsigned char *changes, pl_register place, int count) {
    if (PL_PLACE_BASE(place) == PL_SLAB) memset(changes + PL_PLACE_INDEX(place), 1, (size_t)count);
}

/* The slab's registers that may change within an epoch. */
static void find_changes(const pl_program *p, unsigned char *changes) {
    const pl_side *side = &p->side[PL_LANE];
    for (int i = 0; i < side->slot_count; i++) {
        const pl_slot *slot = &side->slots[i];
        mark(changes, slot->at, slot->count);
        int rows = slot->kind == PL_STATE_DELAY ? slot->slots : pl_state_is_transit(slot->kind) ? slot->slots + 1 : 0;
        if (rows) mark(changes, PL_PLACE(PL_SLAB, 0, slot->ring), rows * slot->count);
    }
    for (int i = 0; i < p->gauge_count; i++)
        mark(changes, PL_PLACE(PL_SLAB, 0, p->gauges[i].accumulator), PL_GAUGE_REGISTERS);
    for (int clock = 0; clock < PL_CLOCKS; clock++)
        if (p->time_at[PL_LANE][clock] >= 0) changes[p->time_at[PL_LANE][clock]] = 1;
    for (int phase = PL_RATES; phase <= PL_OUTPUTS; phase++)
        for (int i = 0; i < side->length[phase]; i++) mark(changes, side->tape[phase][i].out, side->tape[phase][i].count);
}

static bool is_invariant(const pl_instruction *in, const unsigned char *changes) {
    unsigned base = PL_PLACE_BASE(in->in[1]);
    if (base != PL_SLAB) return base == PL_POOL;
    return !memchr(changes + PL_PLACE_INDEX(in->in[1]), 1, PL_PLACE_STRIDE(in->in[1]) ? (size_t)in->count : 1);
}

static bool is_division(const pl_frame *f, const pl_instruction *in) {
    return f->kernels->divide_by && f->lanes > 1 && is_one_call(f, in) && in->code == PL_CODE_APPLY && in->detail == PL_FN_DIVIDE;
}

/* The numbers that a divisor is: its lanes, or a cell. */
static size_t size_of(const pl_frame *f, const pl_instruction *in) {
    if (f->walk[PL_PLACE_BASE(in->in[1])] == 0) return PL_CELL;
    return (size_t)f->lanes * (PL_PLACE_STRIDE(in->in[1]) ? (size_t)in->count : 1);
}

static const pl_inverse *find(const pl_inverses *inverses, pl_register of, size_t n) {
    for (int i = 0; i < inverses->count; i++)
        if (inverses->inverse[i].of == of && inverses->inverse[i].n == n) return &inverses->inverse[i];
    return NULL;
}

static void list_divisors(const pl_frame *f, const unsigned char *changes, pl_inverses *inverses) {
    const pl_side *side = &f->program->side[PL_LANE];
    for (int phase = PL_RATES; phase <= PL_OUTPUTS; phase++)
        for (int i = 0; i < side->length[phase]; i++) {
            const pl_instruction *in = &side->tape[phase][i];
            if (!is_division(f, in) || !is_invariant(in, changes) || find(inverses, in->in[1], size_of(f, in))) continue;
            inverses->inverse[inverses->count++] = (pl_inverse){.of = in->in[1], .n = size_of(f, in)};
        }
}

bool pl_inverses_find(const pl_frame *f, pl_inverses *inverses) {
    const pl_side *side = &f->program->side[PL_LANE];
    *inverses = (pl_inverses){0};
    if (!f->kernels->divide_by) return true;
    unsigned char *changes = pl_allocate((size_t)side->slab_registers + 1);
    inverses->inverse = pl_allocate((size_t)(side->length[PL_RATES] + side->length[PL_OUTPUTS] + 1) * sizeof(pl_inverse));
    bool good = changes && inverses->inverse;
    size_t size = LINE;
    if (good) {
        find_changes(f->program, changes);
        list_divisors(f, changes, inverses);
        for (int i = 0; i < inverses->count; i++) size += inverses->inverse[i].n;
        inverses->memory = pl_allocate(size * sizeof(double));
    }
    pl_release(changes);
    if (!good || !inverses->memory) return false;
    double *next = inverses->memory + (LINE - (uintptr_t)inverses->memory / sizeof(double) % LINE) % LINE;
    for (int i = 0; i < inverses->count; i++) inverses->inverse[i].at = next, next += inverses->inverse[i].n;
    return true;
}

void pl_inverses_free(pl_inverses *inverses) {
    pl_release(inverses->inverse);
    pl_release(inverses->memory);
}

void pl_inverses_update(const pl_frame *f, const pl_inverses *inverses) {
    for (int i = 0; i < inverses->count; i++) {
        pl_operand of = pl_operand_at(f, inverses->inverse[i].of, 0);
        f->kernels->invert(inverses->inverse[i].at, &of, inverses->inverse[i].n);
    }
}

/* ---- calls ---- */

/* How many instructions from one on make a sweep; *results: of all of them. */
static int find_sweep(const pl_instruction *in, const pl_instruction *end, int64_t *results) {
    int run = 0;
    *results = 0;
    for (; in + run < end && pl_sweep_takes(in + run); run++) *results += in[run].count;
    return run;
}

/* Fills the call of one instruction; the operands that it takes. */
static int make_call(const pl_frame *f, const pl_instruction *in, const pl_inverses *inverses, pl_operand *operands,
                     pl_call *call) {
    *call = (pl_call){.instruction = in};
    if (!is_one_call(f, in)) return 0;
    call->kernel = pl_instruction_kernel(f->kernels, in);
    call->out = pl_register_out(f, in, 0);
    call->operands = operands;
    call->n = (size_t)in->count * (size_t)f->lanes;
    for (int k = 0; k < in->operands; k++) operands[k] = pl_operand_at(f, in->in[k], 0);
    const pl_inverse *inverse = inverses && is_division(f, in) ? find(inverses, in->in[1], size_of(f, in)) : NULL;
    if (!inverse) return in->operands;
    call->kernel = f->kernels->divide_by;
    operands[2] = (pl_operand){inverse->at, operands[1].step};
    return 3;
}

bool pl_calls_make(const pl_frame *f, const pl_instruction *tape, int length, const pl_inverses *inverses,
                   const int32_t *reads, pl_calls *calls) {
    size_t operand_count = 0, count = (size_t)length;
    for (int i = 0; i < length; i++) operand_count += tape[i].operands + 1u;
    *calls = (pl_calls){.call = pl_allocate(count * sizeof(pl_call) + operand_count * sizeof(pl_operand))};
    if (!calls->call) return false;
    pl_operand *operands = (pl_operand *)(void *)(calls->call + count);
    for (const pl_instruction *in = tape, *end = tape + length; in < end;) {
        pl_call *call = &calls->call[calls->count++];
        int64_t results = in->count;
        int run = reads ? find_sweep(in, end, &results) : 0;
        if (run > 1) {
            call->sweep = pl_sweep_make(f, in, run, reads);
            if (!call->sweep) return false;
            in += run;
        } else {
            results = in->count;
            operands += make_call(f, in++, inverses, operands, call);
        }
        if (reads) reads += results;
    }
    return true;
}

void pl_calls_free(pl_calls *calls) {
    for (int i = 0; i < calls->count; i++) pl_release(calls->call[i].sweep);
    pl_release(calls->call);
    *calls = (pl_calls){0};
}

void pl_call_run(const pl_frame *f, const pl_call *call) {
    if (call->sweep)
        f->kernels->sweep(call->sweep, f->memory, (size_t)f->lanes);
    else if (call->kernel)
        call->kernel(call->out, call->operands, call->n);
    else
        pl_tape_run(f, call->instruction, 1);
}

void pl_calls_run(const pl_frame *f, const pl_calls *calls) {
    for (const pl_call *call = calls->call, *end = call + calls->count; call < end; call++) pl_call_run(f, call);
}
