/* See stages.h. */
#include "ensemble/stages.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/pool.h"
#include "ensemble/explore.h"

enum { LANES_STEP = 16, MOST_LANES = 512, SLABS_ROOM = 64 << 20 };

/* What one thread needs, made once. */
typedef struct worker {
    pl_block *block;
    char *slabs;       /* [level][block of the group] states at the stages */
    double *draws;     /* [input][lanes x blocks of the group] */
    uint64_t *futures; /* [lanes x blocks of the group] */
    double *measures;  /* [measure][lanes] */
} worker;

typedef struct tree {
    const pl_stages *stages;
    const pl_situation *s;
    const pl_explore_options *options;
    pl_design design;
    pl_program *program;
    pl_track *history;     /* before the first stage; NULL where there is nothing before it */
    pl_lever_change **changes; /* [profile] of the courses that take part, sorted by step */
    int *change_count;     /* [profile] */
    int step[PL_MOST_STAGES + 1]; /* of each stage; the last is the end of the run */
    worker *workers;
    int threads, lanes;
    long blocks, groups, group_size; /* a group is of consecutive blocks of futures */
    size_t slab;
    double *payoffs;
    atomic_long done;
    atomic_bool stopped;
} tree;

/* ---- the plan -------------------------------------------------------------------------------------------- */

int pl_stages_course(const pl_stages *stages, long profile, int actor) {
    for (int a = stages->s->actor_count - 1; a > actor; a--) profile /= stages->courses[a].count;
    return stages->courses[actor].courses[profile % stages->courses[actor].count];
}

/* The same profile among all combinations of courses. */
static long combination(const pl_stages *stages, long profile) {
    int course[stages->s->actor_count];
    for (int a = 0; a < stages->s->actor_count; a++) course[a] = pl_stages_course(stages, profile, a);
    return pl_situation_combination(stages->s, course);
}

static pl_status list_times(const pl_situation *s, pl_stages *stages, pl_error *error) {
    *stages = (pl_stages){.s = s, .count = s->play_at_count, .profiles = 1, .leaves = 1};
    if (!stages->count)
        return pl_error_set(error, PL_INVALID, s->file, 0, 0,
                            "staged play needs the times at which the actors choose: 'at' in 'play'");
    if (stages->count > PL_MOST_STAGES)
        return pl_error_set(error, PL_INVALID, s->file, 0, 0, "staged play has at most %d times", PL_MOST_STAGES);
    for (int i = 0; i < stages->count; i++) stages->at[i] = s->play_at[i];
    return PL_OK;
}

pl_status pl_stages_make(const pl_situation *s, const pl_choice_set *courses, pl_stages *stages, pl_error *error) {
    pl_status status = list_times(s, stages, error);
    if (status != PL_OK) return status;
    stages->courses = courses;
    for (int a = 0; a < s->actor_count; a++) stages->profiles *= courses[a].count;
    double leaves = 1;
    for (int i = 0; i < stages->count; i++) {
        leaves *= (double)stages->profiles;
        stages->segments += leaves;
    }
    stages->leaves = leaves < 1e15 ? (long)leaves : 0;
    return PL_OK;
}

static pl_status place_stages(tree *t, pl_error *error) {
    const pl_program *p = t->program;
    int last = pl_program_steps(p), act = pl_program_act_step(p);
    for (int i = 0; i < t->stages->count; i++) {
        t->step[i] = pl_program_step_of(p, t->stages->at[i]);
        if (t->step[i] < act || t->step[i] >= last)
            return pl_error_set(error, PL_INVALID, t->s->file, 0, 0,
                                "the time %g of 'at' in 'play' is not between the start of the courses and the end of "
                                "the run", t->stages->at[i]);
        if (i && t->step[i] <= t->step[i - 1])
            return pl_error_set(error, PL_INVALID, t->s->file, 0, 0,
                                "the times %g and %g of 'at' in 'play' fall on the same step", t->stages->at[i - 1],
                                t->stages->at[i]);
    }
    t->step[t->stages->count] = last;
    return PL_OK;
}

/* ---- what a course has in force --------------------------------------------------------------------------- */

/* Stable: of changes at the same step the last still counts. */
static void sort_changes(pl_lever_change *changes, int count) {
    for (int i = 1; i < count; i++) {
        pl_lever_change change = changes[i];
        int k = i;
        for (; k > 0 && changes[k - 1].step > change.step; k--) changes[k] = changes[k - 1];
        changes[k] = change;
    }
}

