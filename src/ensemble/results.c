/* FILE.nc from .part files: NetCDF-4 in one pass, in case order, by one thread, synced and renamed.
 *
 *   dimensions  profile, future
 *   variables   NAME(profile, future) by measure, payoff_ACTOR(profile, future), draw_NAME(future), weight_ACTOR_MEASURE(future),
 *               failed(profile, future), profile(profile), course_ACTOR(profile)
 *   series      where some are kept: dimensions series_profile, series_future, time; series_NAME(all three),
 *               series_profile(series_profile), time(time)
 *   attributes  the texts of situation and model with their SHA-256, seed, design, version, inputs_sha256;
 *               keep_series, where more were asked for; missing_cases and missing_series where some were never run
 *
 * Only what determines results is in it, so that the same inputs give the same bytes. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"
#include "ensemble/ensemble.h"
#include "ensemble/explore.h"
#include "ensemble/layout.h"

enum { MOST_CHUNK_RECORDS = 16, CHUNK_ROOM = 32 << 20 };

typedef struct writer {
    const pl_situation *s;
    const pl_traces *traces;  /* the series that are kept, or NULL */
    pl_part *const *parts;
    int part_count;
    pl_design design;
    long profiles, futures;
    pl_failures failures;
    pl_layout layout;
    int file, profile_dimension, future_dimension, profile_id, failed_id;
    int series_dimensions[3], series_profile_id, time_id;
    int status;             /* of libnetcdf: the first that is no success stays */
    long chunk;             /* futures that are written at once: a chunk of a variable */
    double *values;         /* [measure][chunk] */
    double *payoff;         /* [chunk] */
    double *record;         /* [measure][512] */
    unsigned char *failed;  /* [chunk] */
    unsigned char *buffer;  /* a record's bytes */
} writer;

static bool done(writer *w, int status) {
    if (w->status == NC_NOERR) w->status = status;
    return w->status == NC_NOERR;
}

/* ---- definitions ---------------------------------------------------------------------------------------- */

static void put_text(writer *w, int variable, const char *name, const char *text, size_t length) {
    if (length) done(w, nc_put_att_text(w->file, variable, name, length, text));
}
static void put_string(writer *w, int variable, const char *name, const char *text) {
    put_text(w, variable, name, text, strlen(text));
}

static void put_keep(writer *w) {
    char *lines;
    size_t length;
    if (pl_keep_print(w->s, &lines, &length) == PL_OK) put_text(w, NC_GLOBAL, PL_RESULTS_KEEP, lines, length);
    else done(w, NC_ENOMEM);
    pl_release(lines);
}

static void define_attributes(writer *w) {
    const pl_situation *s = w->s;
    char hash[65];
    put_string(w, NC_GLOBAL, "title", s->title.in[PL_EN]);
    put_string(w, NC_GLOBAL, "parley_version", PL_VERSION);
    put_text(w, NC_GLOBAL, "situation", s->text, s->length);
    pl_sha256(s->text, s->length, hash);
    put_string(w, NC_GLOBAL, "situation_sha256", hash);
    put_string(w, NC_GLOBAL, "model_file", s->model_file);
    put_text(w, NC_GLOBAL, "model", s->model->whole, s->model->whole_length);
    pl_sha256(s->model->whole, s->model->whole_length, hash);
    put_string(w, NC_GLOBAL, "model_sha256", hash);
    if (s->given) {
        put_text(w, NC_GLOBAL, PL_RESULTS_GIVEN, s->given->text, s->given->length);
        pl_sha256(s->given->text, s->given->length, hash);
        put_string(w, NC_GLOBAL, PL_RESULTS_GIVEN_HASH, hash);
    }
    put_text(w, NC_GLOBAL, PL_RESULTS_CHOSEN, s->chosen, s->chosen_length);
    unsigned long long seed = s->seed;
    done(w, nc_put_att_ulonglong(w->file, NC_GLOBAL, "seed", NC_UINT64, 1, &seed));
    put_string(w, NC_GLOBAL, "design", s->design);
    put_keep(w);
    pl_situation_hash(s, PL_VERSION, hash);
    put_string(w, NC_GLOBAL, "inputs_sha256", hash);
}

/* A variable in chunks that are written whole, one after the other: the library needs to keep one of them. */
static void define_chunks(writer *w, int id, int count, const size_t *chunk) {
    size_t size = sizeof(double);
    for (int i = 0; i < count; i++) size *= chunk[i];
    done(w, nc_def_var_chunking(w->file, id, NC_CHUNKED, chunk));
    done(w, nc_set_var_chunk_cache(w->file, id, size, 1, 1.0F));
    done(w, nc_def_var_fill(w->file, id, NC_NOFILL, NULL));
}

