/* Tracks: the uniform values of one profile over time, computed once, one lane wide, by the same tapes and the same
 * integrators that blocks use.  A branch goes on from the state that its base ends with, or recomputes the base up to
 * the fork (uniform values are few), and keeps rows from there on. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "program/tape.h"

typedef struct maker {
    const pl_program *program;
    pl_track *track;
    pl_frame frame;
    pl_stepper stepper;
    double *slab, *levers;
    int next_change;
} maker;

void pl_track_free(pl_track *t) {
    if (!t) return;
    for (int i = 0; i < t->epoch_count; i++) pl_release(t->epochs[i].pool);
    pl_release(t->epochs);
    pl_release(t->changes);
    pl_release(t->rows);
    pl_release(t->state);
    pl_release(t);
}

static void keep_row(const maker *m, int stage) {
    const pl_program *p = m->program;
    if (m->frame.step < m->track->first_step) return;
    size_t stages = (size_t)pl_method_stages(p->method);
    size_t at = ((size_t)(m->frame.step - m->track->first_step) * stages + (size_t)stage) * (size_t)p->row_count;
    for (int i = 0; i < p->row_count; i++) m->track->rows[at + (size_t)i] = m->slab[p->row[i]];
}

static void run_phase(const maker *m, pl_phase phase) {
    const pl_side *side = &m->program->side[PL_UNIFORM];
    pl_tape_run(&m->frame, side->tape[phase], side->length[phase]);
}

static void set_time(const maker *m, int stage) {
    for (int clock = 0; clock < PL_CLOCKS; clock++) {
        int at = m->program->time_at[PL_UNIFORM][clock];
        if (at >= 0 && (stage == 0 || clock == PL_STAGE_CLOCK)) m->slab[at] = pl_stage_time(m->program, m->frame.step, stage);
    }
}

static void stage(void *context, int index) {
    const maker *m = context;
    set_time(m, index);
    run_phase(m, PL_RATES);
    if (index > 0) keep_row(m, index);
}

/* Applies the changes due at a step; whether there were any. */
static bool apply_changes(maker *m, int step) {
    const pl_program *p = m->program;
    bool any = false;
    for (; m->next_change < m->track->change_count && m->track->changes[m->next_change].step <= step; m->next_change++) {
        const pl_lever_change *change = &m->track->changes[m->next_change];
        const pl_input_slot *slot = &p->inputs[change->input];
        m->levers[change->input] = change->value;
        for (int k = 0; slot->side == PL_UNIFORM && k < slot->count; k++) m->slab[slot->at + k] = change->value;
        any = true;
    }
    return any;
}

static bool add_epoch(maker *m, int step) {
    const pl_program *p = m->program;
    pl_track *t = m->track;
    pl_epoch *epochs = pl_reallocate(t->epochs, (size_t)(t->epoch_count + 1) * sizeof *epochs);
    if (!epochs) return false;
    t->epochs = epochs;
    double *pool = pl_allocate((size_t)(p->pool_count + p->input_count + 1) * sizeof *pool);
    if (!pool) return false;
    for (int i = 0; i < p->pool_count; i++) pool[i] = m->slab[p->pool[i]];
    double *levers = pool + p->pool_count;
    memcpy(levers, m->levers, (size_t)p->input_count * sizeof *levers);
    t->epochs[t->epoch_count++] = (pl_epoch){step, pool, levers};
    return true;
}

/* From the start of the run. */
static void begin(maker *m) {
    const pl_program *p = m->program;
    memcpy(m->slab, p->image, (size_t)p->side[PL_UNIFORM].slab_registers * sizeof *m->slab);
    for (int i = 0; i < p->input_count; i++) m->levers[i] = p->inputs[i].value;
    apply_changes(m, 0);
    set_time(m, 0);
    run_phase(m, PL_START);
    pl_stepper_start(&m->stepper);
    run_phase(m, PL_EPOCH);
}

/* From the state that the base ends with. */
static void resume(maker *m, const double *state) {
    size_t registers = (size_t)m->program->side[PL_UNIFORM].slab_registers;
    memcpy(m->slab, state, registers * sizeof *state);
    memcpy(m->levers, state + registers, (size_t)m->program->input_count * sizeof *state);
    while (m->next_change < m->track->change_count &&
           m->track->changes[m->next_change].step < m->track->first_step)
        m->next_change++;
}

