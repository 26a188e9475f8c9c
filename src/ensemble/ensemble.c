/* An ensemble from a results file, or from a situation by way of one.  What is taken from the file is checked: its
 * texts against their hashes, its shape against the situation that the texts give. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "ensemble/ensemble.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sha256.h"
#include "ensemble/explore.h"
#include "ensemble/layout.h"
#include "ensemble/stages.h"

enum { LONGEST_TEXT = 1 << 28 };

typedef struct loader {
    const char *path;
    int file;
    pl_ensemble *e;
    pl_error *error;
} loader;

static pl_status refuse(const loader *l, const char *what) {
    return pl_error_set(l->error, PL_INVALID, l->path, 0, 0, "this is no results file of parley: %s", what);
}
static pl_status no_memory(const loader *l) {
    return pl_error_set(l->error, PL_MEMORY, l->path, 0, 0, "out of memory");
}

/* ---- attributes ----------------------------------------------------------------------------------------- */

/* A text attribute of the file, in a buffer that pl_release frees. */
static pl_status load_text(const loader *l, const char *name, char **text, size_t *length) {
    nc_type type;
    char what[128];
    snprintf(what, sizeof what, "the attribute '%s' is missing or damaged", name);
    *text = NULL, *length = 0;
    if (nc_inq_att(l->file, NC_GLOBAL, name, &type, length) != NC_NOERR || type != NC_CHAR || *length > LONGEST_TEXT)
        return refuse(l, what);
    if (!(*text = pl_allocate(*length + 1))) return no_memory(l);
    if (nc_get_att_text(l->file, NC_GLOBAL, name, *text) == NC_NOERR) return PL_OK;
    pl_release(*text);
    *text = NULL;
    return refuse(l, what);
}

/* A text whose SHA-256 stands in another attribute. */
static pl_status load_hashed(const loader *l, const char *name, const char *hash_name, char **text, size_t *length) {
    char *hash, own[65];
    size_t hash_length;
    pl_status status = load_text(l, name, text, length);
    if (status != PL_OK) return status;
    status = load_text(l, hash_name, &hash, &hash_length);
    if (status == PL_OK) {
        pl_sha256(*text, *length, own);
        if (strcmp(own, hash) != 0) status = refuse(l, "a text in it does not agree with its SHA-256");
        pl_release(hash);
    }
    if (status != PL_OK) pl_release(*text), *text = NULL;
    return status;
}

/* The names that --keep-series gave, in memory of the arena: none where the attribute is not there. */
static pl_status load_keep(const loader *l, pl_arena *arena, const char *const **names, int *count) {
    char *lines;
    size_t length;
    *names = NULL, *count = 0;
    if (nc_inq_attlen(l->file, NC_GLOBAL, PL_RESULTS_KEEP, &length) != NC_NOERR) return PL_OK;
    pl_status status = load_text(l, PL_RESULTS_KEEP, &lines, &length);
    if (status != PL_OK) return status;
    status = pl_keep_read(arena, lines, length, names, count);
    pl_release(lines);
    return status == PL_OK ? PL_OK : no_memory(l);
}

static pl_status load_settings(loader *l, pl_situation *s) {
    unsigned long long seed;
    nc_type type;
    size_t length;
    int dimension;
    char *design;
    if (nc_inq_att(l->file, NC_GLOBAL, "seed", &type, &length) != NC_NOERR || type != NC_UINT64 || length != 1 ||
        nc_get_att_ulonglong(l->file, NC_GLOBAL, "seed", &seed) != NC_NOERR)
        return refuse(l, "the attribute 'seed' is missing or damaged");
    if (nc_inq_dimid(l->file, PL_RESULTS_FUTURE, &dimension) != NC_NOERR ||
        nc_inq_dimlen(l->file, dimension, &length) != NC_NOERR || length < 1 || length > PL_MOST_FUTURES)
        return refuse(l, "it has no futures");
    pl_status status = load_text(l, "design", &design, &(size_t){0});
    if (status != PL_OK) return status;
    pl_explore_options options = {.futures = (long)length, .seed_given = 1, .seed = seed, .design = design};
    status = load_keep(l, &s->arena, &options.keep_series, &options.keep_count);
    if (status == PL_OK && pl_situation_override(s, &options, NULL) != PL_OK)
        status = refuse(l, "its design is not known");
    pl_release(design);
    return status;
}

