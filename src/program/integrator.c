/* Heun's second-order and the classical fourth-order Runge-Kutta method, over whole blocks; by Euler the tape itself
 * has made the next state.  A state is formed in one fixed way: before + factor * rate.  Held values and fixed delays
 * change once a step, with what stage 0 gave; draws are the same in all stages. */
#include <string.h>

#include "model/model.h"
#include "program/math.h"
#include "program/tape.h"

int pl_method_stages(int method) { return method == PL_RK4 ? 4 : method == PL_RK2 ? 2 : 1; }

double pl_stage_time(const pl_program *p, int step, int stage) {
    static const double part[3][4] = {{0.0, 0.0, 0.0, 0.0}, {0.0, 1.0, 0.0, 0.0}, {0.0, 0.5, 0.5, 1.0}};
    if (p->clock_count) return p->clock[step]; /* by Euler alone: one stage */
    return p->initial_time + ((double)step + part[p->method][stage]) * p->time_step;
}

static double *at(const pl_frame *f, pl_register place) {
    return f->bases[PL_PLACE_BASE(place)] + (size_t)PL_PLACE_INDEX(place) * (size_t)f->lanes;
}

/* One stage for each stock: its values in the slab, in `before` and `total`, its rate. */
static void each_stock(const pl_stepper *s, pl_stage_kernel *act, double factor) {
    size_t offset = 0;
    for (int i = 0; i < s->side->slot_count; i++) {
        const pl_slot *slot = &s->side->slots[i];
        if (slot->kind != PL_STATE_STOCK) continue;
        size_t n = (size_t)slot->count * (size_t)s->frame->lanes;
        act(at(s->frame, slot->at), s->before + offset, s->total + offset, at(s->frame, slot->next), factor, n);
        offset += n;
    }
}

static void integrate_by_stages(const pl_stepper *s) {
    const pl_program *p = s->frame->program;
    const pl_kernels *kernels = s->frame->kernels;
    double dt = p->time_step;
    each_stock(s, kernels->open, p->method == PL_RK2 ? dt : dt / 2.0);
    s->stage(s->context, 1);
    if (p->method == PL_RK2) {
        each_stock(s, kernels->close, dt / 2.0);
        return;
    }
    each_stock(s, kernels->middle, dt / 2.0);
    s->stage(s->context, 2);
    each_stock(s, kernels->middle, dt);
    s->stage(s->context, 3);
    each_stock(s, kernels->close, dt / 6.0);
}

/* ---- what changes once a step ---- */

static double *ring_at(const pl_stepper *s, const pl_slot *slot, int step) {
    return s->frame->bases[PL_SLAB] +
           ((size_t)slot->ring + (size_t)(step % slot->slots) * (size_t)slot->count) * (size_t)s->frame->lanes;
}

static size_t slot_bytes(const pl_stepper *s, const pl_slot *slot) {
    return (size_t)slot->count * (size_t)s->frame->lanes * sizeof(double);
}

/* A delay time in steps, at least 1. */
static double steps_of(const pl_stepper *s, double time) {
    double steps = pl_floor(time / s->frame->program->time_step + 0.5);
    return steps >= 1.0 ? steps : 1.0;
}

/* The cell of a step: `behind` its row there is one value for each element and lane. */
static double *cell_at(const pl_stepper *s, const pl_slot *slot, int64_t step, size_t behind) {
    return ring_at(s, slot, (int)(step % slot->slots)) + behind;
}

/* What comes in at this step is put where it is due; what is due at the next one comes out. EMPTY: nothing is due. */
static const double EMPTY = PL_NOT_AVAILABLE;

static void move_transit(const pl_stepper *s, const pl_slot *slot, const double *next) {
    size_t all = (size_t)slot->count * (size_t)s->frame->lanes;
    double *state = at(s->frame, slot->at), *last = ring_at(s, slot, 0) + (size_t)slot->slots * all;
    int64_t step = s->frame->step;
    for (size_t i = 0; i < all; i++) {
        double steps = steps_of(s, next[all + i]);
        if (steps <= (double)slot->slots) {
            int64_t due = step + (int64_t)steps;
            double *cell = cell_at(s, slot, due, i);
            if (slot->kind == PL_STATE_INFORMATION)
                for (int64_t k = due + 1; (double)k <= last[i]; k++) *cell_at(s, slot, k, i) = EMPTY;
            *cell = slot->kind == PL_STATE_MATERIAL && *cell != EMPTY ? *cell + next[i] : next[i];
            last[i] = (double)due;
        }
        double *out = cell_at(s, slot, step + 1, i);
        if (*out != EMPTY) state[i] = *out;
        else if (slot->kind == PL_STATE_MATERIAL) state[i] = next[2 * all + i];
        *out = EMPTY;
    }
}