static pl_status list_changes(tree *t) {
    t->changes = pl_allocate((size_t)t->stages->profiles * sizeof *t->changes);
    t->change_count = pl_allocate((size_t)t->stages->profiles * sizeof *t->change_count);
    if (!t->changes || !t->change_count) return PL_MEMORY;
    for (long k = 0; k < t->stages->profiles; k++) {
        pl_status status = pl_profile_changes(t->s, t->program, combination(t->stages, k), false, &t->changes[k],
                                              &t->change_count[k]);
        if (status != PL_OK) return status;
        sort_changes(t->changes[k], t->change_count[k]);
    }
    return PL_OK;
}

/* The value of an input at a step where a profile's courses have been in force from the start. */
static double value_at(const tree *t, long profile, int input, int step) {
    double value = pl_program_input_value(t->program, input);
    for (int i = 0; i < t->change_count[profile] && t->changes[profile][i].step <= step; i++)
        if (t->changes[profile][i].input == input) value = t->changes[profile][i].value;
    return value;
}

static bool is_set(const tree *t, long profile, int input, int step) {
    for (int i = 0; i < t->change_count[profile] && t->changes[profile][i].step <= step; i++)
        if (t->changes[profile][i].input == input) return true;
    return false;
}

/* The model's own value of a lever that is a whole array may differ by element, and one number cannot bring it back. */
static pl_status check_arrays(const tree *t, pl_error *error) {
    for (int input = 0; input < t->s->input_count; input++) {
        const pl_input *lever = &t->s->inputs[input];
        long set = 0;
        if (lever->input_class != PL_INPUT_LEVER || lever->element >= 0 || lever->variable->size == 1) continue;
        for (long k = 0; k < t->stages->profiles; k++) set += is_set(t, k, input, t->step[0]);
        if (set && set < t->stages->profiles)
            return pl_error_set(error, PL_UNSUPPORTED, t->s->file, 0, 0,
                                "'%s' is an array that some courses set as a whole and others leave alone: staged play "
                                "needs its elements to be set one by one, or by every course", lever->variable->name);
    }
    return PL_OK;
}

/* The track of a profile that is played from a stage on, after what its parent's track says of the time before. */
static pl_status branch(const tree *t, const pl_track *parent, int level, long profile, pl_track **track) {
    int step = t->step[level], count = 0, inputs = pl_program_input_count(t->program);
    pl_lever_change *changes = pl_allocate((size_t)(inputs + t->change_count[profile] + 1) * sizeof *changes);
    if (!changes) return PL_MEMORY;
    for (int input = 0; input < t->s->input_count; input++) {
        bool used = false;
        for (long k = 0; k < t->stages->profiles && !used; k++) used = is_set(t, k, input, pl_program_steps(t->program));
        if (used) changes[count++] = (pl_lever_change){step, input, value_at(t, profile, input, step)};
    }
    for (int i = 0; i < t->change_count[profile]; i++)
        if (t->changes[profile][i].step > step) changes[count++] = t->changes[profile][i];
    pl_status status = pl_track_branch_to(t->program, parent, step, changes, count, t->step[level + 1], track);
    pl_release(changes);
    return status;
}

/* ---- running ---------------------------------------------------------------------------------------------- */

typedef struct node {
    const pl_track *track; /* that led here; NULL at the start of the run */
    int level;
    long leaf;             /* number of the first leaf below, in units of one at the level: profiles so far */
} node;

typedef struct work_item {
    worker *w;
    int thread;
    long first, blocks; /* the group's first block of futures, and how many it has */
} work_item;

static void *slab_of(const tree *t, const worker *w, int level, long block) {
    return w->slabs + ((size_t)level * (size_t)t->group_size + (size_t)block) * t->slab;
}

static void report_progress(tree *t, const work_item *item) {
    long done = atomic_fetch_add(&t->done, t->lanes) + t->lanes;
    if (item->thread != 0 || !t->options || !t->options->progress) return;
    double all = t->stages->segments * (double)t->s->futures;
    long whole = all < 1e18 ? (long)all : 1000000000000000000L;
    if (t->options->progress(t->options->context, done < whole ? done : whole, whole)) atomic_store(&t->stopped, true);
}

static void start_block(const tree *t, const work_item *item, const pl_track *track, long block) {
    size_t offset = (size_t)block * (size_t)t->lanes;
    pl_block_start(item->w->block, track, item->w->draws + offset, (size_t)(t->group_size * t->lanes),
                   item->w->futures + offset, t->design.seed, t->lanes);
}

