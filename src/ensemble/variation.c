/* Variations that set the same constants for the whole run share their history up to run.from, as profiles do in an
 * exploration: they are a group.  A work item is one group over one block of futures, with places of its own for what
 * it finds, so that threads do not show in the result.  See variation.h. */
#include "ensemble/variation.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "ensemble/explore.h"

typedef struct worker {
    pl_block *block;
    void *fork;
    double *draws, *taken; /* [input][lane], [measure][lane] */
    uint64_t *futures;     /* [lane] */
} worker;

struct pl_variations {
    pl_situation s; /* a copy with the extra inputs; everything else is shared */
    pl_input *inputs;
    pl_program *program;
    pl_design design;
    int own_inputs, threads, lanes;
    worker *workers;
};

typedef struct group {
    int first, count; /* of the order */
    pl_track *history;
} group;

typedef struct running {
    pl_variations *v;
    const pl_variation *list;
    long *order;       /* [count] the variations, those of a group together */
    group *groups;
    long group_count, count, futures;
    pl_track **tracks; /* [count] of the variation order[i] */
    double *values;
    int act, steps;
    atomic_long done;
    atomic_bool stopped;
    int (*progress)(void *context, long done, long all);
    void *context;
} running;

/* ---- compiling ------------------------------------------------------------------------------------------- */

static void free_worker(worker *w) {
    pl_block_free(w->block);
    pl_release(w->fork), pl_release(w->draws), pl_release(w->taken), pl_release(w->futures);
}

void pl_variations_free(pl_variations *v) {
    if (!v) return;
    for (int i = 0; v->workers && i < v->threads; i++) free_worker(&v->workers[i]);
    pl_release(v->workers);
    pl_program_free(v->program);
    pl_release(v->inputs);
    pl_release(v);
}

static pl_status make_worker(const pl_variations *v, worker *w) {
    size_t lanes = (size_t)v->lanes;
    pl_status status = pl_block_new(v->program, v->lanes, &w->block);
    if (status != PL_OK) return status;
    w->fork = pl_allocate(pl_program_slab_size(v->program, v->lanes));
    w->draws = pl_allocate((size_t)(v->s.input_count + 1) * lanes * sizeof(double));
    w->taken = pl_allocate((size_t)(v->s.measure_count + 1) * lanes * sizeof(double));
    w->futures = pl_allocate(lanes * sizeof(uint64_t));
    return w->fork && w->draws && w->taken && w->futures ? PL_OK : PL_MEMORY;
}

static pl_status compile(pl_variations *v, const pl_input *extra, int extra_count, pl_error *error) {
    size_t count = (size_t)v->own_inputs + (size_t)extra_count;
    if (!(v->inputs = pl_allocate((count + 1) * sizeof *v->inputs))) return PL_MEMORY;
    if (v->own_inputs) memcpy(v->inputs, v->s.inputs, (size_t)v->own_inputs * sizeof *v->inputs);
    for (int i = 0; i < extra_count; i++) {
        v->inputs[v->own_inputs + i] = extra[i];
        v->inputs[v->own_inputs + i].input_class = PL_INPUT_LEVER;
    }
    v->s.inputs = v->inputs;
    v->s.input_count = (int)count;
    return pl_situation_compile(&v->s, true, NULL, 0, &v->program, error);
}

pl_status pl_variations_new(const pl_situation *situation, const pl_input *extra, int extra_count, int threads,
                            pl_variations **variations, pl_error *error) {
    *variations = NULL;
    pl_variations *v = pl_allocate(sizeof *v);
    if (!v) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    v->s = *situation;
    v->own_inputs = situation->input_count;
    v->threads = threads > 0 ? threads : pl_processor_count();
    v->design = pl_design_of(&v->s);
    pl_status status = compile(v, extra, extra_count, error);
    if (status == PL_OK) {
        v->lanes = pl_program_best_lanes(v->program);
        if (!(v->workers = pl_allocate((size_t)v->threads * sizeof *v->workers))) status = PL_MEMORY;
    }
    for (int i = 0; status == PL_OK && i < v->threads; i++) status = make_worker(v, &v->workers[i]);
    if (status == PL_MEMORY) pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (status != PL_OK) pl_variations_free(v);
    else *variations = v;
    return status;
}

double pl_variations_own(const pl_variations *v, int input) { return pl_program_input_value(v->program, input); }

/* ---- groups ---------------------------------------------------------------------------------------------- */

