/* A block of lanes: cases of one profile that run together.  The slab holds all that lives from step to step; scratch
 * holds what one step computes.  Both belong to one thread. */
#include <string.h>

#include "base/arena.h"
#include "program/measure.h"
#include "program/tape.h"

struct pl_block {
    const pl_program *program;
    const pl_track *track;
    pl_frame frame;
    pl_stepper stepper;
    pl_calls calls[PL_PHASES];
    pl_inverses inverses;
    int lanes, used, step, epoch; /* epoch -1: none entered since the slab changed hands */
    bool finished;                /* the last point has been evaluated */
    double *memory;               /* of all that follows */
    double *slab, *scratch, *outputs, *wide;
    double *pool, *row;           /* the track's uniform values in force, each as wide as the frame says */
    const char *failed_name;      /* one lane: the first stock that was not finite, and when */
    double failed_time;
    pl_times *times;              /* NULL: not timed */
    uint64_t stage_ticks;         /* of all stages */
};

static void stage(void *context, int index);

size_t pl_program_slab_size(const pl_program *p, int lanes) {
    return (size_t)p->side[PL_LANE].slab_registers * (size_t)lanes * sizeof(double);
}

enum { LINE = 64 / sizeof(double) }; /* a cache line: no vector that a kernel loads lies across two */

/* What a block's memory holds. X(where it goes, registers, their width) */
#define PARTS(X)                                      \
    X(slab, side->slab_registers, lanes)              \
    X(scratch, side->scratch_registers, lanes)        \
    X(outputs, p->output_count, lanes)                \
    X(wide, 1, lanes)                                 \
    X(pool, p->pool_count, PL_CELL)                   \
    X(row, p->row_count, PL_CELL)                     \
    X(frame.single[PL_POOL], p->pool_count, 1)        \
    X(frame.single[PL_ROW], p->row_count, 1)          \
    X(frame.reduce, 2, lanes)                         \
    X(stepper.before, side->stock_registers, lanes)   \
    X(stepper.total, side->stock_registers, lanes)    \
    X(stepper.held, side->held_registers, lanes)

/* doubles of a part: at least one register, and a cell, for kernels may read that far */
static size_t room(int registers, int width) {
    size_t needed = (size_t)(registers > 0 ? registers : 1) * (size_t)width + PL_CELL;
    return (needed + LINE - 1) / LINE * LINE;
}

static bool take_memory(pl_block *b, const pl_program *p, int lanes) {
    const pl_side *side = &p->side[PL_LANE];
    size_t count = 2 * LINE; /* the first is left out: to sweeps 0 is no address */
#define X(part, registers, width) count += room(registers, width);
    PARTS(X)
#undef X
    b->memory = pl_allocate(count * sizeof(double));
    if (!b->memory) return false;
    b->frame.memory = b->memory;
    double *next = b->memory + LINE + (LINE - (uintptr_t)b->memory / sizeof(double) % LINE) % LINE;
#define X(part, registers, width) b->part = next, next += room(registers, width);
    PARTS(X)
#undef X
    return true;
}

static bool make_calls(pl_block *b, bool sweeps) {
    const pl_side *side = &b->program->side[PL_LANE];
    pl_sweep_reads reads;
    if (!pl_sweep_read(b->program, &reads)) return false;
    bool good = true;
    for (int phase = 0; phase < PL_PHASES && good; phase++) {
        bool steps = phase == PL_RATES || phase == PL_OUTPUTS;
        const int32_t *own = !sweeps || !steps ? NULL : phase == PL_RATES ? reads.rates : reads.outputs;
        good = pl_calls_make(&b->frame, side->tape[phase], side->length[phase], steps ? &b->inverses : NULL, own,
                             &b->calls[phase]);
    }
    pl_sweep_reads_free(&reads);
    return good;
}