/* The payoffs of a block's futures, as a results file has them. */
static void keep_payoffs(const tree *t, const work_item *item, long block, long leaf) {
    const worker *w = item->w;
    long first = (item->first + block) * t->lanes, left = t->s->futures - first, used = left < t->lanes ? left : t->lanes;
    pl_block_measure(w->block, w->measures, (size_t)t->lanes, NULL);
    for (int a = 0; a < t->s->actor_count; a++) {
        double *to = t->payoffs + ((size_t)leaf * (size_t)t->s->actor_count + (size_t)a) * (size_t)t->s->futures + (size_t)first;
        pl_actor_payoff(&t->s->actors[a], &t->design, w->measures, (size_t)t->lanes, first, (size_t)used, to);
    }
}

static void run_block(const tree *t, const work_item *item, const node *n, const pl_track *track, long block, long leaf) {
    const worker *w = item->w;
    if (!n->track) {
        start_block(t, item, track, block);
    } else {
        memcpy(pl_block_slab(w->block), slab_of(t, w, n->level, block), t->slab);
        pl_block_set_step(w->block, t->step[n->level]);
    }
    pl_block_run(w->block, track, t->step[n->level + 1], NULL, NULL);
    if (n->level + 1 == t->stages->count) keep_payoffs(t, item, block, leaf);
    else memcpy(slab_of(t, w, n->level + 1, block), pl_block_slab(w->block), t->slab);
}

static pl_status run_node(tree *t, const work_item *item, const node *n, long from, long to);

/* One profile at a node: its segment for all blocks of the group, then what follows it. */
static pl_status run_profile(tree *t, const work_item *item, const node *n, long profile) {
    pl_track *track;
    long leaf = n->leaf * t->stages->profiles + profile;
    pl_status status = branch(t, n->track, n->level, profile, &track);
    if (status != PL_OK) return status;
    for (long block = 0; block < item->blocks; block++) {
        run_block(t, item, n, track, block, leaf);
        report_progress(t, item);
    }
    if (n->level + 1 < t->stages->count)
        status = run_node(t, item, &(node){track, n->level + 1, leaf}, 0, t->stages->profiles);
    pl_track_free(track);
    return status;
}

static pl_status run_node(tree *t, const work_item *item, const node *n, long from, long to) {
    for (long profile = from; profile < to; profile++) {
        if (atomic_load(&t->stopped)) return PL_INTERRUPTED;
        pl_status status = run_profile(t, item, n, profile);
        if (status != PL_OK) return status;
    }
    return PL_OK;
}

/* The draws of a group; the last block is filled up with copies of the last future. */
static void draw_group(const tree *t, const work_item *item) {
    long room = t->group_size * t->lanes, first = item->first * t->lanes, left = t->s->futures - first;
    int used = (int)(left < item->blocks * t->lanes ? left : item->blocks * t->lanes);
    pl_futures_draw(t->s, &t->design, first, used, item->w->draws, (size_t)room);
    for (long i = 0; i < room; i++) item->w->futures[i] = (uint64_t)(first + (i < used ? i : used - 1));
    for (int input = 0; input < t->s->input_count; input++)
        for (long i = used; i < room; i++) item->w->draws[input * room + i] = item->w->draws[input * room + used - 1];
}

