/* From a tape to sweeps: which instructions go into one, and which results never reach memory, because their only
 * reader is the next operation, which finds them in hand.  The order of operations is the tape's. */
#include "program/sweep.h"

#include "base/arena.h"
#include "model/functions.h"
#include "program/tape.h"

enum { MOST_ELEMENTS = 8 }; /* of an instruction in a sweep: each is an operation of its own there */

/* ---- which functions ---- */

/* Operations where the value in hand is operand 0, where it is operand 1, where it is neither. */
typedef struct form {
    uint8_t operands, first, second, neither; /* operands 0: not in sweeps; neither 0 (TAKE): operand 0 is taken first */
} form;

#define ONE(id) [PL_FN_##id] = {1, PL_SWEEP_##id, 0, 0}
#define TWO(id, second) [PL_FN_##id] = {2, PL_SWEEP_##id, PL_SWEEP_##second, 0}
#define START(id, second, neither) [PL_FN_##id] = {2, PL_SWEEP_##id, PL_SWEEP_##second, PL_SWEEP_##neither}
static const form forms[PL_FN_COUNT] = {
    ONE(NEGATE), ONE(SQUARE), ONE(ABS), ONE(NOT),
    TWO(MAX, MAX_SWAPPED), TWO(MIN, MIN_SWAPPED), TWO(EQUAL, EQUAL), TWO(UNEQUAL, UNEQUAL),
    TWO(LESS, GREATER), TWO(LESS_EQUAL, GREATER_EQUAL), TWO(GREATER, LESS), TWO(GREATER_EQUAL, LESS_EQUAL),
    TWO(AND, AND), TWO(OR, OR),
    START(ADD, ADD, SUM), START(SUBTRACT, SUBTRACT_FROM, DIFFERENCE), START(MULTIPLY, MULTIPLY, PRODUCT),
    START(DIVIDE, DIVIDE_INTO, QUOTIENT),
    [PL_FN_IF_THEN_ELSE] = {3, PL_SWEEP_IF_THEN_ELSE, 0, 0},
};

static const uint8_t chain_functions[] = {[PL_CHAIN_ADD] = PL_FN_ADD, [PL_CHAIN_SUBTRACT] = PL_FN_SUBTRACT,
                                          [PL_CHAIN_REVERSED] = PL_FN_SUBTRACT, [PL_CHAIN_MULTIPLY] = PL_FN_MULTIPLY};

bool pl_sweep_takes(const pl_instruction *in) {
    if (in->count > MOST_ELEMENTS) return false;
    return in->code == PL_CODE_CHAIN || (in->code == PL_CODE_APPLY && forms[in->detail].operands);
}

/* ---- who reads what ---- */

typedef struct reading {
    const pl_program *p;
    int32_t *writer[2];   /* of each slab and scratch register: 1 + the number of the result that it holds */
    int32_t *reads;       /* of each result */
} reading;

/* Some registers from a place on are read. */
static void read_run(reading *r, pl_register place, int64_t count, int32_t times) {
    unsigned base = PL_PLACE_BASE(place);
    if (base > PL_SCRATCH) return;
    for (int64_t i = 0; i < count; i++) {
        int32_t result = r->writer[base][PL_PLACE_INDEX(place) + i];
        if (result) r->reads[result - 1] += times;
    }
}

static void read_operands(reading *r, const pl_instruction *in) {
    const int32_t *ints = r->p->ints + in->detail;
    int64_t out, runs[2] = {0, 0}, run = in->code == PL_CODE_REDUCE ? ints[1] : 1;
    bool belt = in->code >= PL_CODE_BELT_FILL && in->code <= PL_CODE_QUEUE_SERVE && pl_belt_counts(in->code, ints, &out, runs);
    for (int i = 0; in->code == PL_CODE_GATHER && i < in->count; i++) read_run(r, (pl_register)ints[i], 1, 1);
    for (int64_t i = 1; in->code == PL_CODE_DOT && i <= 2 * (int64_t)in->count * ints[0]; i++)
        read_run(r, (pl_register)ints[i], 1, 1);
    for (int k = 0; k < in->operands; k++) {
        int64_t elements = belt ? runs[k] : in->code == PL_CODE_PICK && k == 0 ? ints[0] : in->count * run;
        bool each = belt || PL_PLACE_STRIDE(in->in[k]);
        read_run(r, in->in[k], each ? elements : 1, each ? 1 : in->count); /* every element of the result reads the one */
    }
}

