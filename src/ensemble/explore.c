/* Every combination of courses against every future, on threads, into FILE.nc.part and then FILE.nc.
 *
 * A work item is 512 futures of a group of profiles: for each block of lanes the history that profiles share runs once,
 * its state is copied, and each profile goes on from the copy with its own track.  Each (512 futures, profile) is one
 * record of the .part file at a place of its own, so neither threads nor blocks show in the result.  Where series are
 * kept, the first work items run them (traces.h): bundles of variables under one profile. */
#include "ensemble/explore.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/pool.h"
#include "ensemble/origin.h"
#include "ensemble/ranks.h"

enum { LANES_STEP = 16, MOST_LANES = PL_PART_FUTURES, RECORDS_ROOM = 32 << 20 };

/* ---- the state of an exploration ------------------------------------------------------------------------ */

/* What one thread needs, made once. */
typedef struct worker {
    pl_block *block;
    void *fork;             /* a copy of the slab at the step at which courses act */
    double *draws;          /* [input][512] */
    uint64_t *futures;      /* [512] */
    double *values;         /* [profile of the group][measure][512] */
    unsigned char *failed;  /* [profile of the group][512] */
    double *taken;          /* [measure][lane] of one block */
    unsigned char *record;  /* a record's bytes */
    pl_error error;
} worker;

typedef struct exploration {
    const pl_situation *s;
    const pl_explore_options *options;
    const pl_ranks *ranks; /* NULL: this process is alone */
    bool elsewhere;        /* it is another rank that has failed */
    pl_design design;
    pl_program *program;
    pl_track *history;
    pl_track **tracks;      /* [profile] */
    pl_part *part;
    unsigned char *finished; /* [record of the part] */
    pl_failures failures;    /* of the records that were read */
    pl_traces *traces;         /* the series that are kept; NULL: none */
    unsigned char *kept;     /* [series of the part] those that are finished */
    int bundle, bundles;     /* traces that run together; how many bundles make up a profile's */
    long series_items;
    worker *workers;
    int threads, lanes, act, steps;
    long profiles, groups, group_size; /* a group is of consecutive profiles */
    long first_chunk, chunks;          /* of 512 futures: those of this shard */
    atomic_long done;
    atomic_bool stopped;
} exploration;

static void free_exploration(exploration *x) {
    for (int i = 0; x->workers && i < x->threads; i++) {
        worker *w = &x->workers[i];
        pl_block_free(w->block);
        pl_release(w->fork), pl_release(w->draws), pl_release(w->futures);
        pl_release(w->values), pl_release(w->failed), pl_release(w->taken), pl_release(w->record);
    }
    pl_release(x->workers);
    for (long i = 0; x->tracks && i < x->profiles; i++) pl_track_free(x->tracks[i]);
    pl_release(x->tracks);
    pl_track_free(x->history);
    pl_program_free(x->program);
    pl_release(x->finished), pl_release(x->kept);
    pl_traces_free(x->traces);
    pl_part_close(x->part);
}

static int choose_lanes(const exploration *x) {
    int wanted = x->options && x->options->lanes > 0 ? x->options->lanes : pl_program_best_lanes(x->program);
    long needed = x->design.futures < MOST_LANES ? x->design.futures : MOST_LANES;
    if (wanted > needed) wanted = (int)needed;
    wanted = (wanted + LANES_STEP - 1) / LANES_STEP * LANES_STEP;
    return wanted > MOST_LANES ? MOST_LANES : wanted;
}

/* Groups are small enough for their records to fit in memory, and for every thread to have work. */
static void choose_groups(exploration *x) {
    long record = ((long)x->s->measure_count * (long)sizeof(double) + 1) * PL_PART_FUTURES;
    long most = RECORDS_ROOM / record > 1 ? RECORDS_ROOM / record : 1;
    long wanted = x->threads > 1 ? (4L * x->threads + x->chunks - 1) / x->chunks : 1;
    if (wanted > x->profiles) wanted = x->profiles;
    x->group_size = (x->profiles + wanted - 1) / wanted;
    if (x->group_size > most) x->group_size = most;
    x->groups = (x->profiles + x->group_size - 1) / x->group_size;
}