/* The hash that the texts and settings give must be the one in the file. */
static pl_status check_hash(loader *l, const pl_situation *s) {
    char own[65], *hash, *version;
    size_t length;
    pl_status status = load_text(l, "inputs_sha256", &hash, &length);
    if (status != PL_OK) return status;
    status = load_text(l, "parley_version", &version, &length);
    if (status == PL_OK) {
        pl_situation_hash(s, version, own);
        if (strcmp(own, hash) != 0) status = refuse(l, "its inputs do not agree with their hash");
        pl_release(version);
    }
    pl_release(hash);
    return status;
}

static pl_status load_situation(loader *l) {
    char *situation = NULL, *model = NULL, *given = NULL, *chosen = NULL;
    size_t situation_length, model_length, given_length = 0, chosen_length = 0;
    pl_status status = load_hashed(l, "situation", "situation_sha256", &situation, &situation_length);
    if (status != PL_OK) return status;
    status = load_hashed(l, "model", "model_sha256", &model, &model_length);
    if (status == PL_OK && nc_inq_attlen(l->file, NC_GLOBAL, PL_RESULTS_GIVEN, &given_length) == NC_NOERR)
        status = load_hashed(l, PL_RESULTS_GIVEN, PL_RESULTS_GIVEN_HASH, &given, &given_length);
    if (status == PL_OK && nc_inq_attlen(l->file, NC_GLOBAL, PL_RESULTS_CHOSEN, &chosen_length) == NC_NOERR)
        status = load_text(l, PL_RESULTS_CHOSEN, &chosen, &chosen_length);
    pl_situation_texts texts = {.file = l->path, .text = situation, .length = situation_length, .model = model,
                                .model_length = model_length, .futures = given, .futures_length = given_length,
                                .chosen = chosen, .chosen_length = chosen_length};
    if (status == PL_OK) status = pl_situation_parse_texts(&texts, &l->e->situation, NULL, l->error);
    pl_release(situation), pl_release(model), pl_release(given), pl_release(chosen);
    if (status == PL_OK) status = load_settings(l, l->e->situation);
    if (status == PL_OK) status = check_hash(l, l->e->situation);
    return status;
}

/* ---- values --------------------------------------------------------------------------------------------- */

/* A variable by name, with the type and dimensions that it must have. */
static bool find_variable(const loader *l, const char *name, nc_type type, bool by_profile, int *id) {
    int count, dimensions[NC_MAX_VAR_DIMS], expected = by_profile ? 2 : 1;
    size_t lengths[2] = {(size_t)l->e->profiles, (size_t)l->e->futures};
    nc_type found;
    if (nc_inq_varid(l->file, name, id) != NC_NOERR || nc_inq_varndims(l->file, *id, &count) != NC_NOERR ||
        count != expected || nc_inq_vartype(l->file, *id, &found) != NC_NOERR || found != type ||
        nc_inq_vardimid(l->file, *id, dimensions) != NC_NOERR)
        return false;
    for (int i = 0; i < count; i++) {
        size_t length;
        if (nc_inq_dimlen(l->file, dimensions[i], &length) != NC_NOERR || length != lengths[i + 2 - count])
            return false;
    }
    return true;
}

static bool has_dimension(const loader *l, const char *name, size_t least, size_t most, size_t *length, int *id) {
    return nc_inq_dimid(l->file, name, id) == NC_NOERR && nc_inq_dimlen(l->file, *id, length) == NC_NOERR &&
           *length >= least && *length <= most;
}

