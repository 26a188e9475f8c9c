/* Reads the declared back-tests and runs them, each profile with the same settings once.  See backtest.h. */
#include "study/backtest.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "ensemble/reading.h"
#include "model/import.h"

const char *const pl_outcome_names[] = {
#define X(id, name, text) name,
    PL_OUTCOMES(X)
#undef X
};
static const char *const take_names[] = {
#define X(id, name, text) name,
    PL_BACKTEST_TAKES(X)
#undef X
};

/* X(id, name, whether the file must have it) */
#define COLUMNS(X)                                                                                                   \
    X(ID, "id", 1) X(VARIABLE, "variable", 1) X(TARGET, "target", 1) X(TOLERANCE, "tolerance", 1) X(FROM, "from", 0) \
    X(TO, "to", 1) X(EXPECTED, "expected", 1) X(SOURCE, "source", 0) X(WHAT, "what", 0) X(WHAT_ES, "what_es", 0)     \
    X(TAKE, "take", 0) X(PROFILE, "profile", 0) X(SET, "set", 0)

typedef enum column_id {
#define X(id, name, needed) COLUMN_##id,
    COLUMNS(X)
#undef X
        COLUMN_COUNT
} column_id;
static const char *const column_names[] = {
#define X(id, name, needed) name,
    COLUMNS(X)
#undef X
};
static const bool is_needed[] = {
#define X(id, name, needed) needed,
    COLUMNS(X)
#undef X
};

enum { MOST_SETS = 64 };

typedef struct work {
    const pl_situation *s;
    pl_backtests *tests;
    pl_arena *arena;
    pl_csv csv;
    int column[COLUMN_COUNT];
    pl_findings *findings;
    pl_error *error;
    int row;
    pl_series **runs; /* [row] of the profile and settings that the row asks for; shared by rows that ask for the same */
    jmp_buf out;
} work;

/* ---- fields ----------------------------------------------------------------------------------------------- */

static const pl_csv_field *field_in(const work *w, int row, column_id which) {
    return pl_csv_at(&w->csv, row, w->column[which]);
}

static const pl_csv_field *field_of(const work *w, column_id which) { return field_in(w, w->row, which); }

PL_FORMAT(3, 4) static pl_status refuse(const work *w, const pl_csv_field *field, const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return pl_error_at(w->error, PL_INVALID, pl_csv_place(&w->csv, field), "%s", message);
}

static pl_status read_columns(work *w) {
    pl_csv_columns(&w->csv, column_names, COLUMN_COUNT, w->column);
    for (int k = 0; k < COLUMN_COUNT; k++)
        if (w->column[k] < 0 && is_needed[k])
            return refuse(w, pl_csv_at(&w->csv, -1, 0), "a file of back-tests needs a column '%s'", column_names[k]);
    int other = pl_csv_other(&w->csv, w->column, COLUMN_COUNT, 0);
    const pl_csv_field *field = pl_csv_at(&w->csv, -1, other);
    return other < 0 ? PL_OK
                     : refuse(w, field, "there is no column '%.60s' in a file of back-tests, or it comes twice", field->text);
}

static pl_status read_number(work *w, column_id which, double *value) {
    const pl_csv_field *field = field_of(w, which);
    if (pl_csv_number(field, value)) return PL_OK;
    return refuse(w, field, "expected a number for '%s', not '%.40s'", column_names[which], field->text);
}

static pl_status read_kind(work *w, column_id which, const char *const *names, int count, int usual, int *kind) {
    const pl_csv_field *field = field_of(w, which);
    char list[200] = "";
    *kind = usual;
    if (!*field->text && usual >= 0) return PL_OK;
    for (int k = 0; k < count; k++) {
        *kind = k;
        if (strcmp(field->text, names[k]) == 0) return PL_OK;
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", k ? ", " : "", names[k]);
    }
    return refuse(w, field, "'%s' is one of %s, not '%.40s'", column_names[which], list, field->text);
}

static pl_status read_row(work *w, pl_backtest *t) {
    int take, expected;
    pl_status status = read_number(w, COLUMN_TARGET, &t->target);
    if (status == PL_OK) status = read_number(w, COLUMN_TOLERANCE, &t->tolerance);
    if (status == PL_OK) status = read_number(w, COLUMN_TO, &t->to);
    if (status == PL_OK) status = read_kind(w, COLUMN_TAKE, take_names, PL_BACKTEST_TAKE_COUNT, PL_BACKTEST_AT, &take);
    if (status == PL_OK) status = read_kind(w, COLUMN_EXPECTED, pl_outcome_names, PL_OUTCOME_COUNT, -1, &expected);
    if (status != PL_OK) return status;
    t->take = (pl_backtest_take)take, t->expected = (pl_outcome_kind)expected;
    t->from = t->to;
    if (*field_of(w, COLUMN_FROM)->text || t->take != PL_BACKTEST_AT) status = read_number(w, COLUMN_FROM, &t->from);
    if (status == PL_OK && t->from > t->to) status = refuse(w, field_of(w, COLUMN_FROM), "'from' is after 'to'");
    t->id = field_of(w, COLUMN_ID)->text, t->variable = field_of(w, COLUMN_VARIABLE)->text;
    t->source = field_of(w, COLUMN_SOURCE)->text, t->what = field_of(w, COLUMN_WHAT)->text;
    const char *spanish = field_of(w, COLUMN_WHAT_ES)->text;
    t->title = (pl_title){{t->what, *spanish ? spanish : t->what}};
    return status;
}

