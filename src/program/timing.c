/* Where the time of a program goes: blocks are run instruction by instruction, each timed by itself, and the times
 * added up by the variable that needed the instruction and by its kernel.  Then all are scaled to what a block takes as
 * it ordinarily runs, where a sweep (sweep.h) takes many instructions together: so they are shares of that time, not
 * what leaving an instruction out would save. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "model/functions.h"
#include "model/model.h"
#include "program/tape.h"

struct pl_timing {
    pl_arena arena;
    pl_timing_row *rows;
    int count, lanes;
    double seconds; /* of a case */
};

void pl_timing_free(pl_timing *t) {
    if (!t) return;
    pl_arena_free(&t->arena);
    pl_release(t);
}

int pl_timing_count(const pl_timing *t) { return t->count; }
pl_timing_row pl_timing_get(const pl_timing *t, int row) { return t->rows[row]; }
int pl_timing_lanes(const pl_timing *t) { return t->lanes; }
double pl_timing_seconds(const pl_timing *t) { return t->seconds; }

/* ---- the clock ---- */

static uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#if defined(__x86_64__)
static uint64_t ticks(void) { return __builtin_ia32_rdtsc(); }
#else
static uint64_t ticks(void) { return nanoseconds(); }
#endif

/* What reading the clock twice takes at least. */
static uint64_t clock_ticks(void) {
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 1000; i++) {
        uint64_t start = ticks(), taken = ticks() - start;
        if (taken < least) least = taken;
    }
    return least;
}

/* ---- rows ---- */

static const char *kernel_name(const pl_instruction *in) {
    static const char *const functions[PL_FN_COUNT] = {
#define ROW(id, vensim, xmile, arity, value, text, example) #id,
#define NONE(id, vensim, xmile, least, most, text, example) #id,
        PL_FUNCTIONS(ROW, ROW, NONE, NONE)
    };
    static const char *const codes[] = {
#define X(id, text) #id,
        PL_CODES(X)
#undef X
    };
    static const char *const chains[] = {"CHAIN of 2", "CHAIN of 3", "CHAIN of 4"};
    if (in->code == PL_CODE_APPLY) return functions[in->detail];
    return in->code == PL_CODE_CHAIN ? chains[in->operands - 3] : codes[in->code];
}

static int by_name(const void *a, const void *b) {
    const pl_timing_row *x = a, *y = b;
    int order = strcmp(x->variable, y->variable);
    return order ? order : strcmp(x->kernel, y->kernel);
}

static int by_time(const void *a, const void *b) {
    const pl_timing_row *x = a, *y = b;
    if (x->seconds != y->seconds) return x->seconds < y->seconds ? 1 : -1;
    return by_name(a, b);
}

/* Rows of the same variable and kernel become one. */
static void merge_rows(pl_timing *t) {
    int kept = 0;
    qsort(t->rows, (size_t)t->count, sizeof *t->rows, by_name);
    for (int i = 0; i < t->count; i++) {
        pl_timing_row *last = kept ? &t->rows[kept - 1] : NULL;
        if (last && by_name(last, &t->rows[i]) == 0) {
            last->seconds += t->rows[i].seconds;
            last->share += t->rows[i].share;
            last->instructions += t->rows[i].instructions;
        } else {
            t->rows[kept++] = t->rows[i];
        }
    }
    t->count = kept;
    qsort(t->rows, (size_t)t->count, sizeof *t->rows, by_time);
}

static void add_row(pl_timing *t, const char *variable, const char *kernel, double seconds, int instructions) {
    t->rows[t->count++] = (pl_timing_row){variable, kernel, seconds > 0.0 ? seconds : 0.0, 0.0, instructions};
}

/* tick: in seconds of one case; ordinary: what a case takes untimed. */
static bool fill_rows(pl_timing *t, const pl_program *p, const pl_model *model, const pl_times *times, double tick,
                      double ordinary) {
    const pl_side *side = &p->side[PL_LANE];
    int room = 4;
    double cost = (double)clock_ticks(), sum = 0.0;
    for (int phase = 0; phase < PL_PHASES; phase++) room += side->length[phase];
    t->rows = pl_arena_array(&t->arena, (size_t)room, sizeof *t->rows);
    if (!t->rows) return false;
    for (int phase = PL_EPOCH; phase < PL_PHASES; phase++)
        for (int i = 0; i < side->length[phase]; i++) {
            const pl_instruction *in = &side->tape[phase][i];
            const char *name = in->variable >= 0 ? model->variables[in->variable]->name : "";
            char *copy = pl_arena_text(&t->arena, name, strlen(name));
            if (!copy) return false;
            double own = (double)times->ticks[phase][i] - cost * (double)times->passes[phase];
            add_row(t, copy, kernel_name(in), own * tick, 1);
        }
    add_row(t, "", "integration", (double)times->integration * tick, 0);
    add_row(t, "", "measures", (double)times->measures * tick, 0);
    add_row(t, "", "saving", (double)times->saving * tick, 0);
    for (int i = 0; i < t->count; i++) sum += t->rows[i].seconds;
    add_row(t, "", "the rest", ordinary - sum, 0);
    sum = sum < ordinary ? ordinary : sum;
    for (int i = 0; i < t->count && sum > 0.0; i++) {
        t->rows[i].share = t->rows[i].seconds / sum;
        t->rows[i].seconds = t->rows[i].share * ordinary;
    }
    t->seconds = ordinary;
    merge_rows(t);
    return true;
}

