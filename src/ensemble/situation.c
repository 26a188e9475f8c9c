/* A situation from its file: the top level, the run, and the public reading.
 *
 * yaml.c gives a tree with positions; the rows of keys here and in actors.c, uncertainties.c and measures.c turn it
 * into a pl_situation.  An error is recorded and reading goes on, so that one reading shows them all; the situation is
 * discarded where there was one. */
#include "ensemble/situation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "ensemble/design.h"
#include "ensemble/part.h"
#include "ensemble/reading.h"

/* ---- run ------------------------------------------------------------------------------------------------ */

static void read_from(pl_reading *r, const pl_yaml *node, void *s) {
    pl_reading_number(r, node, "'from'", &((pl_situation *)s)->run_from);
}
static void read_to(pl_reading *r, const pl_yaml *node, void *s) {
    pl_reading_number(r, node, "'to'", &((pl_situation *)s)->run_to);
}
/* A file of futures: from disk it is looked for here, unless the caller has given another. */
static void name_futures(pl_reading *r, const pl_yaml *node) {
    r->futures_at = node;
    if (r->futures.bytes) return;
    const char *path = pl_reading_file(r, node, "the file of futures");
    if (path && r->from_disk) pl_reading_futures(r, path, node);
}
/* Where in a text a line and a column, both from 1, are; its end where they are not in it. */
static const char *find_place(const char *text, size_t length, int line, int column) {
    const char *at = text, *end = text + length;
    for (int k = 1; k < line && at < end; k++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        at = stop ? stop + 1 : end;
    }
    return column - 1 < end - at ? at + column - 1 : end;
}
static void read_futures(pl_reading *r, const pl_yaml *node, void *s) {
    double futures;
    r->s->futures_at = find_place(r->s->text, r->s->length, node->line, node->column);
    size_t length = node->kind == PL_YAML_SCALAR ? strlen(node->text) : 0;
    if (length > 4 && !pl_yaml_number(node, &futures) && strcmp(node->text + length - 4, ".csv") == 0)
        name_futures(r, node);
    else if (pl_reading_whole(r, node, "'futures'", 1, PL_MOST_FUTURES, &futures))
        ((pl_situation *)s)->futures = (long)futures;
}
static void read_seed(pl_reading *r, const pl_yaml *node, void *s) {
    double seed;
    if (pl_reading_whole(r, node, "'seed'", 0, 9007199254740992.0, &seed)) ((pl_situation *)s)->seed = (uint64_t)seed;
}
static void read_design(pl_reading *r, const pl_yaml *node, void *s) {
    const char *name;
    if (!pl_reading_text(r, node, "'design'", &name)) return;
    int kind = pl_design_named(name);
    char list[300];
    if (kind == PL_DESIGN_GIVEN && !r->futures_at)
        pl_reading_error(r, node, "the design 'given' is that of a file: 'futures' names it");
    else if (kind >= 0 && kind != PL_DESIGN_GIVEN && r->futures_at)
        pl_reading_error(r, node, "futures from a file have no design: they are what the file says");
    else if (kind >= 0)
        ((pl_situation *)s)->design = pl_design_name((pl_design_kind)kind);
    else
        pl_reading_error(r, node, "the design '%.40s' is not known: %s", name, pl_design_list(list, sizeof list));
}

/* Bases for the designs that count in them, two for each uncertainty. */
static void list_bases(pl_situation *s) {
    s->bases = PL_ARRAY(&s->arena, 2 * s->uncertainty_count + 1, int);
    pl_design_primes(s->bases, 2 * s->uncertainty_count);
}

/* Once the uncertainties are known; futures or a design given on the command line come later, and are checked there. */
static void check_design(pl_reading *r) {
    const pl_situation *s = r->s;
    const pl_yaml *run = pl_yaml_get(r->root, "run"), *node = run ? pl_yaml_get(run, "design") : NULL;
    char why[300];
    const pl_design design = pl_design_of(s);
    if (node && !pl_design_takes(design.kind, pl_design_parts(&design), s->futures, why, sizeof why))
        pl_reading_warn(r, node, "%s", why);
}

static const pl_key_row run_rows[] = {{"from", false, read_from},
                                      {"to", false, read_to},
                                      {"futures", false, read_futures},
                                      {"seed", false, read_seed},
                                      {"design", false, read_design}};