static pl_status make_worker(exploration *x, worker *w) {
    size_t group = (size_t)x->group_size * PL_PART_FUTURES;
    pl_status status = pl_block_new(x->program, x->lanes, &w->block);
    if (status != PL_OK) return status;
    w->fork = pl_allocate(pl_program_slab_size(x->program, x->lanes));
    w->draws = pl_allocate((size_t)(x->s->input_count + 1) * PL_PART_FUTURES * sizeof(double));
    w->futures = pl_allocate(PL_PART_FUTURES * sizeof(uint64_t));
    w->values = pl_allocate(group * (size_t)x->s->measure_count * sizeof(double));
    w->failed = pl_allocate(group);
    w->taken = pl_allocate((size_t)x->s->measure_count * (size_t)x->lanes * sizeof(double));
    w->record = pl_allocate(pl_part_record_size(x->part));
    bool all = w->fork && w->draws && w->futures && w->values && w->failed && w->taken && w->record;
    return all ? PL_OK : PL_MEMORY;
}

static pl_status make_track(void *context, long profile, int thread) {
    exploration *x = context;
    (void)thread;
    return pl_profile_track(x->s, x->program, x->history, profile, &x->tracks[profile]);
}

static pl_status make_tracks(exploration *x) {
    pl_status status = x->act > 0 ? pl_track_new(x->program, NULL, 0, &x->history) : PL_OK;
    if (status != PL_OK) return status;
    if (!(x->tracks = pl_allocate((size_t)x->profiles * sizeof *x->tracks))) return PL_MEMORY;
    return pl_parallel_for(x->profiles, x->threads, make_track, x);
}

static pl_status make_workers(exploration *x) {
    if (!(x->workers = pl_allocate((size_t)x->threads * sizeof *x->workers))) return PL_MEMORY;
    for (int i = 0; i < x->threads; i++) {
        pl_status status = make_worker(x, &x->workers[i]);
        if (status != PL_OK) return status;
    }
    return PL_OK;
}

/* ---- running -------------------------------------------------------------------------------------------- */

static void report_progress(exploration *x, int thread, long cases) {
    long done = atomic_fetch_add(&x->done, cases) + cases;
    if (thread != 0 || !x->options || !x->options->progress) return;
    if (x->ranks) done *= x->ranks->size; /* the others are about as far */
    long all = x->profiles * pl_part_get_shape(x->part)->count;
    if (x->options->progress(x->options->context, done < all ? done : all, all)) atomic_store(&x->stopped, true);
}

static void draw_inputs(const exploration *x, worker *w, long first, int used) {
    for (int i = 0; i < used; i++) w->futures[i] = (uint64_t)(first + i);
    pl_futures_draw(x->s, &x->design, first, used, w->draws, PL_PART_FUTURES);
}

/* The futures of a chunk. */
static int chunk_size(const exploration *x, long chunk) {
    long left = x->design.futures - chunk * PL_PART_FUTURES;
    return left < PL_PART_FUTURES ? (int)left : PL_PART_FUTURES;
}

static bool is_finished(const exploration *x, long chunk, long profile) {
    return x->finished[(chunk - x->first_chunk) * x->profiles + profile];
}

/* A slice of a work item: lanes that run together, and where their results go in the records. */
typedef struct slice {
    int thread, offset, used; /* offset counts from the chunk's first future */
    long chunk, from, to;     /* profiles from .. to - 1 */
} slice;

static void start_block(exploration *x, worker *w, const slice *part, const pl_track *track) {
    pl_block_start(w->block, track, w->draws + part->offset, PL_PART_FUTURES, w->futures + part->offset,
                   x->design.seed, part->used);
}

static void keep_measures(exploration *x, worker *w, const slice *part, long place) {
    unsigned char failed[MOST_LANES];
    pl_block_measure(w->block, w->taken, (size_t)x->lanes, failed);
    double *values = w->values + place * x->s->measure_count * PL_PART_FUTURES;
    for (int m = 0; m < x->s->measure_count; m++)
        memcpy(values + (size_t)m * PL_PART_FUTURES + part->offset, w->taken + (size_t)m * (size_t)x->lanes,
               (size_t)part->used * sizeof(double));
    memcpy(w->failed + place * PL_PART_FUTURES + part->offset, failed, (size_t)part->used);
}

