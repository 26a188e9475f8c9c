/* See looprun.h. */
#include "study/looprun.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/pool.h"
#include "ensemble/explore.h"

/* What a block of lanes needs while it runs. */
typedef struct lanes {
    const pl_loop_runs *runs;
    const pl_program *program;
    pl_block *block;
    double *draws, *raw, *scores;
    long item, first;
    int thread, used, lanes, stride; /* stride: of saved rows that are looked at */
    bool stopped;
} lanes;

static int stride_of(const pl_program *p) { return (pl_program_rows(p) - 1) / PL_LOOP_POINTS + 1; }

static void save(void *context, int step, double time, const double *row) {
    lanes *l = context;
    const pl_loop_runs *runs = l->runs;
    bool saved;
    int at = pl_program_row(l->program, step, &saved);
    (void)time;
    if (at == 0 || at % l->stride != 0 || l->stopped) return;
    for (int lane = 0; lane < l->used && !l->stopped; lane++) {
        pl_link_scores(runs->graph, row + lane, (size_t)l->lanes, l->raw, l->scores);
        l->stopped = !runs->visit(runs->context, l->item, l->thread, l->first + lane, at / l->stride, l->scores);
    }
}

static pl_status make_lanes(lanes *l, int count, int inputs) {
    const pl_link_graph *g = l->runs->graph;
    l->lanes = count, l->stride = stride_of(l->program);
    l->draws = pl_allocate(((size_t)inputs + 1) * (size_t)count * sizeof *l->draws);
    l->raw = pl_allocate(((size_t)g->partials->link_count + 1) * sizeof *l->raw);
    l->scores = pl_allocate(((size_t)g->link_count + 1) * sizeof *l->scores);
    return l->draws && l->raw && l->scores ? pl_block_new(l->program, count, &l->block) : PL_MEMORY;
}

static void free_lanes(lanes *l) {
    pl_block_free(l->block);
    pl_release(l->draws), pl_release(l->raw), pl_release(l->scores);
}

/* ---- alone ------------------------------------------------------------------------------------------------ */

static pl_status find_times(pl_loop_runs *runs, const pl_program *p) {
    int stride = stride_of(p);
    runs->points = (pl_program_rows(p) - 1) / stride + 1;
    if (!(runs->times = pl_allocate((size_t)runs->points * sizeof *runs->times))) return PL_MEMORY;
    for (int step = 0; step <= pl_program_steps(p); step++) {
        bool saved;
        int row = pl_program_row(p, step, &saved);
        if (saved && row % stride == 0) runs->times[row / stride] = pl_program_time(p, step);
    }
    return PL_OK;
}

static pl_status alone_track(const pl_loop_runs *runs, const pl_alone *alone, const pl_program *p, pl_track **track) {
    pl_lever_change *changes = NULL;
    int count = 0;
    pl_status status = PL_OK;
    if (runs->situation) status = pl_alone_changes(runs->situation, alone, p, runs->profile, &changes, &count);
    if (status == PL_OK) status = pl_track_new(p, changes, count, track);
    pl_release(changes);
    return status;
}

static pl_status run_alone(pl_loop_runs *runs, const pl_alone *alone, const pl_program *p) {
    lanes l = {.runs = runs, .program = p, .used = 1};
    pl_track *track = NULL;
    uint64_t future = 0;
    pl_status status = find_times(runs, p);
    if (status == PL_OK) status = alone_track(runs, alone, p, &track);
    if (status == PL_OK) status = make_lanes(&l, 1, 0);
    if (status == PL_OK) {
        pl_block_start(l.block, track, NULL, 0, &future, runs->seed, 1);
        pl_block_run(l.block, track, pl_program_steps(p), save, &l);
        if (l.stopped) status = PL_MEMORY;
    }
    free_lanes(&l);
    pl_track_free(track);
    return status;
}

