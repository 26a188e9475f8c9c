/* See policies.h.  Where the futures fit into a block it holds several candidates, each with all of them; else a block
 * holds a part of the futures, of one candidate.  An item of work is one block; the state at run.from is made once for
 * each part of the futures and kept, as far as there is room for it, so that an item only forks it. */
#include "ensemble/policies.h"

#include <string.h>

#include "base/arena.h"
#include "base/pool.h"
#include "ensemble/explore.h"

enum { LANES_STEP = 16, MOST_LANES = 512, KEPT_BYTES = 256 << 20 };

typedef struct worker {
    pl_block *block;
    double *draws, *taken, *given; /* [input][lane], [measure][lane], [lane] */
    uint64_t *futures;             /* [lane] */
} worker;

struct pl_policies {
    pl_situation s;       /* a copy with the search's inputs, rules and overrides, and the measures that are taken */
    pl_measure *measures;
    pl_program *program;
    pl_policies_options o;
    int lanes;
    long parts;           /* of the futures */
    int each;             /* candidates in a block */
    int act, steps;
    size_t slab;
    pl_track *history, *track; /* of all candidates; history NULL: courses act from the start */
    char *kept;           /* [parts][slab] the states at run.from; NULL: too many */
    bool made;            /* they are there */
    worker *workers;
};

typedef struct running {
    pl_policies *p;
    const double *values;
    pl_track **tracks;    /* [count] of profiles; NULL: the policy's own */
    long count;
    double *taken;
} running;

/* ---- making ---------------------------------------------------------------------------------------------- */

static void free_worker(worker *w) {
    pl_block_free(w->block);
    pl_release(w->draws), pl_release(w->taken), pl_release(w->given), pl_release(w->futures);
}

void pl_policies_free(pl_policies *p) {
    if (!p) return;
    for (int i = 0; p->workers && i < p->o.threads; i++) free_worker(&p->workers[i]);
    pl_track_free(p->track), pl_track_free(p->history);
    pl_program_free(p->program);
    pl_release(p->workers), pl_release(p->measures), pl_release(p->kept);
    pl_release(p);
}

static pl_status make_worker(const pl_policies *p, worker *w) {
    size_t lanes = (size_t)p->lanes;
    pl_status status = pl_block_new(p->program, p->lanes, &w->block);
    if (status != PL_OK) return status;
    w->draws = pl_allocate((size_t)(p->s.input_count + 1) * lanes * sizeof(double));
    w->taken = pl_allocate((size_t)(p->o.measure_count + 1) * lanes * sizeof(double));
    w->given = pl_allocate(lanes * sizeof(double));
    w->futures = pl_allocate(lanes * sizeof(uint64_t));
    return w->draws && w->taken && w->given && w->futures ? PL_OK : PL_MEMORY;
}

static pl_status compile(pl_policies *p, pl_error *error) {
    const pl_search *search = p->s.search;
    if (!(p->measures = pl_allocate((size_t)(p->o.measure_count + 1) * sizeof *p->measures))) return PL_MEMORY;
    for (int i = 0; i < p->o.measure_count; i++) p->measures[i] = p->s.measures[p->o.measures[i]];
    p->s.measures = p->measures, p->s.measure_count = p->o.measure_count;
    p->s.inputs = search->inputs, p->s.input_count = search->input_count;
    p->s.rules = search->rules, p->s.rule_count = search->rule_count;
    p->s.overrides = search->overrides, p->s.override_count = search->override_count;
    return pl_situation_compile(&p->s, true, NULL, 0, &p->program, error);
}

/* As many lanes as there is work for. */
static void lay_out(pl_policies *p) {
    long best = pl_program_best_lanes(p->program), futures = p->o.futures;
    long wanted = (p->o.expected * futures + p->o.threads - 1) / p->o.threads;
    if (wanted < best) best = wanted;
    if (best > MOST_LANES) best = MOST_LANES;
    if (best > futures && best % futures) best = (best + futures - 1) / futures * futures;
    p->lanes = (int)((best + LANES_STEP - 1) / LANES_STEP * LANES_STEP);
    p->each = futures < p->lanes ? (int)(p->lanes / futures) : 1;
    p->parts = (futures + p->lanes - 1) / p->lanes;
    p->act = pl_program_act_step(p->program), p->steps = pl_program_steps(p->program);
    p->slab = pl_program_slab_size(p->program, p->lanes);
}