static void run_slice(exploration *x, worker *w, const slice *part) {
    size_t slab = pl_program_slab_size(x->program, x->lanes);
    if (x->act > 0) {
        start_block(x, w, part, x->history);
        pl_block_run(w->block, x->history, x->act, NULL, NULL);
        memcpy(w->fork, pl_block_slab(w->block), slab);
    }
    for (long profile = part->from; profile < part->to; profile++) {
        if (is_finished(x, part->chunk, profile)) continue;
        if (x->act > 0) {
            memcpy(pl_block_slab(w->block), w->fork, slab);
            pl_block_set_step(w->block, x->act);
        } else {
            start_block(x, w, part, x->tracks[profile]);
        }
        pl_block_run(w->block, x->tracks[profile], x->steps, NULL, NULL);
        keep_measures(x, w, part, profile - part->from);
        report_progress(x, part->thread, part->used);
    }
}

static pl_status keep_records(exploration *x, worker *w, long chunk, const slice *part) {
    for (long profile = part->from; profile < part->to; profile++) {
        long place = profile - part->from;
        if (is_finished(x, chunk, profile)) continue;
        pl_status status = pl_part_write(x->part, chunk * x->profiles + profile,
                                         w->values + place * x->s->measure_count * PL_PART_FUTURES,
                                         w->failed + place * PL_PART_FUTURES, w->record, &w->error);
        if (status != PL_OK) return status;
    }
    return PL_OK;
}

static pl_status keep_series(exploration *x, pl_error *error, long first, int count, const double *values,
                             unsigned char *record) {
    size_t size = (size_t)x->traces->futures * (size_t)x->traces->points;
    for (int i = 0; i < count; i++) {
        if (x->kept[first + i]) continue;
        pl_status status = pl_part_write_series(x->part, first + i, values + (size_t)i * size, record, error);
        if (status != PL_OK) return status;
    }
    return PL_OK;
}

/* A bundle of traces under one profile. */
static pl_status run_series(exploration *x, worker *w, long item) {
    const pl_traces *traces = x->traces;
    int place = (int)(item / x->bundles), from = (int)(item % x->bundles) * x->bundle;
    int to = from + x->bundle < traces->count ? from + x->bundle : traces->count;
    long first = (long)place * traces->count + from;
    if (!memchr(x->kept + first, 0, (size_t)(to - from))) return PL_OK;
    size_t size = (size_t)traces->futures * (size_t)traces->points * sizeof(double);
    double *values = pl_allocate((size_t)(to - from) * size);
    unsigned char *record = pl_allocate(pl_part_series_size(x->part));
    pl_status status = values && record ? pl_traces_run(traces, traces->profiles[place], from, to, values) : PL_MEMORY;
    if (status == PL_OK) status = keep_series(x, &w->error, first, to - from, values, record);
    pl_release(values), pl_release(record);
    return status;
}

static pl_status run_item(void *context, long item, int thread) {
    exploration *x = context;
    worker *w = &x->workers[thread];
    if (atomic_load(&x->stopped)) return PL_INTERRUPTED;
    if (item < x->series_items) return run_series(x, w, item);
    item -= x->series_items;
    long chunk = x->first_chunk + item / x->groups, group = item % x->groups;
    int count = chunk_size(x, chunk);
    slice part = {.thread = thread, .chunk = chunk, .from = group * x->group_size};
    part.to = part.from + x->group_size < x->profiles ? part.from + x->group_size : x->profiles;
    long left = 0;
    for (long profile = part.from; profile < part.to; profile++) left += !is_finished(x, chunk, profile);
    if (!left) return PL_OK;
    size_t cases = (size_t)(part.to - part.from) * PL_PART_FUTURES;
    memset(w->values, 0, cases * (size_t)x->s->measure_count * sizeof(double));
    memset(w->failed, 0, cases);
    draw_inputs(x, w, chunk * PL_PART_FUTURES, count);
    for (; part.offset < count; part.offset += x->lanes) {
        part.used = count - part.offset < x->lanes ? count - part.offset : x->lanes;
        run_slice(x, w, &part);
    }
    return keep_records(x, w, chunk, &part);
}

