/* The first situation.yaml of a model: what must be there is active, the rest stands as comments to choose from.  Every
 * text of the model goes through put_name or put_comment, so that no name can break the YAML. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/structure.h"
#include "report/text.h"

enum { ACTIVE_MEASURES = 3, MOST_LISTED = 2000, MOST_ELEMENTS = 6, LONGEST_COMMENT = 90, NAME_ROOM = 4200 };

typedef struct drafting {
    const pl_model *model;
    pl_text out;
    int listed;   /* candidates so far in this section */
    bool *timing; /* [variable] a time setting, or one depends on it: nothing to choose */
} drafting;

/* ---- texts of the model --------------------------------------------------------------------------------- */

static bool is_word(const char *name) {
    static const char *const taken[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
    char key[8];
    size_t length = strlen(name);
    if (length == 0 || !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", *name)) return false;
    for (const char *at = name; *at; at++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _", *at)) return false;
    if (name[length - 1] == ' ') return false;
    if (length >= sizeof key) return true;
    pl_name_fold(name, length, key);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(key, taken[i]) == 0) return false;
    return true;
}

/* As a YAML scalar: plain where that is safe, else in double quotes. */
static void put_name(drafting *d, const char *name) {
    if (is_word(name)) {
        pl_text_put(&d->out, name);
        return;
    }
    pl_text_put(&d->out, "\"");
    for (; *name; name++) {
        if (*name == '"' || *name == '\\') pl_text_put(&d->out, "\\");
        if ((unsigned char)*name < ' ') pl_text_format(&d->out, "\\x%02x", (unsigned)*name);
        else pl_text_put_bytes(&d->out, name, 1);
    }
    pl_text_put(&d->out, "\"");
}

/* Words of a comment in one line, cut where it gets long. */
static void put_comment(drafting *d, const char *text) {
    int written = 0;
    for (bool blank = false; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c <= ' ' || c == 127) {
            blank = written > 0;
            continue;
        }
        if ((blank || (c & 0xC0) != 0x80) && written >= LONGEST_COMMENT) {
            pl_text_put(&d->out, "...");
            return;
        }
        if (blank) pl_text_put(&d->out, " ");
        pl_text_put_bytes(&d->out, text, 1);
        written += 1 + blank;
        blank = false;
    }
}

/* The name by which a situation file means an element: a name with a bracket of its own stands in quotes. */
static void element_name(const pl_variable *variable, int element, char *out, size_t room) {
    char name[NAME_ROOM];
    size_t length = strlen(variable->name);
    pl_variable_element_name(variable, element, name, sizeof name);
    if (strchr(variable->name, '[') && length < sizeof name)
        snprintf(out, room, "\"%s\"%s", variable->name, name + length);
    else snprintf(out, room, "%s", name);
}

/* ---- the parts ------------------------------------------------------------------------------------------ */

/* Marks the time settings and all that they need. */
static bool find_timing(drafting *d, const pl_structure *s) {
    const pl_model *model = d->model;
    const pl_variable *const controls[] = {model->initial_time, model->final_time, model->time_step, model->saveper};
    int *queue = pl_allocate(((size_t)model->variable_count + 1) * sizeof *queue), from = 0, count = 0;
    d->timing = pl_allocate(((size_t)model->variable_count + 1) * sizeof *d->timing);
    for (int i = 0; i < 4 && queue && d->timing; i++)
        if (!d->timing[controls[i]->index]) d->timing[controls[i]->index] = true, queue[count++] = controls[i]->index;
    for (; from < count; from++)
        for (int i = s->first_cause[queue[from]]; i < s->first_cause[queue[from] + 1]; i++) {
            int cause = s->causes[i].variable;
            if (!d->timing[cause]) d->timing[cause] = true, queue[count++] = cause;
        }
    bool found = queue && d->timing;
    pl_release(queue);
    return found;
}

/* The number of an element of a constant; false where it has none. */
static bool value_of(const pl_variable *v, int element, double *value) {
    for (int i = 0; i < v->equation_count; i++) {
        const pl_equation *equation = v->equations[i];
        for (int k = 0; k < equation->cell_count && equation->numbers; k++)
            if (equation->cells[k] == element) {
                *value = equation->numbers[k];
                return isfinite(*value);
            }
    }
    return false;
}

static bool is_candidate(const drafting *d, const pl_variable *v) {
    return !v->hidden && v->kind == PL_CONSTANT && !v->settled && !d->timing[v->index];
}

/* A range to begin with: the modeller's own where it holds the value, else a fifth to each side. */
static void put_distribution(drafting *d, const pl_variable *v, double value) {
    double low = value - 0.2 * fabs(value), high = value + 0.2 * fabs(value);
    bool own = v->low < v->high && v->low <= value && value <= v->high;
    if (value == 0.0) low = -1.0, high = 1.0;
    if (own) low = v->low, high = v->high;
    pl_text_put(&d->out, "{uniform: [");
    pl_text_number(&d->out, low);
    pl_text_put(&d->out, ", ");
    pl_text_number(&d->out, high);
    pl_text_put(&d->out, "], source: judged}");
}

static void put_facts(drafting *d, const pl_variable *v, double value) {
    pl_text_put(&d->out, "  # ");
    pl_text_number(&d->out, value);
    if (*v->units) pl_text_put(&d->out, " "), put_comment(d, v->units);
    if (v->at.line > 0) pl_text_format(&d->out, ", line %d", v->at.line);
    if (*v->comment) pl_text_put(&d->out, ": "), put_comment(d, v->comment);
    pl_text_put(&d->out, "\n");
}

static void put_candidate(drafting *d, const pl_variable *v, int element, bool lever) {
    char name[NAME_ROOM + 8];
    double value;
    if (!value_of(v, element, &value) || d->listed++ >= MOST_LISTED) return;
    element_name(v, element, name, sizeof name);
    pl_text_put(&d->out, lever ? "#           " : "#   ");
    put_name(d, name);
    pl_text_put(&d->out, ": ");
    if (lever) pl_text_number(&d->out, value);
    else put_distribution(d, v, value);
    if (lever) pl_text_put(&d->out, "\n");
    else put_facts(d, v, value);
}

static void put_candidates(drafting *d, bool lever) {
    d->listed = 0;
    for (int i = 0; i < d->model->variable_count; i++) {
        const pl_variable *v = d->model->variables[i];
        if (!is_candidate(d, v)) continue;
        for (int e = 0; e < v->size && e < MOST_ELEMENTS; e++) put_candidate(d, v, e, lever);
        if (v->size > MOST_ELEMENTS)
            pl_text_format(&d->out, "#   # ... and %d more elements of it\n", v->size - MOST_ELEMENTS);
    }
    if (d->listed > MOST_LISTED) pl_text_format(&d->out, "#   # ... and %d more\n", d->listed - MOST_LISTED);
    if (d->listed == 0) pl_text_put(&d->out, "#   # the model has no constants\n");
}

static int first_defined(const pl_variable *v) {
    int element = 0;
    while (v->defined && element < v->size - 1 && !v->defined[element]) element++;
    return element;
}

static void put_measure(drafting *d, const pl_variable *v) {
    char name[NAME_ROOM + 8];
    bool active = d->listed++ < ACTIVE_MEASURES;
    if (d->listed > MOST_LISTED) return;
    element_name(v, first_defined(v), name, sizeof name);
    pl_text_put(&d->out, active ? "  " : "#   ");
    put_name(d, v->name);
    pl_text_put(&d->out, ": {of: ");
    put_name(d, name);
    pl_text_put(&d->out, ", take: final}");
    if (*v->units) pl_text_put(&d->out, "  # "), put_comment(d, v->units);
    if (v->rank > 0) pl_text_format(&d->out, "%s one of %d elements", *v->units ? "," : "  #", v->size);
    pl_text_put(&d->out, "\n");
}

static void put_measures_of(drafting *d, pl_variable_kind kind) {
    for (int i = 0; i < d->model->variable_count; i++) {
        const pl_variable *v = d->model->variables[i];
        if (!v->hidden && v->kind == kind && !d->timing[v->index]) put_measure(d, v);
    }
}

/* Stocks; where there are none, what is computed; where nothing is, the constants. */
static void put_measures(drafting *d) {
    static const pl_variable_kind kinds[] = {PL_STOCK, PL_AUXILIARY, PL_DATA, PL_CONSTANT};
    d->listed = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && d->listed == 0; i++) put_measures_of(d, kinds[i]);
    if (d->listed == 0) pl_text_put(&d->out, "  time step: {of: TIME STEP, take: final}\n");
}