pl_status pl_block_new(const pl_program *p, int lanes, pl_block **block) {
    *block = NULL;
    pl_block *b = pl_allocate(sizeof *b);
    if (!b) return PL_MEMORY;
    const pl_side *side = &p->side[PL_LANE];
    b->program = p, b->lanes = lanes, b->epoch = -1;
    b->frame = (pl_frame){.program = p, .kernels = pl_kernels_choose()};
    b->stepper = (pl_stepper){.side = side, .frame = &b->frame, .stage = stage, .context = b};
    bool good = take_memory(b, p, lanes);
    pl_frame_shape(&b->frame, lanes);
    b->frame.bases[PL_SLAB] = b->frame.single[PL_SLAB] = b->slab;
    b->frame.bases[PL_SCRATCH] = b->frame.single[PL_SCRATCH] = b->scratch;
    b->frame.bases[PL_POOL] = b->pool;
    b->frame.bases[PL_ROW] = b->row;
    good = good && pl_inverses_find(&b->frame, &b->inverses) && make_calls(b, lanes > 1);
    if (!good) {
        pl_block_free(b);
        return PL_MEMORY;
    }
    *block = b;
    return PL_OK;
}

void pl_block_free(pl_block *b) {
    if (!b) return;
    for (int phase = 0; phase < PL_PHASES; phase++) pl_calls_free(&b->calls[phase]);
    pl_inverses_free(&b->inverses);
    pl_release(b->memory);
    pl_release(b);
}

pl_status pl_block_time(pl_block *b, pl_times *times) {
    for (int phase = 0; phase < PL_PHASES; phase++) pl_calls_free(&b->calls[phase]);
    b->times = times;
    return make_calls(b, false) ? PL_OK : PL_MEMORY;
}

int pl_block_lanes(const pl_block *b) { return b->lanes; }
void *pl_block_slab(pl_block *b) { return b->slab; }
int pl_block_step(const pl_block *b) { return b->step; }

void pl_block_set_step(pl_block *b, int step) {
    b->step = step;
    b->epoch = -1;
    b->finished = false;
}

static double *lane_register(pl_block *b, int index) { return b->slab + (size_t)index * (size_t)b->lanes; }

static void fill(pl_block *b, int index, double value) {
    double *out = lane_register(b, index);
    for (int i = 0; i < b->lanes; i++) out[i] = value;
}

/* Values of levers that share a constant with an uncertainty; all others are uniform. */
static void set_lane_levers(pl_block *b, const double *levers) {
    const pl_program *p = b->program;
    for (int i = 0; i < p->input_count; i++) {
        const pl_input_slot *slot = &p->inputs[i];
        if (slot->side != PL_LANE || slot->input_class != PL_INPUT_LEVER) continue;
        for (int k = 0; k < slot->count; k++) fill(b, slot->at + k, levers[i]);
    }
}

static bool is_uncertain(const pl_input_slot *slot) {
    return slot->side == PL_LANE && slot->input_class == PL_INPUT_UNCERTAINTY;
}

static void set_input(pl_block *b, const pl_input_slot *slot, const double *values) {
    for (int k = 0; k < slot->count; k++) {
        double *out = lane_register(b, slot->at + k);
        for (int lane = 0; lane < b->lanes; lane++) out[lane] = values[lane < b->used ? lane : b->used - 1];
    }
}

static void set_inputs(pl_block *b, const double *values, size_t stride) {
    const pl_program *p = b->program;
    for (int i = 0; i < p->lane_inputs; i++) fill(b, i, p->lane_image[i]);
    for (int i = 0; i < p->input_count; i++)
        if (is_uncertain(&p->inputs[i])) set_input(b, &p->inputs[i], values + (size_t)i * stride);
}

void pl_block_set_input(pl_block *b, int input, const double *values) {
    const pl_input_slot *slot = &b->program->inputs[input];
    if (is_uncertain(slot)) set_input(b, slot, values);
    b->epoch = -1;
}

static void set_futures(pl_block *b, const uint64_t *futures) {
    if (b->program->future_at < 0) return;
    double *out = lane_register(b, b->program->future_at);
    for (int i = 0; i < b->lanes; i++) memcpy(out + i, &futures[i < b->used ? i : b->used - 1], sizeof *out);
}

/* Uniform numbers as the tapes read them: each as a cell of equal ones, or alone, and as sweeps do. */
static void spread(const pl_block *b, pl_base base, const double *from, int count) {
    double *to = b->frame.bases[base];
    size_t width = b->frame.width[base];
    memcpy(b->frame.single[base], from, (size_t)count * sizeof *from);
    for (int i = 0; i < count; i++)
        for (size_t k = 0; k < width; k++) to[(size_t)i * width + k] = from[i];
}