/* A variable over profiles, futures or both, in chunks of one profile. Doubles are kept as they are: to compress their
 * digits (by 4-10 %) would cost more time than all the rest of the writing. */
static int define(writer *w, const char *name, nc_type type, bool by_profile, bool by_future) {
    int dimensions[2], count = 0, id = 0;
    size_t chunk[2];
    size_t futures = (size_t)(w->futures < w->chunk ? w->futures : w->chunk);
    if (by_profile) chunk[count] = 1, dimensions[count++] = w->profile_dimension;
    if (by_future) chunk[count] = futures, dimensions[count++] = w->future_dimension;
    if (!done(w, nc_def_var(w->file, name, type, count, dimensions, &id))) return id;
    if (!by_future) return id;
    define_chunks(w, id, count, chunk);
    if (type == NC_BYTE) done(w, nc_def_var_deflate(w->file, id, 0, 1, 1));
    return id;
}

/* A variable of the series that are kept, in chunks of one profile. */
static int define_by_time(writer *w, const char *name) {
    int id = 0;
    size_t chunk[3] = {1, (size_t)w->traces->futures, (size_t)w->traces->points};
    if (!done(w, nc_def_var(w->file, name, NC_DOUBLE, 3, w->series_dimensions, &id))) return id;
    define_chunks(w, id, 3, chunk);
    return id;
}

static const char *units_of(const pl_variable *variable) { return variable->units ? variable->units : ""; }

static void define_column(writer *w, pl_column *c) {
    static const pl_dimensions dimensions[] = {
#define X(kind, prefix, count, dimensions) dimensions,
        PL_COLUMNS(X)
#undef X
    };
    const pl_situation *s = w->s;
    pl_dimensions by = dimensions[c->kind];
    c->id = by == PL_BY_TIME ? define_by_time(w, c->name)
                             : define(w, c->name, c->kind == PL_COLUMN_COURSE ? NC_STRING : NC_DOUBLE,
                                      by != PL_BY_FUTURE, by != PL_BY_PROFILE);
    if (w->status != NC_NOERR) return;
    if (c->kind == PL_COLUMN_MEASURE) {
        put_string(w, c->id, "units", s->measures[c->index].units);
        put_string(w, c->id, "long_name", s->measures[c->index].title.in[PL_EN]);
    } else if (c->kind == PL_COLUMN_DRAW) {
        put_string(w, c->id, "units", s->inputs[s->uncertainties[c->index].input].variable->units);
        const pl_uncertainty *u = &s->uncertainties[c->index];
        put_string(w, c->id, "long_name", u->of_course ? u->name : u->title.in[PL_EN]);
    } else if (c->kind == PL_COLUMN_SERIES) {
        put_string(w, c->id, "units", units_of(w->traces->outputs[c->index].variable));
        put_string(w, c->id, "long_name", w->traces->names[c->index]);
    } else if (c->kind == PL_COLUMN_WEIGHT) {
        put_string(w, c->id, "units", "1");
        put_string(w, c->id, "long_name", s->weights[c->index].name);
    } else {
        char text[512];
        snprintf(text, sizeof text, "%s of %s", c->kind == PL_COLUMN_PAYOFF ? "payoff" : "course",
                 s->actors[c->index].title.in[PL_EN]);
        if (c->kind == PL_COLUMN_PAYOFF) put_string(w, c->id, "units", "1");
        put_string(w, c->id, "long_name", text);
    }
}

static void define_series(writer *w) {
    const pl_traces *p = w->traces;
    int *dimensions = w->series_dimensions;
    if (!p) return;
    done(w, nc_def_dim(w->file, PL_RESULTS_SERIES_PROFILE, (size_t)p->profile_count, &dimensions[0]));
    done(w, nc_def_dim(w->file, PL_RESULTS_SERIES_FUTURE, (size_t)p->futures, &dimensions[1]));
    done(w, nc_def_dim(w->file, PL_RESULTS_TIME, (size_t)p->points, &dimensions[2]));
    done(w, nc_def_var(w->file, PL_RESULTS_SERIES_PROFILE, NC_STRING, 1, &dimensions[0], &w->series_profile_id));
    done(w, nc_def_var(w->file, PL_RESULTS_TIME, NC_DOUBLE, 1, &dimensions[2], &w->time_id));
    if (w->status != NC_NOERR) return;
    put_string(w, w->time_id, "units", units_of(w->s->model->time_step));
    put_string(w, w->time_id, "long_name", "time");
}