static int32_t read_tape(reading *r, const pl_instruction *tape, int length, int32_t result) {
    for (int i = 0; i < length; i++) {
        const pl_instruction *in = &tape[i];
        read_operands(r, in);
        for (int e = 0; e < in->count; e++)
            r->writer[PL_PLACE_BASE(in->out)][PL_PLACE_INDEX(in->out) + (size_t)e] = ++result;
    }
    return result;
}

/* What is read after a tape has ended counts twice: it must be in memory. */
static void read_ends(reading *r) {
    const pl_side *side = &r->p->side[PL_LANE];
    for (int i = 0; i < side->slot_count; i++)
        read_run(r, side->slots[i].next, (int64_t)side->slots[i].count * pl_state_next_width(side->slots[i].kind), 2);
    for (int i = 0; i < r->p->gauge_count; i++) read_run(r, r->p->gauges[i].of, 1, 2);
    for (int i = 0; i < r->p->output_count; i++) read_run(r, r->p->outputs[i], 1, 2);
}

static int64_t count_results(const pl_side *side, int phase) {
    int64_t count = 0;
    for (int i = 0; i < side->length[phase]; i++) count += side->tape[phase][i].count;
    return count;
}

bool pl_sweep_read(const pl_program *p, pl_sweep_reads *reads) {
    const pl_side *side = &p->side[PL_LANE];
    int64_t rates = count_results(side, PL_RATES), all = rates + count_results(side, PL_OUTPUTS);
    reading r = {.p = p};
    *reads = (pl_sweep_reads){0};
    r.reads = pl_allocate((size_t)(all + 1) * sizeof *r.reads);
    r.writer[PL_SLAB] = pl_allocate((size_t)(side->slab_registers + 1) * sizeof(int32_t));
    r.writer[PL_SCRATCH] = pl_allocate((size_t)(side->scratch_registers + 1) * sizeof(int32_t));
    bool good = r.reads && r.writer[0] && r.writer[1];
    if (good) {
        int32_t result = read_tape(&r, side->tape[PL_RATES], side->length[PL_RATES], 0);
        read_ends(&r);
        read_tape(&r, side->tape[PL_OUTPUTS], side->length[PL_OUTPUTS], result);
        read_ends(&r);
    }
    pl_release(r.writer[0]);
    pl_release(r.writer[1]);
    if (!good) {
        pl_release(r.reads);
        return false;
    }
    *reads = (pl_sweep_reads){r.reads, r.reads + rates};
    return true;
}

void pl_sweep_reads_free(pl_sweep_reads *reads) { pl_release(reads->rates); }

/* ---- operations ---- */

typedef struct building {
    const pl_frame *f;
    pl_sweep_op *ops; /* NULL: only count them */
    size_t count;
    bool holding;
    pl_register hand; /* the register whose value is in hand */
} building;

static pl_register element_of(pl_register place, int e) {
    return PL_PLACE(PL_PLACE_BASE(place), 0, PL_PLACE_INDEX(place) + (PL_PLACE_STRIDE(place) ? (unsigned)e : 0));
}

static bool is_uniform(pl_register place) { return PL_PLACE_BASE(place) > PL_SCRATCH; }
static bool in_hand(const building *b, pl_register place) { return b->holding && b->hand == place; }

static uint32_t address(const building *b, pl_register place) {
    size_t width = is_uniform(place) ? 1 : (size_t)b->f->lanes;
    return (uint32_t)(b->f->single[PL_PLACE_BASE(place)] - b->f->memory) + (uint32_t)(PL_PLACE_INDEX(place) * width);
}

static void add(building *b, unsigned code, uint32_t x, uint32_t y) {
    if (b->ops) b->ops[b->count] = (pl_sweep_op){code, x, y, 0};
    b->count++;
}