static void put_times(drafting *d) {
    double from, to;
    pl_text_put(&d->out, "run:\n  futures: 1000\n  seed: 1\n");
    if (!value_of(d->model->initial_time, 0, &from) || !value_of(d->model->final_time, 0, &to)) return;
    pl_text_put(&d->out, "#   from: ");
    pl_text_number(&d->out, from);
    pl_text_put(&d->out, "  # when courses begin to act; the model always starts at its INITIAL TIME\n#   to: ");
    pl_text_number(&d->out, to);
    pl_text_put(&d->out, "  # in place of FINAL TIME\n");
}

static void put_all(drafting *d, const char *file) {
    pl_text_put(&d->out, "# A situation for parley, to be completed. What stands behind \"# \" is there to choose from: take\n"
                         "# these two characters away and the line counts. `parley check` says what does not fit.\n"
                         "parley: 1\ntitle: ");
    put_name(d, d->model->name);
    pl_text_put(&d->out, "\nmodel: ");
    put_name(d, file);
    pl_text_put(&d->out, "\n\n# How many futures are drawn, and from which seed.\n");
    put_times(d);
    pl_text_put(&d->out, "\n# What is taken from each run: final, initial, at(TIME), mean, sum, integral, min, max, change, or\n"
                         "# first with above: or below:; over a window from: ... to: ...\nmeasures:\n");
    put_measures(d);
    pl_text_put(&d->out, "\n# What nobody knows: constants with a distribution (uniform [low, high], triangular [low, mode, high],\n"
                         "# normal [mean, sd], lognormal [median, sd of the log], ...) and the source of it. The ranges below\n"
                         "# are only where to begin.\nuncertainties:\n");
    put_candidates(d, false);
    pl_text_put(&d->out, "\n# Who acts: each actor has courses, which set constants (levers), and wants, which weigh measures.\n"
                         "# actors:\n#   somebody:\n#     title: Who decides\n#     courses:\n#       as it is: {}\n"
                         "#       otherwise:\n#         set:\n");
    put_candidates(d, true);
    pl_text_put(&d->out, "#     wants:\n#       NAME OF A MEASURE: {weight: 1, per: 1}\n"
                         "\n# Named combinations of courses, and the one that differences are taken from.\n"
                         "# profiles:\n#   status quo: {somebody: as it is}\n# base: status quo\n"
                         "\n# Conditions on measures: the share of futures in which each happens.\n"
                         "# risks:\n#   too much: \"NAME OF A MEASURE > 100\"\n"
                         "\n# What must hold in the model itself; `parley check` fails otherwise.\n"
                         "# checks:\n#   nothing from nothing: {set: {A CONSTANT: 0}, expect: \"A VARIABLE = 0\"}\n");
}