static void define_all(writer *w) {
    done(w, nc_def_dim(w->file, PL_RESULTS_PROFILE, (size_t)w->profiles, &w->profile_dimension));
    done(w, nc_def_dim(w->file, PL_RESULTS_FUTURE, (size_t)w->futures, &w->future_dimension));
    define_attributes(w);
    w->profile_id = define(w, PL_RESULTS_PROFILE, NC_STRING, true, false);
    define_series(w);
    for (int i = 0; i < w->layout.count && w->status == NC_NOERR; i++) define_column(w, &w->layout.columns[i]);
    w->failed_id = define(w, PL_RESULTS_FAILED, NC_BYTE, true, true);
    if (w->status == NC_NOERR) put_string(w, w->failed_id, "long_name", "1 where the run failed, 2 where it was not made");
    done(w, nc_enddef(w->file));
}

/* ---- values --------------------------------------------------------------------------------------------- */

/* The names in the file: of the named profile that this combination is, else its courses. */
static void print_profile(const pl_situation *s, long profile, char *out, size_t room) {
    size_t length = 0;
    for (int i = 0; i < s->profile_count; i++) {
        if (pl_situation_combination(s, s->profiles[i].course) != profile) continue;
        snprintf(out, room, "%s", s->profiles[i].name);
        return;
    }
    snprintf(out, room, "base"); /* where there are no actors */
    for (int a = 0; a < s->actor_count && length < room; a++)
        length += (size_t)snprintf(out + length, room - length, "%s%s", a ? " / " : "",
                                   s->actors[a].courses[pl_situation_course(s, profile, a)].name);
}

static void write_names(writer *w) {
    for (long profile = 0; profile < w->profiles; profile++) {
        char text[1024];
        const char *name = text;
        size_t at = (size_t)profile;
        print_profile(w->s, profile, text, sizeof text);
        done(w, nc_put_var1_string(w->file, w->profile_id, &at, &name));
        for (int i = 0; i < w->layout.count; i++) {
            const pl_column *c = &w->layout.columns[i];
            if (c->kind != PL_COLUMN_COURSE) continue;
            name = w->s->actors[c->index].courses[pl_situation_course(w->s, profile, c->index)].name;
            done(w, nc_put_var1_string(w->file, c->id, &at, &name));
        }
    }
}

static const pl_want *want_of(const pl_situation *s, const pl_drawn_weight *weight) {
    return &s->actors[weight->actor].wants[weight->want];
}

static double draw_of(const writer *w, const pl_column *c, long future) {
    if (c->kind == PL_COLUMN_DRAW) return pl_design_draw(&w->design, &w->s->uncertainties[c->index], future);
    return pl_design_weight(&w->design, want_of(w->s, &w->s->weights[c->index]), future);
}

static void write_draws(writer *w) {
    for (int i = 0; i < w->layout.count; i++) {
        const pl_column *c = &w->layout.columns[i];
        if (c->kind != PL_COLUMN_DRAW && c->kind != PL_COLUMN_WEIGHT) continue;
        for (long first = 0; first < w->futures; first += w->chunk) {
            size_t start = (size_t)first, count = (size_t)(w->futures - first < w->chunk ? w->futures - first : w->chunk);
            for (size_t f = 0; f < count; f++) w->payoff[f] = draw_of(w, c, first + (long)f);
            done(w, nc_put_vara_double(w->file, c->id, &start, &count, w->payoff));
        }
    }
}

/* A record from whichever part has it; without one its values are missing and its runs marked so. */
static pl_status read_record(writer *w, long number, unsigned char *failed, bool *present, pl_error *error) {
    *present = false;
    for (int i = 0; i < w->part_count && !*present; i++) {
        long first = pl_part_first_record(w->parts[i]), count = pl_part_record_count(w->parts[i]);
        if (number < first || number - first >= count) continue;
        pl_status status = pl_part_read(w->parts[i], number, w->record, failed, present, w->buffer, error);
        if (status == PL_FILE) return status;
        if (status != PL_OK) *present = false; /* damaged: another part may have it whole */
    }
    if (*present) return PL_OK;
    for (size_t i = 0; i < (size_t)w->s->measure_count * PL_PART_FUTURES; i++) w->record[i] = NAN;
    memset(failed, PL_RUN_MISSING, PL_PART_FUTURES);
    return PL_OK;
}