/* ---- runs ------------------------------------------------------------------------------------------------- */

static pl_status choose_profile(work *w, pl_choice *choices) {
    const pl_csv_field *field = field_of(w, COLUMN_PROFILE);
    const pl_situation *s = w->s;
    pl_near near;
    char text[PL_NEAR_TEXT];
    const int *course = s->base_course;
    pl_near_start(&near, field->text);
    for (int p = 0; *field->text && p < s->profile_count; p++) {
        pl_near_offer(&near, s->profiles[p].name);
        if (pl_names_equal(s->profiles[p].name, field->text)) course = s->profiles[p].course, field = NULL;
        if (!field) break;
    }
    if (field && *field->text)
        return refuse(w, field, "no profile is named '%.80s'%s", field->text, pl_near_text(&near, text));
    for (int a = 0; a < s->actor_count; a++)
        choices[a] = (pl_choice){s->actors[a].name, s->actors[a].courses[course[a]].name};
    return PL_OK;
}

/* NAME=VALUE; NAME=VALUE */
static pl_status read_sets(work *w, pl_set *sets, int *count) {
    const pl_csv_field *field = field_of(w, COLUMN_SET);
    for (const char *at = field->text; *at && *count < MOST_SETS;) {
        size_t length = strcspn(at, ";"), name = strcspn(at, "=");
        if (name >= length) return refuse(w, field, "expected 'NAME=VALUE; NAME=VALUE', not '%.60s'", at);
        size_t begin = strspn(at, " "), end = name;
        while (end > begin && at[end - 1] == ' ') end--;
        const char *value = at + name + 1 + strspn(at + name + 1, " ");
        size_t room = (size_t)(at + length - value);
        while (room && value[room - 1] == ' ') room--;
        pl_csv_field number = {pl_arena_text(w->arena, value, room), field->line, field->column};
        sets[*count].name = pl_arena_text(w->arena, at + begin, end - begin);
        if (!pl_csv_number(&number, &sets[*count].value)) return refuse(w, field, "expected a number, not '%.40s'", number.text);
        ++*count;
        at += length + (at[length] == ';');
        at += strspn(at, " ");
    }
    return PL_OK;
}

static bool same_run(const work *w, int a, int b) {
    return strcmp(field_in(w, a, COLUMN_PROFILE)->text, field_in(w, b, COLUMN_PROFILE)->text) == 0 &&
           strcmp(field_in(w, a, COLUMN_SET)->text, field_in(w, b, COLUMN_SET)->text) == 0;
}

/* A run that fails still has the values up to its failure. */
static pl_status make_run(work *w) {
    for (int row = 0; row < w->row; row++)
        if (same_run(w, row, w->row)) {
            w->runs[w->row] = w->runs[row];
            return PL_OK;
        }
    pl_choice *choices = PL_ARRAY(w->arena, w->s->actor_count + 1, pl_choice);
    pl_set sets[MOST_SETS];
    int count = 0;
    pl_status status = choose_profile(w, choices);
    if (status == PL_OK) status = read_sets(w, sets, &count);
    if (status != PL_OK) return status;
    pl_error found;
    status = pl_situation_run(w->s, choices, w->s->actor_count, sets, count, NULL, &w->runs[w->row], &found);
    if (status == PL_OK || status == PL_RUN_FAILED) return PL_OK;
    return refuse(w, field_of(w, COLUMN_ID), "%s", found.message);
}

static void free_runs(work *w) {
    for (int row = 0; w->runs && row < w->csv.rows; row++) {
        bool shared = false;
        for (int k = 0; k < row; k++) shared |= w->runs[k] == w->runs[row];
        if (!shared) pl_series_free(w->runs[row]);
    }
}

/* ---- values ----------------------------------------------------------------------------------------------- */

static int find_column(const pl_series *series, const char *name) {
    for (int c = 0; c < pl_series_columns(series); c++)
        if (pl_names_equal(pl_series_name(series, c), name)) return c;
    return -1;
}

/* Between saved times in a straight line; NaN outside of the run. */
static double value_at(const pl_series *series, const double *values, double time) {
    const double *times = pl_series_times(series);
    int rows = pl_series_rows(series), k = 1;
    if (rows < 1 || time < times[0] || time > times[rows - 1]) return NAN;
    while (k < rows && times[k] < time) k++;
    if (k >= rows) return values[rows - 1];
    double share = (time - times[k - 1]) / (times[k] - times[k - 1]);
    return share == 0 ? values[k - 1] : values[k - 1] + share * (values[k] - values[k - 1]);
}

