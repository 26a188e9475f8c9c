/* What a program tells about itself, and the memory that holds it. */
#include "base/arena.h"
#include "program/math.h"
#include "program/tape.h"

/* A first-level cache, but not fewer lanes than pay for decoding what is no sweep (measured: bench/README.md). */
enum { ALIGN = 16, CACHE_BYTES = 32 * 1024, LEAST_LANES = 64 };

bool pl_program_allocate(pl_program *p) {
    size_t size = 0;
#define X(type, member, count) size += ((size_t)(p->count) * sizeof(type) + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    PL_PROGRAM_ARRAYS(X)
#undef X
    char *at = p->block = pl_allocate(size + ALIGN);
    if (!at) return false;
#define X(type, member, count)     \
    p->member = (type *)(void *)at; \
    at += ((size_t)(p->count) * sizeof(type) + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    PL_PROGRAM_ARRAYS(X)
#undef X
    return true;
}

void pl_program_free(pl_program *p) {
    if (!p) return;
    pl_release(p->block);
    pl_release(p);
}

double pl_program_initial_time(const pl_program *p) { return p->initial_time; }
double pl_program_time_step(const pl_program *p) { return p->time_step; }
int pl_program_steps(const pl_program *p) { return p->steps; }

/* The last of the saved steps in the list that is not behind a step. */
static int listed_row(const pl_program *p, int step) {
    int low = 0, high = p->saved_count;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (p->saved[middle] <= step) low = middle;
        else high = middle;
    }
    return low;
}

/* A step is saved where a whole multiple of SAVEPER has been passed; what rounding took from it does not count. */
static int counted_row(const pl_program *p, int step) { return (int)pl_floor((double)step / p->save_steps + 1e-6); }

int pl_program_row(const pl_program *p, int step, bool *saved) {
    int row = p->saved_count ? listed_row(p, step) : counted_row(p, step);
    *saved = p->saved_count ? p->saved[row] == step : step == 0 || counted_row(p, step - 1) < row;
    return row;
}

double pl_program_time(const pl_program *p, int step) { return pl_stage_time(p, step, 0); }
double pl_program_final_time(const pl_program *p) { return pl_program_time(p, p->steps); }

int pl_program_rows(const pl_program *p) {
    bool saved;
    return pl_program_row(p, p->steps, &saved) + 1;
}

int pl_program_act_step(const pl_program *p) { return p->act_step; }
int pl_program_input_count(const pl_program *p) { return p->input_count; }
double pl_program_input_value(const pl_program *p, int input) { return p->inputs[input].value; }
int pl_program_measure_count(const pl_program *p) { return p->gauge_count; }
bool pl_program_draws(const pl_program *p) { return p->draw_count > 0; }
int pl_program_output_count(const pl_program *p) { return p->output_count; }

int pl_program_best_lanes(const pl_program *p) {
    const pl_side *side = &p->side[PL_LANE];
    int live = side->slab_registers + side->scratch_registers;
    for (int i = 0; i < side->slot_count; i++) live -= side->slots[i].slots * side->slots[i].count;
    int lanes = CACHE_BYTES / (int)sizeof(double) / (live > 0 ? live : 1) / 16 * 16;
    return lanes < LEAST_LANES ? LEAST_LANES : lanes > PL_BEST_LANES ? PL_BEST_LANES : lanes;
}