static void check_run(pl_reading *r, const pl_yaml *node) {
    const pl_situation *s = r->s;
    double end = isnan(s->run_to) ? r->final : s->run_to, half = isnan(r->dt) ? 0 : r->dt / 2;
    if (s->run_from < r->initial - half)
        pl_reading_error(r, pl_yaml_get(node, "from"), "the run begins (%g) before the model does (INITIAL TIME %g)",
                         s->run_from, r->initial);
    if (s->run_from > end)
        pl_reading_error(r, pl_yaml_get(node, "from"), "the run begins (%g) after its end (%g)", s->run_from, end);
    if (s->run_to <= r->initial)
        pl_reading_error(r, pl_yaml_get(node, "to"), "the run ends (%g) before the model begins (INITIAL TIME %g)",
                         s->run_to, r->initial);
}

static void read_run(pl_reading *r, const pl_yaml *node, void *situation) {
    pl_reading_mapping(r, node, PL_ROWS(run_rows), "'run'", situation, NULL);
    if (node->kind == PL_YAML_MAPPING) check_run(r, node);
}

/* ---- top level ------------------------------------------------------------------------------------------ */

static void read_version(pl_reading *r, const pl_yaml *node, void *situation) {
    (void)situation;
    double version;
    if (!pl_yaml_number(node, &version) || version != 1)
        pl_reading_error(r, node, "'parley' must be 1, the version of the situation file");
}
static void read_title(pl_reading *r, const pl_yaml *node, void *s) {
    pl_reading_title(r, node, &((pl_situation *)s)->title);
}
static void read_text(pl_reading *r, const pl_yaml *node, void *s) {
    pl_reading_title(r, node, &((pl_situation *)s)->text_title);
}
static void read_claims(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_reading_file(r, node, "the file of claims")) s->claims = node->text;
}
static void read_backtests(pl_reading *r, const pl_yaml *node, void *object) {
    pl_situation *s = object;
    if (pl_reading_file(r, node, "the file of back-tests")) s->backtests = node->text;
}
/* Read ahead, or with the profiles. */
static void read_already(pl_reading *r, const pl_yaml *node, void *s) { (void)r, (void)node, (void)s; }

/* In the order in which they need each other. */
static const pl_key_row top_rows[] = {{"parley", true, read_version},
                                      {"title", false, read_title},
                                      {"text", false, read_text},
                                      {"model", true, read_already},
                                      {"files", false, read_already},
                                      {"run", false, read_run},
                                      {"uncertainties", false, pl_reading_uncertainties},
                                      {"variables", false, pl_reading_variables},
                                      {"units", false, pl_reading_units},
                                      {"groups", false, pl_reading_groups},
                                      {"measures", false, pl_reading_measures},
                                      {"series", false, pl_reading_series},
                                      {"actors", false, pl_reading_actors},
                                      {"correlations", false, pl_reading_correlations},
                                      {"input groups", false, pl_reading_input_groups},
                                      {"base", false, read_already},
                                      {"profiles", false, read_already},
                                      {"risks", false, pl_reading_risks},
                                      {"play", false, pl_reading_play},
                                      {"checks", false, pl_reading_checks},
                                      {"claims", false, read_claims},
                                      {"backtests", false, read_backtests},
                                      {"data", false, pl_reading_data},
                                      {"fit", false, read_already},
                                      {"search", false, read_already}};

/* The value of a time setting that is a number in the model; NaN where the model computes it. */
static double setting_value(const pl_variable *v) {
    if (!v || v->kind != PL_CONSTANT || v->size != 1 || !v->equation_count || !v->equations[0]->numbers) return NAN;
    return v->equations[0]->numbers[0];
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcasecmp(text + length - tail, end) == 0;
}

/* The files that `files` names, then those that the caller gives: of two that name the same thing the last counts. */
static pl_inputs list_inputs(pl_reading *r) {
    const pl_yaml *node = pl_yaml_get(r->root, "files");
    if (node && (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_SEQUENCE, "'files'"))) node = NULL;
    int own = node ? node->count : 0, given = r->inputs ? r->inputs->count : 0, count = 0;
    pl_file *files = PL_ARRAY(&r->s->arena, own + given + 1, pl_file);
    for (int i = 0; i < own; i++) {
        const char *path = pl_reading_file(r, node->items[i], "a file of the model");
        if (path) files[count++] = (pl_file){ends_with(path, ".cin") ? PL_ROLE_CHANGES : PL_ROLE_DATA, path, NULL, 0};
    }
    for (int i = 0; i < given; i++)
        if (r->inputs->files[i].role != PL_ROLE_FUTURES) files[count++] = r->inputs->files[i];
    if (r->errors) longjmp(r->out, 1);
    return (pl_inputs){.files = files, .count = count};
}