/* Reads the records of a chunk of a profile's futures. */
static pl_status read_chunk(writer *w, long profile, long first, size_t count, pl_error *error) {
    for (size_t offset = 0; offset < count; offset += PL_PART_FUTURES) {
        size_t used = count - offset < PL_PART_FUTURES ? count - offset : PL_PART_FUTURES;
        long number = (first + (long)offset) / PL_PART_FUTURES * w->profiles + profile;
        bool present;
        pl_status status = read_record(w, number, w->failed + offset, &present, error);
        if (status != PL_OK) return status;
        if (!present) w->failures.missing += (long)used;
        for (int m = 0; m < w->s->measure_count; m++)
            memcpy(w->values + (size_t)m * (size_t)w->chunk + offset, w->record + (size_t)m * PL_PART_FUTURES,
                   used * sizeof(double));
    }
    for (size_t f = 0; f < count; f++) {
        if (w->failed[f] == PL_RUN_FAILED_MARK && !w->failures.count++)
            w->failures.profile = profile, w->failures.future = first + (long)f;
    }
    return PL_OK;
}

static pl_status write_chunk(writer *w, long profile, long first, pl_error *error) {
    size_t start[2] = {(size_t)profile, (size_t)first}, count[2] = {1, 0};
    count[1] = (size_t)(w->futures - first < w->chunk ? w->futures - first : w->chunk);
    pl_status status = read_chunk(w, profile, first, count[1], error);
    if (status != PL_OK) return status;
    for (int i = 0; i < w->layout.count; i++) {
        const pl_column *c = &w->layout.columns[i];
        const double *values = w->payoff;
        if (c->kind == PL_COLUMN_PAYOFF)
            pl_actor_payoff(&w->s->actors[c->index], &w->design, w->values, (size_t)w->chunk, first, count[1], w->payoff);
        else if (c->kind == PL_COLUMN_MEASURE)
            values = w->values + (size_t)c->index * (size_t)w->chunk;
        else
            continue;
        done(w, nc_put_vara_double(w->file, c->id, start, count, values));
    }
    done(w, nc_put_vara_schar(w->file, w->failed_id, start, count, (const signed char *)w->failed));
    return PL_OK;
}

/* A trace under all kept profiles, from whichever part has it; without one it is missing. */
static pl_status write_trace(writer *w, const pl_column *c, double *values, unsigned char *buffer, pl_error *error) {
    const pl_traces *p = w->traces;
    size_t count[3] = {1, (size_t)p->futures, (size_t)p->points};
    for (int place = 0; place < p->profile_count; place++) {
        size_t start[3] = {(size_t)place, 0, 0};
        long number = (long)place * p->count + c->index;
        bool present = false;
        for (int i = 0; i < w->part_count && !present; i++) {
            if (number >= pl_part_series_count(w->parts[i])) continue;
            pl_status status = pl_part_read_series(w->parts[i], number, values, &present, buffer, error);
            if (status == PL_FILE) return status;
        }
        for (size_t i = 0; i < count[1] * count[2] && !present; i++) values[i] = NAN;
        w->failures.missing_series += !present;
        done(w, nc_put_vara_double(w->file, c->id, start, count, values));
    }
    return PL_OK;
}

static void write_series_names(writer *w) {
    for (int place = 0; place < w->traces->profile_count; place++) {
        char text[1024];
        const char *name = text;
        size_t at = (size_t)place;
        print_profile(w->s, w->traces->profiles[place], text, sizeof text);
        done(w, nc_put_var1_string(w->file, w->series_profile_id, &at, &name));
    }
    done(w, nc_put_var_double(w->file, w->time_id, w->traces->times));
}

static pl_status write_series(writer *w, pl_error *error) {
    if (!w->traces) return PL_OK;
    write_series_names(w);
    size_t record = 0;
    for (int i = 0; i < w->part_count; i++)
        if (pl_part_series_size(w->parts[i]) > record) record = pl_part_series_size(w->parts[i]);
    double *values = pl_allocate((size_t)w->traces->futures * (size_t)w->traces->points * sizeof *values);
    unsigned char *buffer = pl_allocate(record);
    pl_status status = values && buffer ? PL_OK : pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (int i = 0; i < w->layout.count && status == PL_OK && w->status == NC_NOERR; i++)
        if (w->layout.columns[i].kind == PL_COLUMN_SERIES)
            status = write_trace(w, &w->layout.columns[i], values, buffer, error);
    pl_release(values), pl_release(buffer);
    return status;
}

static pl_status write_values(writer *w, pl_error *error) {
    write_names(w);
    write_draws(w);
    for (long profile = 0; profile < w->profiles; profile++)
        for (long first = 0; first < w->futures && w->status == NC_NOERR; first += w->chunk) {
            pl_status status = write_chunk(w, profile, first, error);
            if (status != PL_OK) return status;
        }
    return write_series(w, error);
}