static const double *row_at(const pl_block *b, int index) {
    const pl_track *t = b->track;
    size_t stages = (size_t)pl_method_stages(b->program->method);
    return t->rows + ((size_t)(b->step - t->first_step) * stages + (size_t)index) * (size_t)b->program->row_count;
}

/* Makes the uniform values of a stage those of the track; the tapes only read them. */
static void set_stage(pl_block *b, int index) {
    const pl_program *p = b->program;
    b->frame.step = b->step;
    if (p->row_count) spread(b, PL_ROW, row_at(b, index), p->row_count);
    for (int clock = 0; clock < PL_CLOCKS; clock++)
        if (p->time_at[PL_LANE][clock] >= 0 && (index == 0 || clock == PL_STAGE_CLOCK))
            fill(b, p->time_at[PL_LANE][clock], pl_stage_time(p, b->step, index));
}

static uint64_t tick(const pl_block *b) { return b->times ? b->times->clock() : 0; }

static void time_phase(pl_block *b, pl_phase phase) {
    const pl_calls *calls = &b->calls[phase];
    b->times->passes[phase]++;
    for (int i = 0; i < calls->count; i++) {
        uint64_t start = tick(b);
        pl_call_run(&b->frame, &calls->call[i]);
        b->times->ticks[phase][i] += tick(b) - start;
    }
}

static void run_phase(pl_block *b, pl_phase phase) {
    if (b->times) time_phase(b, phase);
    else pl_calls_run(&b->frame, &b->calls[phase]);
}

static void stage(void *context, int index) {
    pl_block *b = context;
    uint64_t start = tick(b);
    set_stage(b, index);
    run_phase(b, PL_RATES);
    b->stage_ticks += tick(b) - start;
}

static void enter_epoch(pl_block *b) {
    const pl_track *t = b->track;
    int epoch = b->epoch < 0 ? 0 : b->epoch;
    while (epoch + 1 < t->epoch_count && t->epochs[epoch + 1].step <= b->step) epoch++;
    if (epoch == b->epoch) return;
    b->epoch = epoch;
    spread(b, PL_POOL, t->epochs[epoch].pool, b->program->pool_count);
    set_lane_levers(b, t->epochs[epoch].levers);
    run_phase(b, PL_EPOCH);
    pl_inverses_update(&b->frame, &b->inverses);
}

void pl_block_start(pl_block *b, const pl_track *track, const double *values, size_t stride, const uint64_t *futures,
                    uint64_t seed, int used) {
    b->track = track, b->used = used, b->failed_name = NULL;
    pl_block_set_step(b, 0);
    b->frame.seed = seed;
    memset(b->slab, 0, pl_program_slab_size(b->program, b->lanes));
    set_inputs(b, values, stride);
    set_lane_levers(b, track->epochs[0].levers);
    set_futures(b, futures);
    spread(b, PL_POOL, track->epochs[0].pool, b->program->pool_count);
    set_stage(b, 0);
    run_phase(b, PL_START);
    pl_stepper_start(&b->stepper);
}

void pl_block_resume(pl_block *b, int step, uint64_t seed, int used) {
    pl_block_set_step(b, step);
    b->track = NULL, b->used = used, b->failed_name = NULL;
    b->frame.seed = seed;
}

/* The values of a place in all lanes; uniform ones are spread out. */
static const double *values_of(pl_block *b, pl_register place) {
    unsigned base = PL_PLACE_BASE(place);
    const double *from = b->frame.bases[base] + PL_PLACE_INDEX(place) * b->frame.width[base];
    if (base <= PL_SCRATCH) return from;
    for (int i = 0; i < b->lanes; i++) b->wide[i] = *from;
    return b->wide;
}

static void take_measures(pl_block *b, double time) {
    const pl_program *p = b->program;
    uint64_t start = tick(b);
    for (int i = 0; i < p->gauge_count; i++) {
        const pl_gauge *g = &p->gauges[i];
        if (pl_gauge_active(g, b->step))
            pl_gauge_take(b->frame.kernels, g, values_of(b, g->of), lane_register(b, g->accumulator), b->lanes, b->step, time);
    }
    if (b->times) b->times->measures += tick(b) - start;
}