/* ---- failures ------------------------------------------------------------------------------------------- */

/* What went wrong in the first failed case, by running it again alone, on a program in which everything is per lane. */
static pl_status name_failure(const exploration *x, const pl_failures *failures, pl_explore_summary *sums) {
    pl_program *p;
    pl_outcome outcome;
    sums->failed = failures->count, sums->failed_profile = failures->profile, sums->failed_future = failures->future;
    if (!failures->count) return PL_OK;
    double *measures = pl_allocate((size_t)x->s->measure_count * sizeof *measures);
    if (!measures) return PL_MEMORY;
    pl_status status = pl_situation_compile_for(x->s, &(pl_compile_options){.measures = true, .one_case = true}, &p, NULL);
    if (status == PL_OK)
        status = pl_case_run(x->s, p, &x->design, failures->profile, failures->future, measures, &outcome);
    if (status == PL_OK) {
        snprintf(sums->failed_variable, sizeof sums->failed_variable, "%s", outcome.variable);
        sums->failed_time = outcome.time;
    }
    pl_program_free(p);
    pl_release(measures);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The chunks of this shard: as many as of any other, or one more. */
static pl_status choose_chunks(exploration *x, pl_error *error) {
    long all = (x->design.futures + PL_PART_FUTURES - 1) / PL_PART_FUTURES;
    int shards = x->options ? x->options->shards : 0, shard = x->options ? x->options->shard : 0;
    x->chunks = all;
    if (!shards) return PL_OK;
    if (shard < 1 || shard > shards)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no shard %d of %d: they count from 1", shard, shards);
    if (shards > all)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0,
                            "shards are of whole chunks of %d futures: %ld futures allow at most %ld, not %d",
                            PL_PART_FUTURES, x->design.futures, all, shards);
    x->first_chunk = all * (shard - 1) / shards;
    x->chunks = all * shard / shards - x->first_chunk;
    return PL_OK;
}

static bool same_range(const pl_part_shape *a, const pl_part_shape *b) {
    return a->first == b->first && a->count == b->count;
}

static pl_status refuse_range(const pl_part *part, pl_error *error) {
    const pl_part_shape *own = pl_part_get_shape(part);
    return pl_error_set(error, PL_INVALID, pl_part_path(part), 0, 0,
                        "this file holds futures %ld to %ld of the same exploration: each shard needs a name of its own",
                        own->first, own->first + own->count - 1);
}

/* Opens the part of an exploration that was broken off. */
static pl_status reopen_part(exploration *x, const char *path, const pl_part_shape *shape, pl_error *error) {
    pl_status status = pl_part_open(path, PL_PART_WRITE, &x->part, error);
    if (status != PL_OK) return status;
    if (!pl_part_same_exploration(pl_part_get_shape(x->part), shape))
        return pl_error_set(error, PL_INVALID, path, 0, 0,
                            "this file was begun with other inputs (model, situation, seed, futures, design or version): "
                            "remove it to begin anew");
    return same_range(pl_part_get_shape(x->part), shape) ? PL_OK : refuse_range(x->part, error);
}

static pl_status create_part(exploration *x, const char *path, const pl_part_shape *shape, pl_error *error) {
    pl_part *old;
    if (shape->count < shape->futures && pl_part_open(path, PL_PART_READ, &old, NULL) == PL_OK) {
        const pl_part_shape *found = pl_part_get_shape(old);
        bool other = pl_part_same_exploration(found, shape) && !same_range(found, shape);
        if (other) refuse_range(old, error);
        pl_part_close(old);
        if (other) return PL_INVALID;
    }
    char *origin;
    size_t length;
    if (pl_origin_print(x->s, &origin, &length) != PL_OK) return PL_MEMORY;
    pl_status status = pl_part_create(path, shape, origin, length, &x->part, error);
    pl_release(origin);
    return status;
}

/* Whether all ranks are well. One that is takes over the status of another that is not, and leaves it to that one to
 * tell. */
