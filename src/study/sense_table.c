/* Sensitivity from a table: each row a run, its inputs and outputs in columns.  By default given data; where the rows were made
 * by Saltelli's or Morris' design, as parley, SALib or another program put them, that is checked row by row.  See sense.h. */
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "model/import.h"
#include "model/reader.h"
#include "study/sense.h"

typedef struct table {
    pl_sense *sense;
    const pl_sense_options *options;
    pl_error *error;
    pl_csv csv;
    const char *text, *name;
    size_t length;
} table;

/* ---- columns --------------------------------------------------------------------------------------------- */

static pl_status find_column(const table *t, const char *name, int *column) {
    char key[80], text[300];
    *column = pl_csv_column(&t->csv, name);
    if (*column >= 0) return PL_OK;
    snprintf(key, sizeof key, "%.79s", name);
    pl_nearest nearest = {.key = key};
    for (int c = 0; c < t->csv.columns; c++) {
        const char *other = pl_csv_at(&t->csv, -1, c)->text;
        pl_nearest_offer(&nearest, other, other);
    }
    return pl_error_set(t->error, PL_USAGE, t->name, 0, 0, "no column is named '%.80s'%s", name,
                        pl_nearest_text(&nearest, text, sizeof text));
}

/* The numbers of a column; an empty field is missing where that may be. */
static pl_status read_column(const table *t, int column, bool missing, double *values) {
    for (int row = 0; row < t->csv.rows; row++) {
        const pl_csv_field *field = pl_csv_at(&t->csv, row, column);
        bool nothing = missing && (!*field->text || strcmp(field->text, "nan") == 0 || strcmp(field->text, "NaN") == 0 ||
                                   strcmp(field->text, "NA") == 0);
        if (nothing) values[row] = NAN;
        else if (!pl_csv_number(field, &values[row]) || !isfinite(values[row]))
            return pl_error_at(t->error, PL_INVALID, pl_csv_place(&t->csv, field), "'%.40s' is no number", field->text);
    }
    return PL_OK;
}

static bool is_output(const table *t, int column) {
    int other;
    for (int i = 0; i < t->options->of_count; i++)
        if (find_column(t, t->options->of[i], &other) == PL_OK && other == column) return true;
    return false;
}

static pl_status add_input(const table *t, pl_sense_sample *s, int column) {
    double *x = PL_ARRAY(s->arena, s->rows + 1, double);
    const char *name = pl_csv_at(&t->csv, -1, column)->text;
    s->inputs[s->input_count] = pl_arena_text(s->arena, name, strlen(name));
    s->x[s->input_count++] = x;
    return read_column(t, column, false, x);
}

static pl_status add_inputs(const table *t, pl_sense_sample *s) {
    pl_status status = PL_OK;
    s->inputs = PL_ARRAY(s->arena, t->csv.columns + t->options->input_count, const char *);
    s->x = PL_ARRAY(s->arena, t->csv.columns + t->options->input_count, const double *);
    for (int i = 0; i < t->options->input_count && status == PL_OK; i++) {
        int column;
        status = find_column(t, t->options->inputs[i], &column);
        if (status == PL_OK && is_output(t, column))
            status = pl_error_set(t->error, PL_USAGE, t->name, 0, 0, "'%.80s' cannot be an output and an input",
                                  t->options->inputs[i]);
        if (status == PL_OK) status = add_input(t, s, column);
    }
    for (int c = 0; c < t->csv.columns && !t->options->input_count && status == PL_OK; c++)
        if (!is_output(t, c)) status = add_input(t, s, c);
    if (status == PL_OK && !s->input_count)
        return pl_error_set(t->error, PL_USAGE, t->name, 0, 0, "no column is left for an input");
    return status;
}

/* Whether an output was named before. */
static bool is_repeated(const table *t, int output) {
    for (int i = 0; i < output; i++)
        if (strcmp(t->options->of[i], t->options->of[output]) == 0) return true;
    return false;
}

static pl_status add_outputs(const table *t, pl_sense_sample *s) {
    double *values = PL_ARRAY(s->arena, s->rows + 1, double);
    for (int i = 0; i < t->options->of_count; i++) {
        int column;
        if (is_repeated(t, i)) continue;
        pl_status status = find_column(t, t->options->of[i], &column);
        if (status == PL_OK) status = read_column(t, column, true, values);
        if (status != PL_OK) return status;
        pl_sense_output *output = pl_sense_add(s, t->options->of[i], values, NULL);
        output->share = true;
        for (long row = 0; row < s->rows; row++)
            if (isfinite(values[row]) && values[row] != 0 && values[row] != 1) output->share = false;
    }
    return PL_OK;
}

/* ---- designs --------------------------------------------------------------------------------------------- */

/* Whether a row is `whole` but for a column, which is another row's. */
static bool is_crossed(const pl_sense_sample *s, long row, long whole, long other, int column) {
    for (int i = 0; i < s->input_count; i++)
        if (s->x[i][row] != s->x[i][i == column ? other : whole]) return false;
    return true;
}

/* The first row that does not lie as the layout has it; -1: all do. */
static long find_stray(const pl_sense_sample *s, const pl_saltelli *at) {
    for (long first = 0; first < s->rows; first += at->unit)
        for (int i = 0; i < s->input_count; i++) {
            if (!is_crossed(s, first + at->ab + i, first + at->a, first + at->b, i)) return first + at->ab + i;
            if (at->ba >= 0 && !is_crossed(s, first + at->ba + i, first + at->b, first + at->a, i))
                return first + at->ba + i;
        }
    return -1;
}