static double value_of(const pl_series *series, const double *values, const pl_backtest *t) {
    const double *times = pl_series_times(series);
    double to = value_at(series, values, t->to), from = value_at(series, values, t->from), sum = 0, count = 0, peak = NAN;
    switch (t->take) {
    case PL_BACKTEST_AT: return to;
    case PL_BACKTEST_CHANGE: return to - from;
    case PL_BACKTEST_RATIO: return to / from;
    case PL_BACKTEST_RELATIVE: return to / from - 1;
    default: break;
    }
    double most = -INFINITY;
    for (int row = 0; row < pl_series_rows(series); row++) {
        if (times[row] < t->from || times[row] > t->to) continue;
        sum += values[row], count++;
        if (values[row] > most) most = values[row], peak = times[row];
    }
    if (t->take == PL_BACKTEST_PEAK) return peak;
    return count > 0 ? sum / count : to; /* a span without a saved time */
}

static pl_status judge(work *w, pl_backtest *t) {
    const pl_series *series = w->runs[w->row];
    int saved = find_column(series, t->variable);
    t->value = NAN;
    if (saved < 0 && t->expected != PL_OUTCOME_CANNOT)
        return refuse(w, field_of(w, COLUMN_VARIABLE), "the run saves no variable '%.80s'", t->variable);
    if (saved >= 0) t->value = value_of(series, pl_series_values(series, saved), t);
    t->outcome = fabs(t->value - t->target) <= t->tolerance ? PL_OUTCOME_PASS : PL_OUTCOME_FAIL;
    if (t->expected == PL_OUTCOME_CANNOT) t->outcome = PL_OUTCOME_CANNOT;
    if (t->outcome == t->expected) return PL_OK;
    w->tests->different++;
    pl_error found;
    pl_error_at(&found, PL_CHECK_FAILED, pl_csv_place(&w->csv, field_of(w, COLUMN_ID)),
                "back-test %.40s was declared to %s and does not: %g, the target is %g +- %g", t->id,
                pl_outcome_names[t->expected], t->value, t->target, t->tolerance);
    return pl_findings_add(w->findings, PL_ERROR, &found) ? PL_OK : PL_MEMORY;
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static pl_status run_all(work *w, const char *text, size_t length, const char *file) {
    pl_status status = pl_csv_read(w->arena, text, length, file, &w->csv, w->error);
    if (status == PL_OK) status = read_columns(w);
    if (status != PL_OK) return status;
    w->tests->tests = PL_ARRAY(w->arena, w->csv.rows + 1, pl_backtest);
    w->runs = PL_ARRAY(w->arena, w->csv.rows + 1, pl_series *);
    for (w->row = 0; status == PL_OK && w->row < w->csv.rows; w->row++) {
        pl_backtest *t = &w->tests->tests[w->row];
        status = read_row(w, t);
        if (status == PL_OK) status = make_run(w);
        if (status == PL_OK) status = judge(w, t);
        w->tests->count++;
    }
    if (status != PL_OK || !w->tests->different) return status;
    return pl_error_set(w->error, PL_CHECK_FAILED, file, 0, 0, "%d of %d back-tests came out otherwise than declared",
                        w->tests->different, w->tests->count);
}

static void leave(void *context) { longjmp(((work *)context)->out, 1); }

static pl_status guard(work *w, const char *text, size_t length, const char *file) {
    w->arena->out_of_memory = leave, w->arena->context = w;
    if (setjmp(w->out)) return pl_error_set(w->error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return run_all(w, text, length, file);
}

pl_status pl_backtests_run(const pl_situation *situation, const char *text, size_t length, const char *file,
                           pl_backtests **backtests, pl_findings *findings, pl_error *error) {
    pl_error own;
    pl_backtests *b = pl_allocate(sizeof *b);
    *backtests = NULL;
    if (!b) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    work w = {.s = situation, .tests = b, .arena = &b->arena, .findings = findings, .error = error ? error : &own};
    pl_status status = guard(&w, text, length, file);
    free_runs(&w);
    b->arena.out_of_memory = NULL, b->arena.context = NULL;
    if (status == PL_OK || status == PL_CHECK_FAILED) *backtests = b;
    else pl_backtests_free(b);
    return status;
}

pl_status pl_situation_backtest(const pl_situation *situation, pl_backtests **backtests, pl_findings *findings,
                                pl_error *error) {
    *backtests = NULL;
    if (!situation->backtests)
        return pl_error_set(error, PL_NO_DATA, situation->file, 0, 0, "the situation names no file of back-tests");
    char path[2048], *text;
    size_t length;
    snprintf(path, sizeof path, "%s/%s", situation->folder, situation->backtests);
    pl_status status = pl_reader_file(path, &text, &length, error);
    if (status != PL_OK) return status;
    status = pl_backtests_run(situation, text, length, path, backtests, findings, error);
    pl_release(text);
    return status;
}

void pl_backtests_free(pl_backtests *backtests) {
    if (!backtests) return;
    pl_arena_free(&backtests->arena);
    pl_release(backtests);
}