static bool agree(exploration *x, pl_status *status, pl_error *error) {
    if (!x->ranks) return *status == PL_OK;
    pl_status worst = (pl_status)x->ranks->agree((int)*status);
    if (*status == PL_OK && worst != PL_OK) {
        x->elsewhere = true; /* and stays so when the ranks agree again */
        *status = pl_error_set(error, worst, NULL, 0, 0, "another rank has failed");
    }
    return worst == PL_OK;
}

static bool is_first(const exploration *x) { return !x->ranks || x->ranks->rank == 0; }

/* The first rank makes the file or opens it, the others join in it. */
static pl_status open_part(exploration *x, const char *path, pl_error *error) {
    const pl_situation *s = x->s;
    long first = x->first_chunk * PL_PART_FUTURES, end = first + x->chunks * PL_PART_FUTURES;
    pl_part_shape shape = {.measures = s->measure_count, .profiles = x->profiles, .futures = x->design.futures,
                           .first = first, .count = (end < x->design.futures ? end : x->design.futures) - first};
    if (x->traces) {
        shape.traces = x->traces->count, shape.points = x->traces->points;
        shape.kept_profiles = x->traces->profile_count, shape.kept_futures = x->traces->futures;
    }
    pl_situation_hash(s, PL_VERSION, shape.inputs);
    bool resume = x->options && x->options->resume && access(path, F_OK) == 0 && !pl_part_is_unmade(path);
    pl_status status = PL_OK;
    if (is_first(x))
        status = resume ? reopen_part(x, path, &shape, error) : create_part(x, path, &shape, error);
    if (agree(x, &status, error) && !is_first(x)) status = pl_part_open(path, PL_PART_JOIN, &x->part, error);
    return status;
}

/* Counts the failed cases of a record; the first is the first by profile, then by future. */
static void count_failures(exploration *x, const unsigned char *failed, long profile, long first, int size) {
    pl_failures *f = &x->failures;
    for (int k = 0; k < size; k++) {
        if (!failed[k]) continue;
        bool earlier = profile < f->profile || (profile == f->profile && first + k < f->future);
        if (!f->count++ || earlier) f->profile = profile, f->future = first + k;
    }
}

/* Looks for the records that are not known to be there; a damaged one is not. */
static pl_status find_finished(exploration *x, pl_error *error) {
    worker *w = &x->workers[0];
    long first = pl_part_first_record(x->part), count = pl_part_record_count(x->part);
    for (long i = 0; i < count; i++) {
        bool present;
        long chunk = x->first_chunk + i / x->profiles;
        if (x->finished[i]) continue;
        pl_status status = pl_part_read(x->part, first + i, w->values, w->failed, &present, w->record, error);
        if (status == PL_FILE) return status;
        x->finished[i] = status == PL_OK && present;
        if (!x->finished[i]) continue;
        atomic_fetch_add(&x->done, chunk_size(x, chunk));
        count_failures(x, w->failed, i % x->profiles, chunk * PL_PART_FUTURES, chunk_size(x, chunk));
    }
    return PL_OK;
}

/* The same of the series. */
static pl_status find_kept(exploration *x, pl_error *error) {
    long count = pl_part_series_count(x->part);
    size_t size = count ? (size_t)x->traces->futures * (size_t)x->traces->points : 0;
    double *values = pl_allocate((size + 1) * sizeof *values);
    unsigned char *record = pl_allocate(pl_part_series_size(x->part) + 1);
    pl_status status = values && record ? PL_OK : pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (long i = 0; i < count && status == PL_OK; i++) {
        bool present = false;
        status = pl_part_read_series(x->part, i, values, &present, record, error);
        if (status == PL_INVALID) status = PL_OK; /* damaged: made again */
        x->kept[i] = present;
    }
    pl_release(values), pl_release(record);
    return status;
}

/* The work on the series in this part. */
static void divide_series(exploration *x) {
    if (!x->traces || x->first_chunk) return;
    x->bundle = pl_traces_bundle(x->traces);
    x->bundles = (x->traces->count + x->bundle - 1) / x->bundle;
    x->series_items = (long)x->bundles * x->traces->profile_count;
}

static long count_items(const exploration *x) { return x->series_items + x->chunks * x->groups; }