static bool keep_state(const maker *m) {
    size_t registers = (size_t)m->program->side[PL_UNIFORM].slab_registers, inputs = (size_t)m->program->input_count;
    double *state = m->track->state = pl_allocate((registers + inputs + 1) * sizeof *state);
    if (!state) return false;
    memcpy(state, m->slab, registers * sizeof *state);
    memcpy(state + registers, m->levers, inputs * sizeof *state);
    return true;
}

/* Walks through the run; false where memory ran out. */
static bool make_values(maker *m, const double *state) {
    const pl_program *p = m->program;
    if (state) resume(m, state);
    else begin(m);
    for (int step = state ? m->track->first_step : 0; step <= m->track->last_step; step++) {
        m->frame.step = step;
        if (step == m->track->last_step && step < p->steps) return keep_state(m);
        bool changed = apply_changes(m, step);
        if (changed) run_phase(m, PL_EPOCH);
        if (step >= m->track->first_step && (changed || step == m->track->first_step) && !add_epoch(m, step))
            return false;
        stage(m, 0);
        run_phase(m, PL_OUTPUTS);
        keep_row(m, 0);
        if (step < p->steps) pl_stepper_advance(&m->stepper);
    }
    pl_side_trouble(&p->side[PL_UNIFORM], m->slab, 1, &m->track->failed);
    return true;
}

static double *numbers(int count) { return pl_allocate((size_t)(count + PL_CELL) * sizeof(double)); }

static bool make(pl_track *t, const double *state) {
    const pl_program *p = t->program;
    const pl_side *side = &p->side[PL_UNIFORM];
    maker m = {.program = p, .track = t};
    double reduce[2];
    m.slab = numbers(side->slab_registers);
    m.levers = numbers(p->input_count);
    m.frame = (pl_frame){.program = p, .kernels = pl_kernels_choose(), .reduce = reduce};
    pl_frame_shape(&m.frame, 1);
    for (int b = 0; b < PL_BASES; b++) m.frame.bases[b] = m.slab;
    m.stepper = (pl_stepper){.side = side, .frame = &m.frame, .stage = stage, .context = &m};
    m.stepper.before = numbers(side->stock_registers);
    m.stepper.total = numbers(side->stock_registers);
    m.stepper.held = numbers(side->held_registers);
    size_t rows = (size_t)(t->last_step + 1 - t->first_step) * (size_t)pl_method_stages(p->method) * (size_t)p->row_count;
    t->rows = pl_allocate((rows + 1) * sizeof(double));
    bool made = m.slab && m.levers && m.stepper.before && m.stepper.total && m.stepper.held && t->rows &&
                make_values(&m, state);
    pl_release(m.slab);
    pl_release(m.levers);
    pl_release(m.stepper.before);
    pl_release(m.stepper.total);
    pl_release(m.stepper.held);
    return made;
}

/* Stable: changes of the same step keep their order. */
static void sort_changes(pl_lever_change *changes, int count) {
    for (int i = 1; i < count; i++) {
        pl_lever_change change = changes[i];
        int k = i;
        for (; k > 0 && changes[k - 1].step > change.step; k--) changes[k] = changes[k - 1];
        changes[k] = change;
    }
}

pl_status pl_track_branch_to(const pl_program *p, const pl_track *base, int step, const pl_lever_change *changes,
                             int change_count, int to, pl_track **track) {
    *track = NULL;
    pl_track *t = pl_allocate(sizeof *t);
    if (!t) return PL_MEMORY;
    t->program = p;
    t->first_step = step, t->last_step = to;
    int before = base ? base->change_count : 0;
    t->changes = pl_allocate((size_t)(before + change_count) * sizeof *t->changes);
    if (!t->changes) {
        pl_track_free(t);
        return PL_MEMORY;
    }
    for (int i = 0; i < before; i++)
        if (base->changes[i].step < step) t->changes[t->change_count++] = base->changes[i];
    for (int i = 0; i < change_count; i++) {
        t->changes[t->change_count] = changes[i];
        if (changes[i].step < step) t->changes[t->change_count].step = step;
        t->change_count++;
    }
    sort_changes(t->changes, t->change_count);
    if (!make(t, base && base->last_step == step ? base->state : NULL)) {
        pl_track_free(t);
        return PL_MEMORY;
    }
    *track = t;
    return PL_OK;
}

pl_status pl_track_branch(const pl_program *p, const pl_track *base, int step, const pl_lever_change *changes,
                          int change_count, pl_track **track) {
    return pl_track_branch_to(p, base, step, changes, change_count, p->steps, track);
}

pl_status pl_track_new(const pl_program *p, const pl_lever_change *changes, int change_count, pl_track **track) {
    return pl_track_branch(p, NULL, 0, changes, change_count, track);
}