pl_status pl_situation_draft(const pl_model *model, const char *file, char **text, size_t *length) {
    drafting d = {.model = model};
    pl_structure *structure;
    pl_status status = pl_structure_new(model, &structure, NULL);
    if (status == PL_OK && !find_timing(&d, structure)) status = PL_MEMORY;
    if (status == PL_OK) put_all(&d, file);
    if (status == PL_OK) status = pl_text_finish(&d.out, text, length);
    pl_structure_free(structure);
    pl_release(d.timing);
    return status;
}

/* ---- where it goes -------------------------------------------------------------------------------------- */

/* The folder of a path, with a slash at its end; "" where it has none. */
static void folder_of(const char *path, char *out, size_t room) {
    const char *slash = strrchr(path, '/');
    snprintf(out, room, "%.*s", slash ? (int)(slash - path + 1) : 0, path);
}

/* The model's path as seen from the situation's folder. PL_USAGE where it lies elsewhere. */
static pl_status relative_path(const char *model, const char *situation, char *out, size_t room, pl_error *error) {
    char folder[PATH_MAX], real_folder[PATH_MAX], real_model[PATH_MAX];
    folder_of(situation, folder, sizeof folder);
    if (!realpath(*folder ? folder : ".", real_folder))
        return pl_error_set(error, PL_FILE, situation, 0, 0, "cannot be written: %s", strerror(errno));
    if (!realpath(model, real_model))
        return pl_error_set(error, PL_FILE, model, 0, 0, "the file cannot be opened");
    size_t length = strlen(real_folder);
    if (length > 1 && (strncmp(real_model, real_folder, length) != 0 || real_model[length] != '/'))
        return pl_error_set(error, PL_USAGE, situation, 0, 0, "the model must lie in the situation's folder");
    snprintf(out, room, "%s", real_model + length + (length > 1));
    return PL_OK;
}

pl_status pl_situation_init(const pl_model *model, const char *output, char *path, size_t room, size_t *bytes,
                            pl_error *error) {
    char folder[PATH_MAX], file[PATH_MAX], *text;
    struct stat facts;
    folder_of(model->file, folder, sizeof folder);
    int length = output ? snprintf(path, room, "%s", output) : snprintf(path, room, "%ssituation.yaml", folder);
    if ((size_t)length >= room) return pl_error_set(error, PL_FILE, model->file, 0, 0, "the path is too long");
    if (lstat(path, &facts) == 0)
        return pl_error_set(error, PL_FILE, path, 0, 0, "this file is there already, and is left as it is");
    pl_status status = relative_path(model->file, path, file, sizeof file, error);
    if (status != PL_OK) return status;
    status = pl_situation_draft(model, file, &text, bytes);
    if (status != PL_OK) return pl_error_set(error, status, path, 0, 0, "%s", pl_status_text(status));
    status = pl_file_write(path, text, *bytes, error);
    pl_text_free(text);
    return status;
}