static void save_outputs(pl_block *b, double time, pl_save *save, void *context) {
    const pl_program *p = b->program;
    uint64_t start = tick(b);
    for (int i = 0; i < p->output_count; i++)
        memcpy(b->outputs + (size_t)i * (size_t)b->lanes, values_of(b, p->outputs[i]),
               (size_t)b->lanes * sizeof(double));
    save(context, b->step, time, b->outputs);
    if (b->times) b->times->saving += tick(b) - start;
}

static bool any_measure(const pl_block *b) {
    for (int i = 0; i < b->program->gauge_count; i++)
        if (pl_gauge_active(&b->program->gauges[i], b->step)) return true;
    return false;
}

static bool is_saved(const pl_program *p, int step) {
    bool saved;
    pl_program_row(p, step, &saved);
    return saved;
}

/* Alone in its block, a case tells where it left the finite numbers. */
static void watch(pl_block *b, double time) {
    const pl_side *side = &b->program->side[PL_LANE];
    for (int i = 0; i < side->slot_count && !b->failed_name; i++) {
        const pl_slot *slot = &side->slots[i];
        for (int e = 0; slot->kind == 0 && e < slot->count; e++) {
            double x = *lane_register(b, (int)PL_PLACE_INDEX(slot->at) + e);
            if (!(x - x == 0.0)) b->failed_name = b->program->text + slot->name, b->failed_time = time;
        }
    }
    for (int i = 0; i < b->program->gauge_count && !b->failed_name; i++) {
        const pl_gauge *g = &b->program->gauges[i];
        double trouble = *lane_register(b, g->accumulator + PL_GAUGE_TROUBLE);
        if (trouble != trouble) b->failed_name = b->program->text + g->name, b->failed_time = time;
    }
}

static void advance(pl_block *b) {
    uint64_t start = tick(b), stages = b->stage_ticks;
    pl_stepper_advance(&b->stepper);
    if (b->times) b->times->integration += tick(b) - start - (b->stage_ticks - stages);
}

void pl_block_run(pl_block *b, const pl_track *track, int to, pl_save *save, void *context) {
    const pl_program *p = b->program;
    if (b->track != track) b->track = track, b->epoch = -1;
    while (b->step < to || (to == p->steps && !b->finished)) {
        enter_epoch(b);
        stage(b, 0);
        double time = pl_stage_time(p, b->step, 0);
        bool saved = save && is_saved(p, b->step), measured = any_measure(b);
        if (saved || measured) run_phase(b, PL_OUTPUTS);
        if (measured) take_measures(b, time);
        if (saved) save_outputs(b, time, save, context);
        if (b->lanes == 1 && !b->failed_name) watch(b, time);
        if (b->step == p->steps) {
            b->finished = true;
            break;
        }
        advance(b);
        b->step++;
    }
}

void pl_block_measure(pl_block *b, double *out, size_t stride, unsigned char *failed) {
    const pl_program *p = b->program;
    unsigned char *marks = (unsigned char *)b->wide; /* lanes bytes fit in lanes doubles */
    memset(marks, b->track->failed, (size_t)b->lanes);
    pl_side_trouble(&p->side[PL_LANE], b->slab, b->lanes, marks);
    for (int i = 0; i < p->gauge_count; i++) {
        double *to = b->outputs; /* at least one register wide */
        pl_gauge_read(&p->gauges[i], lane_register(b, p->gauges[i].accumulator), b->lanes, p->time_step, to, marks);
        memcpy(out + (size_t)i * stride, to, (size_t)b->used * sizeof *out);
    }
    uint64_t nan_bits = 0x7FF8000000000000u;
    for (int lane = 0; lane < b->used; lane++) {
        for (int i = 0; marks[lane] && i < p->gauge_count; i++) memcpy(&out[(size_t)i * stride + lane], &nan_bits, 8);
        if (failed) failed[lane] = marks[lane];
    }
}

int pl_block_failure(const pl_block *b, int lane, const char **variable, double *time) {
    if (lane != 0 || b->lanes != 1 || !b->failed_name) return 0;
    *variable = b->failed_name;
    *time = b->failed_time;
    return 1;
}