static pl_status make_track(pl_policies *p, long profile, const pl_course *policy, pl_track **track) {
    p->s.policy = policy;
    return pl_profile_track(&p->s, p->program, p->history, profile, track);
}

static pl_status make_parts(pl_policies *p) {
    lay_out(p);
    pl_status status = p->act > 0 ? pl_track_new(p->program, NULL, 0, &p->history) : PL_OK;
    long profile = pl_situation_combination(&p->s, p->s.search->course);
    if (status == PL_OK) status = make_track(p, profile, &p->s.search->policy, &p->track);
    if (status != PL_OK) return status;
    if (p->act > 0 && (size_t)p->parts <= KEPT_BYTES / (p->slab + 1))
        if (!(p->kept = pl_allocate((size_t)p->parts * p->slab + 1))) return PL_MEMORY;
    if (!(p->workers = pl_allocate((size_t)p->o.threads * sizeof *p->workers))) return PL_MEMORY;
    for (int i = 0; status == PL_OK && i < p->o.threads; i++) status = make_worker(p, &p->workers[i]);
    return status;
}

pl_status pl_policies_new(const pl_situation *situation, const pl_policies_options *options, pl_policies **policies,
                          pl_error *error) {
    *policies = NULL;
    pl_policies *p = pl_allocate(sizeof *p);
    if (!p) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    p->s = *situation, p->o = *options;
    if (p->o.threads <= 0) p->o.threads = pl_processor_count();
    pl_status status = compile(p, error);
    if (status == PL_OK) status = make_parts(p);
    if (status == PL_MEMORY) pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (status != PL_OK) pl_policies_free(p);
    else *policies = p;
    return status;
}

bool pl_policies_vary(const pl_policies *p) {
    return p->s.uncertainty_count > 0 || pl_program_draws(p->program);
}

/* ---- running --------------------------------------------------------------------------------------------- */

/* The futures of a part, again for each candidate of a block. */
static int fill_futures(const pl_policies *p, worker *w, long part) {
    long first = part * p->lanes, left = p->o.futures - first;
    int count = left < p->lanes ? (int)left : p->lanes;
    size_t lanes = (size_t)p->lanes;
    pl_futures_draw(&p->s, &p->o.design, p->o.first + first, count, w->draws, lanes);
    for (int i = 0; i < count; i++) w->futures[i] = (uint64_t)(p->o.first + first + i);
    for (int k = 1; k < p->each; k++) {
        memcpy(w->futures + (size_t)k * (size_t)count, w->futures, (size_t)count * sizeof *w->futures);
        for (int u = 0; u < p->s.uncertainty_count; u++) {
            double *row = w->draws + (size_t)p->s.uncertainties[u].input * lanes;
            memcpy(row + (size_t)k * (size_t)count, row, (size_t)count * sizeof *row);
        }
    }
    return count;
}

/* Runs a part up to run.from. */
static void run_history(const pl_policies *p, worker *w, long part) {
    int count = fill_futures(p, w, part);
    for (int v = 0; v < p->s.search->variable_count; v++) /* they do not count yet */
        memset(w->draws + (size_t)p->s.search->variables[v].input * (size_t)p->lanes, 0, (size_t)p->lanes * sizeof(double));
    pl_block_start(w->block, p->history, w->draws, (size_t)p->lanes, w->futures, p->o.design.seed, count * p->each);
    pl_block_run(w->block, p->history, p->act, NULL, NULL);
}

static pl_status keep_history(void *context, long part, int thread) {
    pl_policies *p = context;
    worker *w = &p->workers[thread];
    run_history(p, w, part);
    memcpy(p->kept + (size_t)part * p->slab, pl_block_slab(w->block), p->slab);
    return PL_OK;
}