/* The times of the series that are kept, and that their dimensions are those that the situation asks for. */
static pl_status load_times(const loader *l, pl_traces *p) {
    size_t profiles = (size_t)p->profile_count, futures = (size_t)p->futures, length;
    int id, dimension, found, count;
    nc_type type;
    if (!has_dimension(l, PL_RESULTS_SERIES_PROFILE, profiles, profiles, &length, &dimension) ||
        !has_dimension(l, PL_RESULTS_SERIES_FUTURE, futures, futures, &length, &dimension) ||
        !has_dimension(l, PL_RESULTS_TIME, 1, PL_MOST_POINTS, &length, &dimension) ||
        nc_inq_varid(l->file, PL_RESULTS_TIME, &id) != NC_NOERR || nc_inq_varndims(l->file, id, &count) != NC_NOERR ||
        count != 1 || nc_inq_vardimid(l->file, id, &found) != NC_NOERR || found != dimension ||
        nc_inq_vartype(l->file, id, &type) != NC_NOERR || type != NC_DOUBLE)
        return refuse(l, "its series are missing or damaged");
    p->points = (int)length;
    if (!(p->times = pl_arena_array(&p->arena, length, sizeof *p->times))) return no_memory(l);
    return nc_get_var_double(l->file, id, p->times) == NC_NOERR ? PL_OK : refuse(l, "its times are damaged");
}

static pl_status load_traces(loader *l) {
    pl_ensemble *e = l->e;
    pl_status status = pl_traces_list(e->situation, &e->traces, l->error);
    if (status != PL_OK) return status;
    if (!e->traces->count) {
        pl_traces_free(e->traces);
        e->traces = NULL;
        return PL_OK;
    }
    if (!(e->series = pl_arena_array(&e->arena, (size_t)e->traces->count, sizeof *e->series))) return no_memory(l);
    return load_times(l, e->traces);
}

/* The variable of a trace is there, with the dimensions of series; its values stay in the file. */
static bool find_series(const loader *l, const pl_column *c) {
    static const char *const names[3] = {PL_RESULTS_SERIES_PROFILE, PL_RESULTS_SERIES_FUTURE, PL_RESULTS_TIME};
    int *id = &l->e->series[c->index], count, found[NC_MAX_VAR_DIMS];
    nc_type type;
    if (nc_inq_varid(l->file, c->name, id) != NC_NOERR || nc_inq_varndims(l->file, *id, &count) != NC_NOERR ||
        count != 3 || nc_inq_vartype(l->file, *id, &type) != NC_NOERR || type != NC_DOUBLE ||
        nc_inq_vardimid(l->file, *id, found) != NC_NOERR)
        return false;
    for (int i = 0; i < 3; i++) {
        int dimension;
        if (nc_inq_dimid(l->file, names[i], &dimension) != NC_NOERR || found[i] != dimension) return false;
    }
    return true;
}

pl_status pl_ensemble_series(const pl_ensemble *e, int trace, int place, double *values, pl_error *error) {
    size_t start[3] = {(size_t)place, 0, 0}, count[3] = {1, (size_t)e->traces->futures, (size_t)e->traces->points};
    pl_netcdf_lock();
    int status = nc_get_vara_double(e->file, e->series[trace], start, count, values);
    pl_netcdf_unlock();
    if (status == NC_NOERR) return PL_OK;
    return pl_error_set(error, PL_INVALID, e->situation->file, 0, 0, "the series of '%.100s' is damaged",
                        e->traces->names[trace]);
}

static pl_status load_column(const loader *l, const pl_column *c) {
    pl_ensemble *e = l->e;
    size_t cases = (size_t)e->profiles * (size_t)e->futures;
    double *to = c->kind == PL_COLUMN_MEASURE  ? e->measures + (size_t)c->index * cases
                 : c->kind == PL_COLUMN_PAYOFF ? e->payoffs + (size_t)c->index * cases
                 : c->kind == PL_COLUMN_WEIGHT ? e->weights + (size_t)c->index * (size_t)e->futures
                                               : e->draws + (size_t)c->index * (size_t)e->futures;
    int id;
    char what[400];
    snprintf(what, sizeof what, "the variable '%s' is missing or damaged", c->name);
    if (c->kind == PL_COLUMN_SERIES) return find_series(l, c) ? PL_OK : refuse(l, what);
    if (c->kind == PL_COLUMN_COURSE) return PL_OK; /* for other readers: it follows */
    bool by_case = c->kind == PL_COLUMN_MEASURE || c->kind == PL_COLUMN_PAYOFF;
    if (!find_variable(l, c->name, NC_DOUBLE, by_case, &id)) return refuse(l, what);
    return nc_get_var_double(l->file, id, to) == NC_NOERR ? PL_OK : refuse(l, what);
}