static bool make_marks(exploration *x) {
    x->finished = pl_allocate((size_t)pl_part_record_count(x->part));
    x->kept = pl_allocate((size_t)pl_part_series_count(x->part) + 1);
    return x->finished && x->kept;
}

static pl_status prepare(exploration *x, const char *part_path, pl_error *error) {
    const pl_situation *s = x->s;
    if (!s->measure_count)
        return pl_error_set(error, PL_INVALID, s->file, 0, 0,
                            "the situation has no measures, so there is nothing to keep");
    pl_status status = pl_situation_compile(s, true, NULL, 0, &x->program, error);
    if (status == PL_OK) status = pl_traces_make(s, &x->traces, error);
    if (status != PL_OK) return status;
    x->design = pl_design_of(s);
    x->profiles = pl_situation_combinations(s);
    if ((status = choose_chunks(x, error)) != PL_OK) return status;
    x->act = pl_program_act_step(x->program), x->steps = pl_program_steps(x->program);
    x->threads = x->options && x->options->threads > 0 ? x->options->threads : x->ranks ? 1 : pl_processor_count();
    x->lanes = choose_lanes(x);
    choose_groups(x);
    divide_series(x);
    if (x->threads > count_items(x)) x->threads = (int)count_items(x);
    status = open_part(x, part_path, error);
    if (status == PL_OK && (status = make_tracks(x)) == PL_OK) status = make_workers(x);
    if (status == PL_OK && !make_marks(x)) status = PL_MEMORY;
    if (status == PL_MEMORY) pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    bool resume = x->options && x->options->resume;
    if (status == PL_OK && resume) status = find_finished(x, error);
    if (status == PL_OK && resume) status = find_kept(x, error);
    agree(x, &status, error);
    return status;
}

static pl_status run_items(exploration *x) {
    if (!x->ranks) return pl_parallel_for(count_items(x), x->threads, run_item, x);
    x->ranks->begin();
    return pl_parallel_take(x->ranks->take, NULL, count_items(x), x->threads, run_item, x);
}

static pl_status run_all(exploration *x, pl_error *error) {
    pl_status status = run_items(x);
    if (status == PL_INTERRUPTED && pl_part_sync(x->part, error) == PL_OK)
        return pl_error_set(error, status, NULL, 0, 0,
                            "interrupted; what was finished is kept in %s: the same command with --resume goes on there",
                            pl_part_path(x->part));
    for (int i = 0; status != PL_OK && i < x->threads; i++) {
        if (x->workers[i].error.status != status) continue;
        if (error) *error = x->workers[i].error;
        return status;
    }
    return status == PL_OK ? PL_OK : pl_error_set(error, status, NULL, 0, 0, "%s", pl_status_text(status));
}

/* A shard's part stays for merge; else the results file is made from it. */
static pl_status close_up(exploration *x, const char *path, pl_failures *failures, pl_explore_summary *sums,
                          pl_error *error) {
    const char *part_path = pl_part_path(x->part);
    pl_status status;
    if (x->options && x->options->shards) {
        snprintf(sums->file, sizeof sums->file, "%s", part_path);
        status = pl_part_sync(x->part, error);
        if (status == PL_OK) status = find_finished(x, error); /* what this process did not find when it began */
        *failures = x->failures;
        return status;
    }
    snprintf(sums->file, sizeof sums->file, "%s", path);
    status = pl_results_write(x->s, x->traces, &x->part, 1, path, failures, error);
    if (status == PL_OK) unlink(part_path);
    return status;
}

static pl_status say_all_failed(const pl_explore_summary *sums, pl_error *error) {
    if (!sums->failed_variable[0])
        return pl_error_set(error, PL_RUN_FAILED, sums->file, 0, 0, "all %ld runs failed", sums->cases);
    return pl_error_set(error, PL_RUN_FAILED, sums->file, 0, 0,
                        "all %ld runs failed: in the first, %s is not finite at time %g", sums->cases,
                        sums->failed_variable, sums->failed_time);
}

/* Where the disk is full, or went away. */
static void say_what_is_kept(const exploration *x, pl_error *error) {
    if (!error) return;
    size_t used = strlen(error->message);
    snprintf(error->message + used, sizeof error->message - used,
             "; what was finished is kept in %s: the same command with --resume goes on there", pl_part_path(x->part));
}