/* Whether a constant is set for the whole run, rather than from run.from on. */
static bool is_whole(const pl_variations *v, int input) {
    return input >= v->own_inputs || v->inputs[input].input_class == PL_INPUT_UNCERTAINTY;
}

static bool has_set(const pl_variation *variation, const pl_variation_set *set) {
    for (int i = 0; i < variation->set_count; i++)
        if (variation->sets[i].input == set->input && variation->sets[i].value == set->value) return true;
    return false;
}

static bool includes_history(const pl_variations *v, const pl_variation *a, const pl_variation *b) {
    for (int i = 0; i < b->set_count; i++)
        if (is_whole(v, b->sets[i].input) && !has_set(a, &b->sets[i])) return false;
    return true;
}

static bool same_history(const pl_variations *v, const pl_variation *a, const pl_variation *b) {
    return includes_history(v, a, b) && includes_history(v, b, a);
}

static pl_status find_groups(running *r) {
    bool *taken = pl_allocate((size_t)r->count + 1);
    r->order = pl_allocate((size_t)(r->count + 1) * sizeof *r->order);
    r->groups = pl_allocate((size_t)(r->count + 1) * sizeof *r->groups);
    long placed = 0;
    for (long i = 0; taken && r->order && r->groups && i < r->count; i++) {
        if (taken[i]) continue;
        group *g = &r->groups[r->group_count++];
        g->first = (int)placed;
        for (long k = i; k < r->count; k++) {
            if (taken[k] || !same_history(r->v, &r->list[i], &r->list[k])) continue;
            taken[k] = true;
            r->order[placed++] = k;
            g->count++;
        }
    }
    pl_release(taken);
    return taken && r->order && r->groups ? PL_OK : PL_MEMORY;
}

/* ---- uniform values -------------------------------------------------------------------------------------- */

/* A value that the course draws gives way. */
static int disarm(const running *r, int lever, pl_lever_change *changes) {
    const pl_situation *s = &r->v->s;
    int count = 0;
    for (int i = 0; i < s->override_count; i++)
        if (s->overrides[i].rule < 0 && s->overrides[i].lever == lever)
            changes[count++] = (pl_lever_change){r->act, s->overrides[i].armed, 0};
    return count;
}

static size_t room_for_sets(const running *r, const pl_variation *variation) {
    return (size_t)variation->set_count * (size_t)(r->v->s.override_count + 1) + 1;
}

/* The changes of a variation, behind those of its courses: whole ones at step 0 (where asked for), levers at `act`. */
static void add_sets(const running *r, const pl_variation *variation, bool whole, bool levers, pl_lever_change *changes,
                     int *count) {
    for (int i = 0; i < variation->set_count; i++) {
        const pl_variation_set *set = &variation->sets[i];
        if (r->v->inputs[set->input].input_class != PL_INPUT_LEVER) continue;
        bool from_start = is_whole(r->v, set->input);
        if (from_start ? !whole : !levers) continue;
        changes[(*count)++] = (pl_lever_change){from_start ? 0 : r->act, set->input, set->value};
        if (!from_start) *count += disarm(r, set->input, changes + *count);
    }
}

static pl_status make_history(running *r, group *g) {
    const pl_variation *first = &r->list[r->order[g->first]];
    pl_lever_change *changes = pl_allocate(room_for_sets(r, first) * sizeof *changes);
    int count = 0;
    if (!changes) return PL_MEMORY;
    add_sets(r, first, true, false, changes, &count);
    pl_status status = pl_track_new(r->v->program, changes, count, &g->history);
    pl_release(changes);
    return status;
}

static pl_status make_track(running *r, const group *g, long place) {
    const pl_variation *variation = &r->list[r->order[place]];
    pl_lever_change *own, *changes;
    int count;
    pl_status status = pl_profile_changes(&r->v->s, r->v->program, variation->profile, false, &own, &count);
    if (status != PL_OK) return status;
    changes = pl_reallocate(own, ((size_t)count + room_for_sets(r, variation)) * sizeof *changes);
    if (!changes) {
        pl_release(own);
        return PL_MEMORY;
    }
    add_sets(r, variation, r->act == 0, true, changes, &count);
    status = r->act > 0 ? pl_track_branch(r->v->program, g->history, r->act, changes, count, &r->tracks[place])
                        : pl_track_new(r->v->program, changes, count, &r->tracks[place]);
    pl_release(changes);
    return status;
}