pl_status pl_loop_run_alone(pl_loop_runs *runs, pl_error *error) {
    const pl_situation *s = runs->situation;
    const pl_partials *partials = runs->graph->partials;
    pl_alone alone = {0};
    pl_program *program = NULL;
    pl_status status = s ? pl_alone_make(s, 0, &alone) : PL_OK;
    if (status == PL_OK) {
        if (s) pl_alone_fill(s, 0, &alone);
        pl_program_spec spec = {.inputs = alone.inputs, .input_count = alone.input_count, .values = alone.values,
                                .rules = alone.rules, .rule_count = s ? s->rule_count : 0,
                                .overrides = alone.overrides, .override_count = alone.override_count,
                                .outputs = partials->outputs, .output_count = partials->output_count,
                                .final_time = s ? s->run_to : NAN, .act_from = s ? s->run_from : NAN, .one_case = true};
        status = pl_program_compile(partials->model, &spec, &program, error);
        if (status == PL_OK && (status = run_alone(runs, &alone, program)) != PL_OK)
            pl_error_set(error, status, runs->model->file, 0, 0, "%s", pl_status_text(status));
    } else {
        pl_error_set(error, status, runs->model->file, 0, 0, "out of memory");
    }
    pl_program_free(program);
    pl_alone_free(&alone);
    return status;
}

/* ---- futures ---------------------------------------------------------------------------------------------- */

typedef struct futures_run {
    const pl_loop_runs *runs;
    const pl_track *track;
    pl_design design;
    long futures;
    lanes *workers;
} futures_run;

static pl_status run_item(void *context, long item, int thread) {
    futures_run *r = context;
    lanes *l = &r->workers[thread];
    uint64_t numbers[PL_LOOP_LANES];
    long left = r->futures - item * PL_LOOP_LANES;
    l->item = item, l->first = item * PL_LOOP_LANES, l->thread = thread, l->stopped = false;
    l->used = left < PL_LOOP_LANES ? (int)left : PL_LOOP_LANES;
    for (int i = 0; i < l->used; i++) numbers[i] = (uint64_t)(l->first + i);
    pl_futures_draw(r->runs->situation, &r->design, l->first, l->used, l->draws, PL_LOOP_LANES);
    pl_block_start(l->block, r->track, l->draws, PL_LOOP_LANES, numbers, r->runs->seed, l->used);
    pl_block_run(l->block, r->track, pl_program_steps(l->program), save, l);
    return l->stopped ? PL_INTERRUPTED : PL_OK;
}

static pl_status run_all(futures_run *r, const pl_program *p, int threads) {
    pl_status status = PL_OK;
    if (!(r->workers = pl_allocate((size_t)threads * sizeof *r->workers))) return PL_MEMORY;
    for (int i = 0; i < threads && status == PL_OK; i++) {
        r->workers[i] = (lanes){.runs = r->runs, .program = p};
        status = make_lanes(&r->workers[i], PL_LOOP_LANES, r->runs->situation->input_count);
    }
    if (status == PL_OK)
        status = pl_parallel_for((r->futures + PL_LOOP_LANES - 1) / PL_LOOP_LANES, threads, run_item, r);
    for (int i = 0; i < threads; i++) free_lanes(&r->workers[i]);
    pl_release(r->workers);
    return status;
}

pl_status pl_loop_run_futures(const pl_loop_runs *runs, long futures, pl_error *error) {
    pl_situation copy = *runs->situation; /* with the model's copy: its inputs are the same variables */
    const pl_partials *partials = runs->graph->partials;
    pl_program *program = NULL;
    pl_track *track = NULL;
    copy.model = partials->model;
    pl_status status = pl_situation_compile(&copy, false, partials->outputs, partials->output_count, &program, error);
    if (status != PL_OK) return status;
    status = pl_profile_track(runs->situation, program, NULL, runs->profile, &track);
    futures_run r = {.runs = runs, .track = track, .design = pl_design_of(runs->situation), .futures = futures};
    if (status == PL_OK) status = run_all(&r, program, runs->threads > 0 ? runs->threads : pl_processor_count());
    pl_track_free(track);
    pl_program_free(program);
    return status == PL_OK ? status : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}