/* ---- runs ---- */

enum { LEAST_NANOSECONDS = 100000000, LEAST_RUNS = 3, MOST_RUNS = 1000 };

static void ignore_row(void *context, int step, double time, const double *row) {
    (void)context, (void)step, (void)time, (void)row;
}

static void keep_least(uint64_t *least, uint64_t taken) { *least = taken < *least ? taken : *least; }

/* The least that each part took in any of the runs: what interrupts one of them does not count. */
static void keep_times(pl_times *least, const pl_times *taken, const pl_side *side) {
    for (int phase = 0; phase < PL_PHASES; phase++) {
        least->passes[phase] = taken->passes[phase];
        for (int i = 0; i < side->length[phase]; i++) keep_least(&least->ticks[phase][i], taken->ticks[phase][i]);
    }
    keep_least(&least->measures, taken->measures);
    keep_least(&least->integration, taken->integration);
    keep_least(&least->saving, taken->saving);
}

static void set_times(pl_times *times, const pl_side *side, uint64_t value) {
    for (int phase = 0; phase < PL_PHASES; phase++) {
        times->passes[phase] = 0;
        for (int i = 0; i < side->length[phase]; i++) times->ticks[phase][i] = value;
    }
    times->measures = times->integration = times->saving = value;
}

static bool take_times(pl_timing *t, const pl_side *side, pl_times *times) {
    bool room = true;
    for (int phase = 0; phase < PL_PHASES; phase++) {
        times->ticks[phase] = pl_arena_array(&t->arena, (size_t)side->length[phase] + 1, sizeof(uint64_t));
        room = room && times->ticks[phase];
    }
    return room;
}

/* Runs of the same cases. */
typedef struct runs {
    pl_block *block;
    const pl_program *p;
    const pl_track *track;
    const double *values;
    uint64_t seed, *futures;
} runs;

static uint64_t run_once(const runs *r) {
    int lanes = pl_block_lanes(r->block);
    uint64_t start = nanoseconds();
    pl_block_start(r->block, r->track, r->values, (size_t)lanes, r->futures, r->seed, lanes);
    pl_block_run(r->block, r->track, pl_program_steps(r->p), pl_program_output_count(r->p) ? ignore_row : NULL, NULL);
    return nanoseconds() - start;
}

static bool is_enough(int done, uint64_t start) {
    return done >= MOST_RUNS || (done >= LEAST_RUNS && nanoseconds() - start >= LEAST_NANOSECONDS);
}

static double time_ordinary(const runs *r) {
    uint64_t least = UINT64_MAX, start = nanoseconds();
    for (int i = 0; !is_enough(i, start); i++) keep_least(&least, run_once(r));
    return 1e-9 * (double)least;
}

/* The length of a tick, in seconds. */
static double time_parts(const runs *r, pl_times *least, pl_times *taken, const pl_side *side) {
    set_times(least, side, UINT64_MAX);
    uint64_t start = nanoseconds(), begun = ticks();
    for (int i = 0; !is_enough(i, start); i++) {
        set_times(taken, side, 0);
        run_once(r);
        keep_times(least, taken, side);
    }
    return 1e-9 * (double)(nanoseconds() - start) / (double)(ticks() - begun + 1);
}

static pl_status time_block(pl_timing *t, runs *r, const pl_model *model) {
    const pl_side *side = &r->p->side[PL_LANE];
    pl_times least = {0}, taken = {.clock = ticks};
    r->futures = pl_arena_array(&t->arena, (size_t)t->lanes, sizeof *r->futures);
    if (!r->futures || !take_times(t, side, &least) || !take_times(t, side, &taken)) return PL_MEMORY;
    for (int i = 0; i < t->lanes; i++) r->futures[i] = (uint64_t)i;
    double ordinary = time_ordinary(r) / t->lanes;
    if (pl_block_time(r->block, &taken) != PL_OK) return PL_MEMORY;
    double tick = time_parts(r, &least, &taken, side);
    return fill_rows(t, r->p, model, &least, tick / t->lanes, ordinary) ? PL_OK : PL_MEMORY;
}

pl_status pl_timing_new(const pl_program *p, const pl_model *model, const pl_track *track, const double *values, int lanes,
                        uint64_t seed, pl_timing **timing) {
    runs r = {.p = p, .track = track, .values = values, .seed = seed};
    pl_timing *t = *timing = pl_allocate(sizeof *t);
    if (!t) return PL_MEMORY;
    t->lanes = lanes;
    pl_status status = pl_block_new(p, lanes, &r.block);
    if (status == PL_OK) status = time_block(t, &r, model);
    pl_block_free(r.block);
    if (status == PL_OK) return status;
    pl_timing_free(t);
    *timing = NULL;
    return status;
}