static pl_status make_tracks(void *context, long item, int thread) {
    running *r = context;
    group *g = &r->groups[item];
    (void)thread;
    pl_status status = r->act > 0 ? make_history(r, g) : PL_OK;
    for (int k = 0; status == PL_OK && k < g->count; k++) status = make_track(r, g, g->first + k);
    return status;
}

/* ---- running --------------------------------------------------------------------------------------------- */

static void draw(const running *r, const worker *w, const group *g, long first, int used) {
    const pl_variations *v = r->v;
    const pl_variation *variation = &r->list[r->order[g->first]];
    for (int i = 0; i < used; i++) w->futures[i] = (uint64_t)(first + i);
    pl_futures_draw(&v->s, &v->design, first, used, w->draws, (size_t)v->lanes);
    for (int i = 0; i < variation->set_count; i++) {
        const pl_variation_set *set = &variation->sets[i];
        double *row = w->draws + (size_t)set->input * (size_t)v->lanes;
        if (v->inputs[set->input].input_class != PL_INPUT_UNCERTAINTY) continue;
        for (int k = 0; k < used; k++) row[k] = set->value;
    }
}

static void keep(const running *r, const worker *w, long variation, long first, int used) {
    int measures = r->v->s.measure_count;
    pl_block_measure(w->block, w->taken, (size_t)r->v->lanes, NULL);
    for (int m = 0; m < measures; m++)
        memcpy(r->values + (size_t)(variation * measures + m) * (size_t)r->futures + (size_t)first,
               w->taken + (size_t)m * (size_t)r->v->lanes, (size_t)used * sizeof(double));
}

static void report_progress(running *r, int thread, long runs) {
    long done = atomic_fetch_add(&r->done, runs) + runs;
    if (thread == 0 && r->progress && r->progress(r->context, done, r->count * r->futures)) atomic_store(&r->stopped, true);
}

static pl_status run_item(void *context, long item, int thread) {
    running *r = context;
    pl_variations *v = r->v;
    worker *w = &v->workers[thread];
    const group *g = &r->groups[item % r->group_count];
    long first = item / r->group_count * v->lanes, left = r->futures - first;
    int used = left < v->lanes ? (int)left : v->lanes;
    size_t slab = pl_program_slab_size(v->program, v->lanes);
    if (atomic_load(&r->stopped)) return PL_INTERRUPTED;
    draw(r, w, g, first, used);
    for (int k = 0; k < g->count; k++) {
        long place = g->first + k;
        const pl_track *begin = r->act > 0 ? g->history : r->tracks[place];
        if (r->act == 0 || k == 0)
            pl_block_start(w->block, begin, w->draws, (size_t)v->lanes, w->futures, v->design.seed, used);
        if (r->act > 0 && k == 0) {
            pl_block_run(w->block, g->history, r->act, NULL, NULL);
            memcpy(w->fork, pl_block_slab(w->block), slab);
        } else if (r->act > 0) {
            memcpy(pl_block_slab(w->block), w->fork, slab);
            pl_block_set_step(w->block, r->act);
        }
        pl_block_run(w->block, r->tracks[place], r->steps, NULL, NULL);
        keep(r, w, r->order[place], first, used);
        report_progress(r, thread, used);
    }
    return PL_OK;
}

static pl_status run(running *r) {
    pl_status status = find_groups(r);
    if (status != PL_OK) return status;
    if (!(r->tracks = pl_allocate((size_t)(r->count + 1) * sizeof(pl_track *)))) return PL_MEMORY;
    status = pl_parallel_for(r->group_count, r->v->threads, make_tracks, r);
    if (status != PL_OK) return status;
    long blocks = (r->futures + r->v->lanes - 1) / r->v->lanes;
    return pl_parallel_for(blocks * r->group_count, r->v->threads, run_item, r);
}

pl_status pl_variations_run(pl_variations *variations, const pl_variation *list, long count, long futures,
                            double *values, int (*progress)(void *context, long done, long all), void *context,
                            pl_error *error) {
    running r = {.v = variations, .list = list, .count = count, .futures = futures, .values = values,
                 .progress = progress, .context = context};
    r.act = pl_program_act_step(variations->program), r.steps = pl_program_steps(variations->program);
    pl_status status = run(&r);
    for (long i = 0; r.tracks && i < count; i++) pl_track_free(r.tracks[i]);
    for (long i = 0; i < r.group_count; i++) pl_track_free(r.groups[i].history);
    pl_release(r.tracks), pl_release(r.groups), pl_release(r.order);
    return status == PL_OK ? PL_OK : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}