static pl_status explore(exploration *x, const char *path, pl_explore_summary *sums, pl_error *error) {
    char part_path[1024];
    if ((size_t)snprintf(part_path, sizeof part_path, "%s.part", path) >= sizeof part_path)
        return pl_error_set(error, PL_FILE, path, 0, 0, "the path is too long");
    double begin = seconds_now();
    pl_status status = prepare(x, part_path, error);
    if (status != PL_OK) return status;
    double compiled = seconds_now();
    sums->compile_seconds = compiled - begin;
    sums->profiles = x->profiles, sums->futures = pl_part_get_shape(x->part)->count;
    sums->cases = sums->profiles * sums->futures;
    long before = atomic_load(&x->done);
    status = run_all(x, error);
    if (status == PL_FILE) say_what_is_kept(x, error);
    if (x->ranks && status == PL_OK) status = pl_part_sync(x->part, error);
    if (!agree(x, &status, error)) return status;
    double ran = seconds_now() - compiled;
    sums->runs_per_second = ran > 0 ? (double)(sums->cases - before) / ran : 0;
    pl_failures failures = {0};
    if (is_first(x)) status = close_up(x, path, &failures, sums, error);
    if (status == PL_FILE && is_first(x) && x->part) say_what_is_kept(x, error);
    if (!agree(x, &status, error) || !is_first(x)) return status;
    if (name_failure(x, &failures, sums) != PL_OK) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    sums->seconds = seconds_now() - begin;
    return sums->failed < sums->cases ? PL_OK : say_all_failed(sums, error);
}

/* Where nothing is left to go on with, a finished file of the same inputs is what was asked for. */
static pl_status look_for_finished(const pl_situation *s, const char *path, bool *finished, pl_explore_summary *sums,
                                   pl_error *error) {
    char part_path[1024], own[65], found[65];
    *finished = false;
    snprintf(part_path, sizeof part_path, "%s.part", path);
    if (access(part_path, F_OK) == 0 || access(path, F_OK) != 0) return PL_OK;
    pl_status status = pl_results_hash(path, found, error);
    if (status != PL_OK) return status;
    pl_situation_hash(s, PL_VERSION, own);
    if (strcmp(own, found) != 0)
        return pl_error_set(error, PL_INVALID, path, 0, 0,
                            "this file holds the results of other inputs: without --resume it is replaced");
    *finished = true;
    sums->profiles = pl_situation_combinations(s), sums->futures = s->futures;
    sums->cases = sums->profiles * sums->futures;
    snprintf(sums->file, sizeof sums->file, "%s", path);
    return pl_results_failures(path, &sums->failed, error);
}

/* The path that was given, or the situation's; a shard's says which it is. */
static void choose_path(const pl_situation *s, const pl_explore_options *options, const char *given, char *out,
                        size_t room) {
    if (given) {
        snprintf(out, room, "%s", given);
        return;
    }
    pl_situation_results_path(s, out, room);
    size_t stem = strlen(out) - strlen(".nc");
    if (options && options->shards) snprintf(out + stem, room - stem, ".%d-of-%d.nc", options->shard, options->shards);
}

pl_status pl_explore(const pl_situation *situation, const pl_explore_options *options, const char *path,
                     pl_explore_summary *summary, pl_error *error) {
    pl_situation s = *situation; /* the options stand in the copy; everything else is shared and only read */
    pl_explore_summary sums = {0};
    char chosen[1024];
    bool finished = false;
    pl_status status = pl_situation_override(&s, options, error);
    if (status != PL_OK) return status;
    exploration x = {.s = &s, .options = options};
    if (options && options->join && (status = pl_ranks_join(&x.ranks, error)) != PL_OK) return status;
    if (x.ranks) sums.rank = x.ranks->rank;
    choose_path(&s, options, path, chosen, sizeof chosen);
    if (options && options->resume && !options->shards)
        status = look_for_finished(&s, chosen, &finished, &sums, error);
    if (status == PL_OK && !finished) {
        status = explore(&x, chosen, &sums, error);
        free_exploration(&x);
    }
    sums.elsewhere = x.elsewhere;
    if (summary) *summary = sums;
    return status;
}