static void add_pair(building *b, unsigned code, pl_register x) { add(b, code + is_uniform(x), address(b, x), 0); }

static void add_triple(building *b, unsigned code, pl_register x, pl_register y) {
    add(b, code + is_uniform(x) + 2u * is_uniform(y), address(b, x), address(b, y));
}

static void take(building *b, pl_register x) {
    if (!in_hand(b, x)) add_pair(b, PL_SWEEP_TAKE, x);
}

static void add_two(building *b, const form *how, pl_register x, pl_register y) {
    if (in_hand(b, y)) {
        add_pair(b, how->second, x);
    } else if (how->neither && !in_hand(b, x)) {
        add_triple(b, how->neither, x, y);
    } else {
        take(b, x);
        add_pair(b, how->first, y);
    }
}

static void add_chain(building *b, const pl_instruction *in, int e) {
    unsigned step = (unsigned)in->detail & 3;
    pl_register x = element_of(in->in[0], e), y = element_of(in->in[1], e);
    bool reversed = step == PL_CHAIN_REVERSED;
    add_two(b, &forms[chain_functions[step]], reversed ? y : x, reversed ? x : y);
    for (int k = 2; k < in->operands; k++) {
        step = (unsigned)in->detail >> 2 * (k - 1) & 3;
        const form *how = &forms[chain_functions[step]];
        add_pair(b, step == PL_CHAIN_REVERSED ? how->second : how->first, element_of(in->in[k], e));
    }
}

static void add_choice(building *b, pl_register condition, pl_register x, pl_register y) {
    if (in_hand(b, x)) {
        add_triple(b, PL_SWEEP_THEN_ELSE_IF, condition, y);
    } else if (in_hand(b, y)) {
        add_triple(b, PL_SWEEP_ELSE_IF_THEN, condition, x);
    } else {
        take(b, condition);
        add_triple(b, PL_SWEEP_IF_THEN_ELSE, x, y);
    }
}

static void add_element(building *b, const pl_instruction *in, int e) {
    if (in->code == PL_CODE_CHAIN) {
        add_chain(b, in, e);
        return;
    }
    const form *how = &forms[in->detail];
    pl_register x = element_of(in->in[0], e);
    if (how->operands == 3) {
        add_choice(b, x, element_of(in->in[1], e), element_of(in->in[2], e));
    } else if (how->operands == 2) {
        add_two(b, how, x, element_of(in->in[1], e));
    } else {
        take(b, x);
        add(b, how->first, 0, 0);
    }
}

/* Whether the first element of an instruction takes a register's value from the hand. */
static bool would_take(const pl_instruction *in, pl_register place) {
    int most = in->code == PL_CODE_CHAIN ? 2 : in->operands;
    for (int k = 0; k < most; k++)
        if (element_of(in->in[k], 0) == place) return true;
    return false;
}

/* A result that nothing reads, or only the next operation, is not kept. */
static void keep(building *b, pl_register out, int32_t reads, bool taken) {
    bool kept = PL_PLACE_BASE(out) != PL_SCRATCH || reads > 1 || (reads == 1 && !taken);
    if (kept && b->ops) b->ops[b->count - 1].out = address(b, out);
    b->holding = kept || taken;
    b->hand = out;
}

static size_t build(building *b, const pl_instruction *tape, int length, const int32_t *reads) {
    for (int i = 0; i < length; i++)
        for (int e = 0; e < tape[i].count; e++) {
            const pl_instruction *in = &tape[i], *next = e == in->count - 1 && i + 1 < length ? in + 1 : NULL;
            pl_register out = element_of(in->out | PL_PLACE(0, 1, 0), e);
            add_element(b, in, e);
            keep(b, out, *reads++, next && would_take(next, out));
        }
    add(b, PL_SWEEP_END, 0, 0);
    return b->count;
}

pl_sweep_op *pl_sweep_make(const pl_frame *f, const pl_instruction *tape, int length, const int32_t *reads) {
    size_t count = build(&(building){.f = f}, tape, length, reads);
    pl_sweep_op *ops = pl_allocate(count * sizeof *ops);
    if (ops) build(&(building){.f = f, .ops = ops}, tape, length, reads);
    return ops;
}