/* Until the first inputs are due, the initial value comes out at every step. */
static void fill_transit(const pl_stepper *s, const pl_slot *slot) {
    size_t lanes = (size_t)s->frame->lanes, all = (size_t)slot->count * lanes;
    double *rows = ring_at(s, slot, 0), *last = rows + (size_t)slot->slots * all;
    const double *state = at(s->frame, slot->at);
    for (size_t i = 0; i < all; i++) {
        double time = pl_lane_value(s->frame, slot->initial, slot->count + (int)(i / lanes), (int)(i % lanes));
        double steps = steps_of(s, time) - 1.0;
        last[i] = steps < (double)slot->slots ? steps : (double)slot->slots;
        for (int k = 1; k <= slot->slots; k++) *cell_at(s, slot, k, i) = (double)k <= last[i] ? state[i] : EMPTY;
    }
}

static void take_next(const pl_stepper *s, const pl_slot *slot, const double *next) {
    size_t bytes = slot_bytes(s, slot);
    double *state = at(s->frame, slot->at);
    if (pl_state_is_transit(slot->kind)) {
        move_transit(s, slot, next);
        return;
    }
    if (slot->kind != PL_STATE_DELAY) {
        memcpy(state, next, bytes);
        return;
    }
    memcpy(ring_at(s, slot, s->frame->step), next, bytes);
    memcpy(state, ring_at(s, slot, s->frame->step + 1), bytes);
}

/* What is not a stock takes what stage 0 gave it, after the last stage: kept here meanwhile. */
static void each_held(const pl_stepper *s, bool keep) {
    size_t offset = 0;
    for (int i = 0; i < s->side->slot_count; i++) {
        const pl_slot *slot = &s->side->slots[i];
        if (slot->kind == PL_STATE_STOCK) continue;
        size_t bytes = slot_bytes(s, slot) * (size_t)pl_state_next_width(slot->kind);
        if (keep)
            memcpy(s->held + offset, at(s->frame, slot->next), bytes);
        else
            take_next(s, slot, s->held + offset);
        offset += bytes / sizeof(double);
    }
}

void pl_stepper_advance(const pl_stepper *s) {
    if (s->frame->program->method == PL_EULER) {
        for (int i = 0; i < s->side->slot_count; i++)
            take_next(s, &s->side->slots[i], at(s->frame, s->side->slots[i].next));
        return;
    }
    each_held(s, true);
    integrate_by_stages(s);
    each_held(s, false);
}

/* ---- start and end ---- */

static void copy_initial(const pl_frame *f, const pl_slot *slot) {
    pl_instruction copy = {.code = PL_CODE_COPY, .operands = 1, .count = slot->count, .out = slot->at};
    copy.in[0] = slot->initial;
    pl_tape_run(f, &copy, 1);
}

void pl_stepper_start(const pl_stepper *s) {
    for (int i = 0; i < s->side->slot_count; i++) {
        const pl_slot *slot = &s->side->slots[i];
        copy_initial(s->frame, slot);
        if (pl_state_is_transit(slot->kind)) fill_transit(s, slot);
        if (slot->kind != PL_STATE_DELAY) continue;
        size_t bytes = (size_t)slot->count * (size_t)s->frame->lanes * sizeof(double);
        for (int k = 0; k < slot->slots; k++) memcpy(ring_at(s, slot, k), at(s->frame, slot->at), bytes);
    }
}

void pl_side_trouble(const pl_side *side, const double *slab, int lanes, unsigned char *failed) {
    for (int i = 0; i < side->slot_count; i++) {
        const pl_slot *slot = &side->slots[i];
        if (slot->kind != PL_STATE_STOCK) continue;
        const double *x = slab + (size_t)PL_PLACE_INDEX(slot->at) * (size_t)lanes;
        for (int e = 0; e < slot->count; e++)
            for (int k = 0; k < lanes; k++, x++) failed[k] |= !(*x - *x == 0.0);
    }
}