static pl_status load_failed(const loader *l) {
    pl_ensemble *e = l->e;
    int id;
    if (!find_variable(l, PL_RESULTS_FAILED, NC_BYTE, true, &id) ||
        nc_get_var_schar(l->file, id, (signed char *)e->failed) != NC_NOERR)
        return refuse(l, "the variable 'failed' is missing or damaged");
    for (size_t i = 0; i < (size_t)e->profiles * (size_t)e->futures; i++) {
        if (e->failed[i] > PL_RUN_MISSING) return refuse(l, "the variable 'failed' is damaged");
        e->failed_count += e->failed[i] == PL_RUN_FAILED_MARK;
    }
    return PL_OK;
}

static bool make_room(pl_ensemble *e) {
    const pl_situation *s = e->situation;
    e->profiles = pl_situation_combinations(s), e->futures = s->futures, e->seed = s->seed;
    e->measure_count = s->measure_count, e->actor_count = s->actor_count, e->uncertainty_count = s->uncertainty_count;
    e->base = pl_situation_combination(s, s->base_course);
    size_t cases = (size_t)e->profiles * (size_t)e->futures; /* below 2^20 x 2^30 */
    e->measures = pl_arena_array(&e->arena, cases * (size_t)(e->measure_count + 1), sizeof(double));
    e->payoffs = pl_arena_array(&e->arena, cases * (size_t)(e->actor_count + 1), sizeof(double));
    e->draws = pl_arena_array(&e->arena, (size_t)e->futures * (size_t)(e->uncertainty_count + 1), sizeof(double));
    e->weights = pl_arena_array(&e->arena, (size_t)e->futures * (size_t)(s->weight_count + 1), sizeof(double));
    e->failed = pl_arena_array(&e->arena, cases, 1);
    return e->measures && e->payoffs && e->draws && e->weights && e->failed;
}

static pl_status load_values(loader *l) {
    pl_layout layout;
    pl_status status = load_traces(l);
    if (status != PL_OK) return status;
    if (!make_room(l->e) || pl_layout_make(l->e->situation, l->e->traces, &layout) != PL_OK) return no_memory(l);
    status = load_failed(l);
    for (int i = 0; i < layout.count && status == PL_OK; i++) status = load_column(l, &layout.columns[i]);
    pl_layout_free(&layout);
    return status;
}

/* ---- reading -------------------------------------------------------------------------------------------- */

static pl_status open_file(loader *l) {
    if (access(l->path, R_OK) != 0) return pl_error_set(l->error, PL_FILE, l->path, 0, 0, "the results cannot be read");
    int status = nc_open(l->path, NC_NOWRITE, &l->file);
    if (status == NC_NOERR) return PL_OK;
    return refuse(l, nc_strerror(status));
}

pl_status pl_ensemble_read(const char *path, pl_ensemble **ensemble, pl_error *error) {
    loader l = {.path = path, .error = error};
    *ensemble = NULL;
    if (!(l.e = pl_allocate(sizeof *l.e))) return no_memory(&l);
    pl_netcdf_lock();
    pl_status status = open_file(&l);
    if (status == PL_OK) {
        status = load_situation(&l);
        if (status == PL_OK) status = load_values(&l);
        l.e->file = l.file;
        if (!l.e->traces) nc_close(l.file);
    }
    pl_netcdf_unlock();
    if (status != PL_OK) {
        pl_ensemble_free(l.e);
        return status;
    }
    *ensemble = l.e;
    return PL_OK;
}