/* ---- the file ------------------------------------------------------------------------------------------- */

static pl_status write_open_file(writer *w, const char *path, pl_error *error) {
    done(w, nc_create(path, NC_NETCDF4 | NC_CLOBBER, &w->file));
    if (w->status != NC_NOERR)
        return pl_error_set(error, PL_FILE, path, 0, 0, "cannot be written: %s", nc_strerror(w->status));
    int ignored;
    done(w, nc_set_fill(w->file, NC_NOFILL, &ignored));
    define_all(w);
    pl_status status = w->status == NC_NOERR ? write_values(w, error) : PL_OK;
    unsigned long long missing = (unsigned long long)w->failures.missing;
    unsigned long long series = (unsigned long long)w->failures.missing_series;
    if (missing) done(w, nc_put_att_ulonglong(w->file, NC_GLOBAL, PL_RESULTS_MISSING, NC_UINT64, 1, &missing));
    if (series) done(w, nc_put_att_ulonglong(w->file, NC_GLOBAL, PL_RESULTS_MISSING_SERIES, NC_UINT64, 1, &series));
    int closed = nc_close(w->file);
    done(w, closed);
    if (status == PL_OK && w->status == NC_ENOMEM) status = pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (status == PL_OK && w->status != NC_NOERR)
        status = pl_error_set(error, PL_FILE, path, 0, 0, "cannot be written: %s (is the disk full?)",
                              nc_strerror(w->status));
    return status;
}

static bool sync_path(const char *path, int flags) {
    int file = open(path, flags | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0) close(file);
    return synced;
}

/* The new file takes the place of the old one at once, or not at all. */
static pl_status put_in_place(const char *from, const char *path, pl_error *error) {
    if (!sync_path(from, O_RDONLY) || rename(from, path) != 0)
        return pl_error_set(error, PL_FILE, path, 0, 0, "cannot be written: %s", strerror(errno));
    const char *slash = strrchr(path, '/');
    char folder[1024];
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    sync_path(folder, O_RDONLY | O_DIRECTORY); /* best effort: not every file system can */
    return PL_OK;
}

/* Many measures make shorter chunks, so that those of all measures fit in memory. */
static long choose_chunk(long measures) {
    long records = CHUNK_ROOM / (measures * PL_PART_FUTURES * (long)sizeof(double));
    return (records < 1 ? 1 : records > MOST_CHUNK_RECORDS ? MOST_CHUNK_RECORDS : records) * PL_PART_FUTURES;
}

static bool make_buffers(writer *w) {
    size_t measures = (size_t)w->s->measure_count, chunk = (size_t)(w->chunk = choose_chunk(w->s->measure_count));
    w->values = pl_allocate(measures * chunk * sizeof(double));
    w->record = pl_allocate(measures * PL_PART_FUTURES * sizeof(double));
    w->payoff = pl_allocate(chunk * sizeof(double));
    w->failed = pl_allocate(chunk);
    w->buffer = pl_allocate(pl_part_record_size(w->parts[0]));
    return w->values && w->record && w->payoff && w->failed && w->buffer && pl_layout_make(w->s, w->traces, &w->layout) == PL_OK;
}

static void free_buffers(writer *w) {
    pl_release(w->values), pl_release(w->record), pl_release(w->payoff), pl_release(w->failed), pl_release(w->buffer);
    pl_layout_free(&w->layout);
}

pl_status pl_results_write(const pl_situation *s, const pl_traces *traces, pl_part *const *parts, int part_count,
                           const char *path, pl_failures *failures, pl_error *error) {
    writer w = {.s = s, .traces = traces, .parts = parts, .part_count = part_count, .design = pl_design_of(s),
                .profiles = pl_part_get_shape(parts[0])->profiles, .futures = pl_part_get_shape(parts[0])->futures};
    char unfinished[1024];
    if ((size_t)snprintf(unfinished, sizeof unfinished, "%s.new", path) >= sizeof unfinished)
        return pl_error_set(error, PL_FILE, path, 0, 0, "the path is too long");
    pl_status status = PL_OK;
    if (!make_buffers(&w)) status = pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (status == PL_OK) {
        pl_netcdf_lock();
        status = write_open_file(&w, unfinished, error);
        pl_netcdf_unlock();
        if (status == PL_OK) status = put_in_place(unfinished, path, error);
        if (status != PL_OK) unlink(unfinished);
    }
    free_buffers(&w);
    *failures = w.failures;
    return status;
}