static void read_model(pl_reading *r, const char *text, size_t length) {
    pl_situation *s = r->s;
    const pl_yaml *node = r->root->kind == PL_YAML_MAPPING ? pl_yaml_get(r->root, "model") : NULL;
    if (!node) return;
    const char *path = pl_reading_file(r, node, "the model");
    pl_inputs inputs = list_inputs(r);
    if (!path) longjmp(r->out, 1);
    s->model_file = node->text;
    pl_error error = {.status = PL_OK};
    pl_status status = r->from_disk ? pl_model_read_with(path, &inputs, &s->model, r->findings, &error)
                                    : pl_model_parse(text, length, node->text, &s->model, r->findings, &error);
    if (status != PL_OK) {
        if (r->error) *r->error = error;
        r->status = status;
        longjmp(r->out, 1);
    }
    r->initial = setting_value(s->model->initial_time);
    r->final = setting_value(s->model->final_time);
    r->dt = setting_value(s->model->time_step);
}

static void read_all(pl_reading *r, const char *model_text, size_t model_length) {
    pl_situation *s = r->s;
    pl_error error;
    pl_yaml *root;
    if (pl_yaml_read(&s->arena, s->text, s->length, s->file, &root, &error) != PL_OK) {
        if (error.status == PL_MEMORY) r->status = PL_MEMORY, longjmp(r->out, 1);
        pl_reading_keep(r, PL_ERROR, &error);
        return;
    }
    r->root = root;
    pl_reading_leave_courses(r);
    read_model(r, model_text, model_length);
    if (!s->model) { /* without one only the top level can be judged */
        pl_reading_error(r, root, root->kind == PL_YAML_MAPPING ? "a situation needs the key 'model'"
                                                                : "a situation is a mapping of keys to values");
        return;
    }
    pl_reading_mapping(r, root, PL_ROWS(top_rows), "a situation", s, NULL);
    pl_reading_profiles(r, pl_yaml_get(root, "profiles"), s);
    pl_reading_fit(r, pl_yaml_get(root, "fit"), s);
    pl_reading_search(r, pl_yaml_get(root, "search"));
    list_bases(s);
    if (r->futures.bytes && !r->errors) pl_reading_given(r);
    if (!r->errors) check_design(r);
    pl_reading_reach(r);
}

/* ---- memory --------------------------------------------------------------------------------------------- */

const pl_model *pl_situation_model(const pl_situation *s) { return s->model; }

void pl_situation_free(pl_situation *s) {
    if (!s) return;
    pl_model_free(s->model);
    pl_arena_free(&s->arena);
    pl_release(s);
}

static void out_of_memory(void *context) {
    pl_reading *r = context;
    r->status = PL_MEMORY;
    longjmp(r->out, 1);
}

/* Errors that stop the reading, and want of memory, come back here. */
static void read_or_stop(pl_reading *r, void (*work)(pl_reading *, const void *), const void *context) {
    if (setjmp(r->out) == 0) work(r, context);
}