static void close_series(pl_ensemble *e) {
    if (!e->traces) return;
    pl_netcdf_lock();
    nc_close(e->file);
    pl_netcdf_unlock();
    pl_traces_free(e->traces);
}

void pl_ensemble_free(pl_ensemble *e) {
    if (!e) return;
    close_series(e);
    pl_situation_free(e->situation);
    pl_arena_free(&e->arena);
    pl_release(e);
}

static pl_status load_hash(const loader *l, char out[65]) {
    char *hash;
    size_t length;
    if (nc_inq_attlen(l->file, NC_GLOBAL, PL_RESULTS_MISSING, &length) == NC_NOERR ||
        nc_inq_attlen(l->file, NC_GLOBAL, PL_RESULTS_MISSING_SERIES, &length) == NC_NOERR)
        return pl_error_set(l->error, PL_INVALID, l->path, 0, 0, "cases are missing in these results");
    pl_status status = load_text(l, "inputs_sha256", &hash, &length);
    if (status != PL_OK) return status;
    snprintf(out, 65, "%s", hash);
    pl_release(hash);
    return PL_OK;
}

pl_status pl_results_hash(const char *path, char out[65], pl_error *error) {
    loader l = {.path = path, .error = error};
    pl_netcdf_lock();
    pl_status status = open_file(&l);
    if (status == PL_OK) {
        status = load_hash(&l, out);
        nc_close(l.file);
    }
    pl_netcdf_unlock();
    return status;
}

/* One profile's row at a time. */
static pl_status count_failed(const loader *l, long *failed) {
    int id, dimensions[2];
    size_t lengths[2];
    if (nc_inq_varid(l->file, PL_RESULTS_FAILED, &id) != NC_NOERR ||
        nc_inq_varndims(l->file, id, &dimensions[0]) != NC_NOERR || dimensions[0] != 2 ||
        nc_inq_vardimid(l->file, id, dimensions) != NC_NOERR ||
        nc_inq_dimlen(l->file, dimensions[0], &lengths[0]) != NC_NOERR ||
        nc_inq_dimlen(l->file, dimensions[1], &lengths[1]) != NC_NOERR || lengths[1] > PL_MOST_FUTURES)
        return refuse(l, "the variable 'failed' is missing or damaged");
    signed char *row = pl_allocate(lengths[1] + 1);
    if (!row) return no_memory(l);
    pl_status status = PL_OK;
    for (size_t profile = 0; profile < lengths[0] && status == PL_OK; profile++) {
        size_t start[2] = {profile, 0}, count[2] = {1, lengths[1]};
        if (nc_get_vara_schar(l->file, id, start, count, row) != NC_NOERR)
            status = refuse(l, "the variable 'failed' is damaged");
        for (size_t i = 0; i < lengths[1]; i++) *failed += row[i] == PL_RUN_FAILED_MARK;
    }
    pl_release(row);
    return status;
}

pl_status pl_results_failures(const char *path, long *failed, pl_error *error) {
    loader l = {.path = path, .error = error};
    *failed = 0;
    pl_netcdf_lock();
    pl_status status = open_file(&l);
    if (status == PL_OK) {
        status = count_failed(&l, failed);
        nc_close(l.file);
    }
    pl_netcdf_unlock();
    return status;
}

/* ---- obtaining ------------------------------------------------------------------------------------------ */

void pl_situation_results_path(const pl_situation *s, char *out, size_t room) {
    snprintf(out, room, "%s/results.nc", s->folder);
    if (access(s->folder, W_OK) == 0) return;
    char whole[4096];
    const char *folder = realpath(s->folder, whole) ? whole : s->folder, *slash = strrchr(folder, '/');
    snprintf(out, room, "./%s.nc", slash && slash[1] ? slash + 1 : "results");
}