/* The value of a variable in each lane of a block whose candidates begin with `first`. */
static void spread(const running *r, double *lanes, long first, int candidates, int futures, int variable) {
    size_t variables = (size_t)r->p->s.search->variable_count;
    for (int k = 0; k < r->p->each; k++) {
        long candidate = first + (k < candidates ? k : candidates - 1);
        double value = r->values ? r->values[(size_t)candidate * variables + (size_t)variable] : 0;
        for (int f = 0; f < futures; f++) lanes[(size_t)k * (size_t)futures + (size_t)f] = value;
    }
}

/* Brings a block to run.from with the candidates' values in it; how many futures it has. */
static int start(const running *r, worker *w, long part, long first, int candidates) {
    pl_policies *p = r->p;
    long left = p->o.futures - part * p->lanes;
    int futures = left < p->lanes ? (int)left : p->lanes;
    const pl_search *search = p->s.search;
    const pl_track *track = r->tracks ? r->tracks[first] : p->track;
    if (p->act == 0) {
        fill_futures(p, w, part);
        for (int v = 0; v < search->variable_count; v++)
            spread(r, w->draws + (size_t)search->variables[v].input * (size_t)p->lanes, first, candidates, futures, v);
        pl_block_start(w->block, track, w->draws, (size_t)p->lanes, w->futures, p->o.design.seed, futures * p->each);
        return futures;
    }
    if (p->kept) memcpy(pl_block_slab(w->block), p->kept + (size_t)part * p->slab, p->slab);
    else run_history(p, w, part);
    pl_block_resume(w->block, p->act, p->o.design.seed, futures * p->each);
    for (int v = 0; v < search->variable_count; v++) {
        spread(r, w->given, first, candidates, futures, v);
        pl_block_set_input(w->block, search->variables[v].input, w->given);
    }
    return futures;
}

static void keep(const running *r, const worker *w, long part, long first, int candidates, int futures) {
    const pl_policies *p = r->p;
    size_t measures = (size_t)p->o.measure_count, all = (size_t)p->o.futures;
    for (int k = 0; k < candidates; k++)
        for (size_t m = 0; m < measures; m++)
            memcpy(r->taken + (((size_t)first + (size_t)k) * measures + m) * all + (size_t)(part * p->lanes),
                   w->taken + m * (size_t)p->lanes + (size_t)k * (size_t)futures, (size_t)futures * sizeof(double));
}

static pl_status run_item(void *context, long item, int thread) {
    running *r = context;
    pl_policies *p = r->p;
    worker *w = &p->workers[thread];
    int each = r->tracks ? 1 : p->each;
    long part = item % p->parts, first = item / p->parts * each, left = r->count - first;
    int candidates = left < each ? (int)left : each;
    int futures = start(r, w, part, first, candidates);
    pl_block_run(w->block, r->tracks ? r->tracks[first] : p->track, p->steps, NULL, NULL);
    pl_block_measure(w->block, w->taken, (size_t)p->lanes, NULL);
    keep(r, w, part, first, candidates, futures);
    return PL_OK;
}

static pl_status run(running *r, pl_error *error) {
    pl_policies *p = r->p;
    pl_status status = PL_OK;
    int each = r->tracks ? 1 : p->each;
    if (p->kept && !p->made) status = pl_parallel_for(p->parts, p->o.threads, keep_history, p);
    p->made = status == PL_OK;
    if (status == PL_OK)
        status = pl_parallel_for((r->count + each - 1) / each * p->parts, p->o.threads, run_item, r);
    return status == PL_OK ? PL_OK : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

pl_status pl_policies_run(pl_policies *policies, const double *values, long count, double *taken,
                          pl_error *error) {
    running r = {.p = policies, .values = values, .count = count, .taken = taken};
    return run(&r, error);
}

pl_status pl_policies_run_profiles(pl_policies *p, const long *profiles, long count, double *taken, pl_error *error) {
    running r = {.p = p, .count = count, .taken = taken};
    pl_status status = PL_OK;
    if (!(r.tracks = pl_allocate((size_t)(count + 1) * sizeof(pl_track *))))
        return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (long i = 0; status == PL_OK && i < count; i++) status = make_track(p, profiles[i], NULL, &r.tracks[i]);
    status = status == PL_OK ? run(&r, error) : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
    for (long i = 0; i < count; i++) pl_track_free(r.tracks[i]);
    pl_release(r.tracks);
    return status;
}