static pl_status finish(pl_reading *r, pl_situation **situation) {
    pl_situation *s = r->s;
    s->arena.out_of_memory = NULL;
    if (r->status == PL_MEMORY) pl_error_set(r->error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (r->status != PL_OK) {
        pl_situation_free(s);
        s = NULL;
    }
    *situation = s;
    return r->status;
}

static pl_status begin(pl_reading *r, pl_findings *findings, pl_error *error) {
    memset(r, 0, sizeof *r);
    r->findings = findings, r->error = error;
    r->initial = r->final = r->dt = NAN;
    r->s = pl_allocate(sizeof *r->s);
    if (!r->s) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    r->s->arena.out_of_memory = out_of_memory, r->s->arena.context = r;
    pl_situation *s = r->s;
    s->run_from = s->run_to = NAN;
    s->futures = 1000, s->seed = 1, s->design = "random", s->base = -1, s->chosen = "";
    s->fit.holdout = NAN, s->fit.profile = -1;
    s->title = s->text_title = (pl_title){{"", ""}};
    return PL_OK;
}

/* ---- from texts ----------------------------------------------------------------------------------------- */

static void read_texts(pl_reading *r, const void *context) {
    const pl_situation_texts *t = context;
    pl_situation *s = r->s;
    s->text = pl_arena_text(&s->arena, t->text, t->length), s->length = t->length;
    s->file = s->path = pl_arena_text(&s->arena, t->file, strlen(t->file));
    s->folder = "";
    r->futures = (pl_file){PL_ROLE_FUTURES, t->file, t->futures, t->futures_length};
    if (t->chosen) s->chosen = pl_arena_text(&s->arena, t->chosen, t->chosen_length), s->chosen_length = t->chosen_length;
    read_all(r, t->model, t->model_length);
}

pl_status pl_situation_parse_texts(const pl_situation_texts *texts, pl_situation **situation, pl_findings *findings,
                                   pl_error *error) {
    *situation = NULL;
    pl_reading r;
    if (begin(&r, findings, error) != PL_OK) return PL_MEMORY;
    read_or_stop(&r, read_texts, texts);
    return finish(&r, situation);
}

pl_status pl_situation_parse(const char *text, size_t length, const char *file, const char *model_text,
                             size_t model_length, pl_situation **situation, pl_findings *findings, pl_error *error) {
    pl_situation_texts texts = {.file = file, .text = text, .length = length, .model = model_text,
                                .model_length = model_length};
    return pl_situation_parse_texts(&texts, situation, findings, error);
}

/* ---- from disk ------------------------------------------------------------------------------------------ */

/* The file's folder and its own path: a folder stands for the situation.yaml in it. */
static void find_file(pl_situation *s, const char *path) {
    struct stat facts;
    size_t length = strlen(path);
    s->path = pl_arena_text(&s->arena, path, length);
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        while (length > 1 && path[length - 1] == '/') length--;
        s->folder = pl_arena_text(&s->arena, path, length);
        char *file = pl_arena_take(&s->arena, length + sizeof "/situation.yaml");
        snprintf(file, length + sizeof "/situation.yaml", "%s/situation.yaml", s->folder);
        s->file = file;
        return;
    }
    s->file = s->path;
    const char *slash = strrchr(path, '/');
    s->folder = slash ? pl_arena_text(&s->arena, path, slash > path ? (size_t)(slash - path) : 1) : ".";
}

static void read_file(pl_reading *r) {
    pl_situation *s = r->s;
    s->text = pl_reading_bytes(r, s->file, PL_YAML_LENGTH, &s->length);
    if (s->text) return;
    pl_error error;
    pl_error_set(&error, PL_FILE, s->file, 0, 0, "the situation cannot be read");
    pl_reading_keep(r, PL_ERROR, &error);
    longjmp(r->out, 1);
}

/* Results that are not finished yet are easily given for those that are. */
static void refuse_part(pl_reading *r) {
    if (!pl_part_begins(r->s->text, r->s->length)) return;
    pl_error error;
    pl_error_set(&error, PL_INVALID, r->s->file, 0, 0,
                 "this is a results file that is not finished: 'parley explore' writes it while it runs");
    pl_reading_keep(r, PL_ERROR, &error);
    longjmp(r->out, 1);
}

static void read_path(pl_reading *r, const void *path) {
    find_file(r->s, path);
    read_file(r);
    refuse_part(r);
    r->from_disk = true;
    if (r->inputs) pl_reading_choose(r, r->inputs->courses, r->inputs->course_count);
    for (int i = 0; r->inputs && i < r->inputs->count; i++) {
        const pl_file *file = &r->inputs->files[i];
        if (file->role == PL_ROLE_FUTURES && file->bytes) r->futures = *file;
        else if (file->role == PL_ROLE_FUTURES) pl_reading_futures(r, file->name, NULL);
    }
    read_all(r, NULL, 0);
}

pl_status pl_situation_read(const char *path, pl_situation **situation, pl_findings *findings, pl_error *error) {
    return pl_situation_read_with(path, NULL, situation, findings, error);
}

pl_status pl_situation_read_with(const char *path, const pl_inputs *inputs, pl_situation **situation,
                                 pl_findings *findings, pl_error *error) {
    *situation = NULL;
    pl_reading r;
    if (begin(&r, findings, error) != PL_OK) return PL_MEMORY;
    r.inputs = inputs;
    read_or_stop(&r, read_path, path);
    return finish(&r, situation);
}

/* ---- combinations --------------------------------------------------------------------------------------- */

long pl_situation_combinations(const pl_situation *s) {
    long count = 1;
    for (int a = 0; a < s->actor_count; a++) count *= s->actors[a].course_count;
    return count;
}

int pl_situation_course(const pl_situation *s, long combination, int actor) {
    for (int a = s->actor_count - 1; a > actor; a--) combination /= s->actors[a].course_count;
    return (int)(combination % s->actors[actor].course_count);
}

long pl_situation_combination(const pl_situation *s, const int *course) {
    long combination = 0;
    for (int a = 0; a < s->actor_count; a++) combination = combination * s->actors[a].course_count + course[a];
    return combination;
}