/* Whether a file holds a situation's results, and perhaps more series than were asked for now. */
static bool has_results(const pl_situation *s, const char *path) {
    loader l = {.path = path};
    pl_arena arena = {0};
    pl_situation more = *s;
    char own[65], found[65];
    pl_netcdf_lock();
    pl_status status = open_file(&l);
    if (status == PL_OK) {
        status = load_hash(&l, found);
        if (status == PL_OK && !more.keep_count) status = load_keep(&l, &arena, &more.keep, &more.keep_count);
        nc_close(l.file);
    }
    pl_netcdf_unlock();
    pl_situation_hash(&more, PL_VERSION, own);
    pl_arena_free(&arena);
    return status == PL_OK && strcmp(own, found) == 0;
}

/* Results that came along with a folder that cannot be written to. */
static bool look_in_folder(const pl_situation *s, char *path, size_t room) {
    char own[4096];
    bool whole = (size_t)snprintf(own, sizeof own, "%s/results.nc", s->folder) < sizeof own;
    if (!whole || !has_results(s, own)) return false;
    snprintf(path, room, "%s", own);
    return true;
}

pl_ensemble *pl_situation_results(const pl_situation *s) {
    char path[4096];
    pl_ensemble *ensemble = NULL;
    if (!look_in_folder(s, path, sizeof path)) pl_situation_results_path(s, path, sizeof path);
    if (has_results(s, path)) pl_ensemble_read(path, &ensemble, NULL);
    return ensemble;
}

static pl_status obtain(const pl_situation *s, const pl_explore_options *options, const char *path, int *ran,
                        pl_ensemble **ensemble, pl_explore_summary *summary, pl_error *error) {
    if (has_results(s, path) && pl_ensemble_read(path, ensemble, NULL) == PL_OK) return PL_OK;
    if (ran) *ran = 1;
    pl_status status = pl_explore(s, options, path, summary, error);
    return status == PL_OK ? pl_ensemble_read(path, ensemble, error) : status;
}

pl_status pl_ensemble_obtain_with(const char *situation_path, const pl_inputs *inputs,
                                  const pl_explore_options *options, const char *path, int *ran,
                                  pl_ensemble **ensemble, pl_explore_summary *summary, pl_error *error) {
    pl_situation *s;
    char chosen[4096];
    *ensemble = NULL;
    if (ran) *ran = 0;
    if (summary) memset(summary, 0, sizeof *summary);
    pl_status status = pl_situation_read_with(situation_path, inputs, &s, NULL, error);
    if (status != PL_OK) return status;
    status = pl_situation_override(s, options, error);
    if (status == PL_OK && options && options->staged) status = pl_stages_check(s, error);
    if (!path && (status != PL_OK || !look_in_folder(s, chosen, sizeof chosen)))
        pl_situation_results_path(s, chosen, sizeof chosen);
    if (status == PL_OK) status = obtain(s, options, path ? path : chosen, ran, ensemble, summary, error);
    pl_situation_free(s);
    return status;
}

pl_status pl_ensemble_obtain(const char *situation_path, const pl_explore_options *options, const char *path, int *ran,
                             pl_ensemble **ensemble, pl_explore_summary *summary, pl_error *error) {
    return pl_ensemble_obtain_with(situation_path, NULL, options, path, ran, ensemble, summary, error);
}

void pl_ensemble_warn(const pl_ensemble *e, pl_findings *findings) {
    pl_error warning;
    if (pl_given_is_outdated(e->situation, &warning)) pl_findings_add(findings, PL_WARNING, &warning);
}

/* ---- names ---------------------------------------------------------------------------------------------- */

int pl_ensemble_profile_name(const pl_ensemble *e, long profile, pl_language language, char *out, size_t room) {
    const pl_situation *s = e->situation;
    for (int i = 0; i < s->profile_count; i++)
        if (pl_situation_combination(s, s->profiles[i].course) == profile)
            return snprintf(out, room, "%s", s->profiles[i].title.in[language]);
    if (!s->actor_count) return snprintf(out, room, "base");
    int length = 0;
    for (int a = 0; a < s->actor_count; a++) {
        const char *title = s->actors[a].courses[pl_situation_course(s, profile, a)].title.in[language];
        size_t used = (size_t)length < room ? (size_t)length : room;
        length += snprintf(out + used, room - used, "%s%s", a ? " / " : "", title);
    }
    return length;
}