/* A work item: one profile at the first stage, for a group of blocks. */
static pl_status run_item(void *context, long number, int thread) {
    tree *t = context;
    long group = number / t->stages->profiles, profile = number % t->stages->profiles;
    work_item item = {.w = &t->workers[thread], .thread = thread, .first = group * t->group_size};
    item.blocks = t->blocks - item.first < t->group_size ? t->blocks - item.first : t->group_size;
    draw_group(t, &item);
    for (long block = 0; t->history && block < item.blocks; block++) {
        start_block(t, &item, t->history, block);
        pl_block_run(item.w->block, t->history, t->step[0], NULL, NULL);
        memcpy(slab_of(t, item.w, 0, block), pl_block_slab(item.w->block), t->slab);
    }
    return run_node(t, &item, &(node){t->history, 0, 0}, profile, profile + 1);
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static void choose_blocks(tree *t) {
    long futures = t->s->futures;
    int best = t->options && t->options->lanes > 0 ? t->options->lanes : pl_program_best_lanes(t->program);
    best = (best + LANES_STEP - 1) / LANES_STEP * LANES_STEP;
    if (best > MOST_LANES) best = MOST_LANES;
    t->blocks = (futures + best - 1) / best;
    t->lanes = (int)(((futures + t->blocks - 1) / t->blocks + LANES_STEP - 1) / LANES_STEP * LANES_STEP);
    t->blocks = (futures + t->lanes - 1) / t->lanes;
    t->slab = (pl_program_slab_size(t->program, t->lanes) + 63) / 64 * 64;
    long most = (long)(SLABS_ROOM / (t->slab * (size_t)t->stages->count + 1));
    long wanted = (4L * t->threads + t->stages->profiles - 1) / t->stages->profiles; /* enough items for all threads */
    t->group_size = (t->blocks + wanted - 1) / wanted;
    if (t->group_size > most) t->group_size = most > 1 ? most : 1;
    t->groups = (t->blocks + t->group_size - 1) / t->group_size;
    if (t->threads > t->groups * t->stages->profiles) t->threads = (int)(t->groups * t->stages->profiles);
}

static pl_status make_worker(const tree *t, worker *w) {
    size_t room = (size_t)t->group_size * (size_t)t->lanes;
    pl_status status = pl_block_new(t->program, t->lanes, &w->block);
    if (status != PL_OK) return status;
    w->slabs = pl_allocate((size_t)t->stages->count * (size_t)t->group_size * t->slab);
    w->draws = pl_allocate((size_t)(t->s->input_count + 1) * room * sizeof *w->draws);
    w->futures = pl_allocate(room * sizeof *w->futures);
    w->measures = pl_allocate((size_t)(t->s->measure_count + 1) * (size_t)t->lanes * sizeof *w->measures);
    return w->slabs && w->draws && w->futures && w->measures ? PL_OK : PL_MEMORY;
}

static pl_status make_history(tree *t) {
    if (t->step[0] == 0) return PL_OK;
    pl_lever_change *changes;
    int count;
    long base = pl_situation_combination(t->s, t->s->base_course);
    pl_status status = pl_profile_changes(t->s, t->program, base, false, &changes, &count);
    if (status == PL_OK) status = pl_track_branch_to(t->program, NULL, 0, changes, count, t->step[0], &t->history);
    pl_release(changes);
    return status;
}

static pl_status prepare(tree *t, pl_error *error) {
    pl_status status = pl_situation_compile(t->s, true, NULL, 0, &t->program, error);
    if (status == PL_OK) status = place_stages(t, error);
    if (status != PL_OK) return status;
    status = list_changes(t);
    if (status == PL_OK && (status = check_arrays(t, error)) != PL_OK) return status;
    if (status == PL_OK) status = make_history(t);
    t->threads = t->options && t->options->threads > 0 ? t->options->threads : pl_processor_count();
    choose_blocks(t);
    if (!(t->workers = pl_allocate((size_t)t->threads * sizeof *t->workers))) status = PL_MEMORY;
    for (int i = 0; i < t->threads && status == PL_OK; i++) status = make_worker(t, &t->workers[i]);
    return status == PL_OK ? PL_OK : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

static void free_tree(tree *t) {
    for (int i = 0; t->workers && i < t->threads; i++) {
        worker *w = &t->workers[i];
        pl_block_free(w->block);
        pl_release(w->slabs), pl_release(w->draws), pl_release(w->futures), pl_release(w->measures);
    }
    pl_release(t->workers);
    for (long k = 0; t->changes && k < t->stages->profiles; k++) pl_release(t->changes[k]);
    pl_release(t->changes);
    pl_release(t->change_count);
    pl_track_free(t->history);
    pl_program_free(t->program);
}

pl_status pl_stages_run(const pl_stages *stages, const pl_explore_options *options, double *payoffs, pl_error *error) {
    tree t = {.stages = stages, .s = stages->s, .options = options, .design = pl_design_of(stages->s), .payoffs = payoffs};
    pl_status status = prepare(&t, error);
    if (status == PL_OK) {
        status = pl_parallel_for(t.groups * stages->profiles, t.threads, run_item, &t);
        if (status != PL_OK) pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
    }
    free_tree(&t);
    return status;
}

pl_status pl_stages_check(const pl_situation *s, pl_error *error) {
    pl_stages stages;
    tree t = {.stages = &stages, .s = s};
    pl_status status = list_times(s, &stages, error);
    if (status == PL_OK) status = pl_situation_compile(s, true, NULL, 0, &t.program, error);
    if (status == PL_OK) status = place_stages(&t, error);
    pl_program_free(t.program);
    return status;
}