static pl_status find_layout(const table *t, pl_sense_sample *s) {
    int d = s->input_count;
    const pl_saltelli layouts[] = {{2 * d + 2, 0, 1, 2, 2 + d}, {2 * d + 2, 0, 2 * d + 1, 1, 1 + d}, {d + 2, 0, d + 1, 1, -1},
                                   {d + 2, 0, 1, 2, -1}};
    long stray = -1;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        if (s->rows % layouts[i].unit) continue;
        s->saltelli = layouts[i];
        long found = find_stray(s, &layouts[i]);
        if (found < 0) return PL_OK;
        if (found > stray) stray = found;
    }
    if (stray < 0)
        return pl_error_set(t->error, PL_INVALID, t->name, 0, 0,
                            "Saltelli's design of %d inputs takes N x %d or N x %d rows, not %ld", d, 2 * d + 2, d + 2, s->rows);
    return pl_error_at(t->error, PL_INVALID, pl_csv_place(&t->csv, pl_csv_at(&t->csv, (int)stray, 0)),
                       "this row is not where Saltelli's design has one (A, AB1 .. ABd, BA1 .. BAd, B, or A, B, AB1 ..)");
}

/* Levels from 0 to 1 over the range of each input, and that each trajectory moves each input once. */
static pl_status find_levels(const table *t, pl_sense_sample *s) {
    long unit = s->input_count + 1;
    if (s->rows % unit)
        return pl_error_set(t->error, PL_INVALID, t->name, 0, 0, "Morris' design of %d inputs takes r x %ld rows, not %ld",
                            s->input_count, unit, s->rows);
    bool *moved = PL_ARRAY(s->arena, unit, bool);
    for (long row = 0; row < s->rows; row++) {
        if (row % unit == 0) memset(moved, 0, (size_t)unit * sizeof *moved);
        int changes = 0, last = 0;
        for (int i = 0; i < s->input_count && row % unit; i++)
            if (s->x[i][row] != s->x[i][row - 1]) changes++, last = i;
        if (row % unit && (changes != 1 || moved[last]))
            return pl_error_at(t->error, PL_INVALID, pl_csv_place(&t->csv, pl_csv_at(&t->csv, (int)row, 0)),
                               "a row of Morris' trajectories moves one input, and each once");
        moved[last] = true;
    }
    for (int i = 0; i < s->input_count; i++) {
        double low = INFINITY, high = -INFINITY, *levels = PL_ARRAY(s->arena, s->rows, double);
        for (long row = 0; row < s->rows; row++) low = fmin(low, s->x[i][row]), high = fmax(high, s->x[i][row]);
        for (long row = 0; row < s->rows; row++) levels[row] = (s->x[i][row] - low) / (high - low);
        s->x[i] = levels;
    }
    return PL_OK;
}

static pl_status find_kind(const table *t, pl_design_kind *kind) {
    int found = t->options->design ? pl_design_named(t->options->design) : PL_DESIGN_RANDOM;
    *kind = (pl_design_kind)found;
    if (found == PL_DESIGN_SALTELLI || found == PL_DESIGN_MORRIS) return PL_OK;
    if (found >= 0 && pl_design_basis_of(pl_design_name(*kind)) != PL_BASIS_NONE) return PL_OK;
    return pl_error_set(t->error, PL_USAGE, NULL, 0, 0, "a table's rows can be of a saltelli, morris or random design, not '%.40s'",
                        t->options->design);
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static pl_status make(pl_sense *sense, const void *what, const pl_sense_options *options, pl_error *error) {
    table t = *(const table *)what;
    pl_design_kind kind;
    t.sense = sense, t.options = options, t.error = error;
    snprintf(sense->title, sizeof sense->title, "%s", t.name);
    pl_status status = find_kind(&t, &kind);
    if (status == PL_OK) status = pl_csv_read(&sense->arena, t.text, t.length, t.name, &t.csv, error);
    if (status != PL_OK) return status;
    if (!options->of_count) return pl_error_set(error, PL_USAGE, NULL, 0, 0, "which column is the output? Name it with --of");
    if (t.csv.rows < 2) return pl_error_set(error, PL_INVALID, t.name, 0, 0, "a table needs two rows or more");
    uint64_t seed = options->seed_given ? options->seed : 1;
    pl_sense_sample *s = &pl_sense_part_new(sense, kind, t.csv.rows, seed, "")->sample;
    s->text = "table";
    status = add_inputs(&t, s);
    if (status == PL_OK) status = add_outputs(&t, s);
    if (status == PL_OK && kind == PL_DESIGN_SALTELLI) status = find_layout(&t, s);
    if (status == PL_OK && kind == PL_DESIGN_MORRIS) status = find_levels(&t, s);
    return status;
}

pl_status pl_table_sense_text(const char *text, size_t length, const char *name, const pl_sense_options *options,
                              pl_sense **sense, pl_error *error) {
    table t = {.text = text, .length = length, .name = name};
    return pl_sense_new(make, &t, options, sense, error);
}

pl_status pl_table_sense(const char *path, const pl_sense_options *options, pl_sense **sense, pl_error *error) {
    char *text = NULL;
    size_t length = 0;
    *sense = NULL;
    pl_status status = pl_reader_file(path, &text, &length, error);
    if (status == PL_OK) status = pl_table_sense_text(text, length, path, options, sense, error);
    pl_release(text);
    return status;
}
