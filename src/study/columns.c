/* The cases of a table of comma-separated text: what each column is, and what the condition says of each row.
 * See cases.h. */
#include <math.h>
#include <string.h>

#include "base/csv.h"
#include "ensemble/condition.h"
#include "ensemble/reading.h"
#include "study/cases.h"

typedef struct column {
    const char *name;
    pl_factor_kind kind;
    bool numbers;                 /* of whole numbers or of numbers */
    bool missing;                 /* some field is */
    const char *const *categories;
    int category_count, room;     /* one more than PL_MOST_CATEGORIES: too many */
    double *values;               /* [row]; NaN where missing */
} column;

typedef struct work {
    pl_arena *arena;
    pl_csv csv;
    pl_cases *cases;
    column *columns;
    pl_condition *condition;
    bool *in_condition;           /* [column] */
    pl_factor_names names;
    int *factor_column;           /* [factor] */
    pl_error *error;
} work;

/* ---- what a column is ------------------------------------------------------------------------------------- */

/* What tables write for "not there". */
static bool is_missing(const char *text) {
    static const char *const marks[] = {"",     "NA",   "N/A", "n/a",  "#N/A", "#NA", "<NA>",
                                        "NULL", "null", "NaN", "-NaN", "nan",  "-nan", "None"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(marks[i], text) == 0) return true;
    return false;
}

static bool is_integer(const char *text) {
    text += *text == '-' || *text == '+';
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 15 && !text[digits];
}

/* 1 for True, 0 for False, -1 for neither. */
static int truth(const char *text) {
    static const char *const spellings[2][3] = {{"False", "false", "FALSE"}, {"True", "true", "TRUE"}};
    for (int value = 0; value < 2; value++)
        for (int i = 0; i < 3; i++)
            if (strcmp(spellings[value][i], text) == 0) return value;
    return -1;
}

static int category_of(work *w, column *c, const char *text) {
    const char **list = (const char **)(void *)c->categories;
    for (int i = 0; i < c->category_count; i++)
        if (strcmp(list[i], text) == 0) return i;
    if (c->category_count > PL_MOST_CATEGORIES) return 0;
    list = pl_arena_grow(w->arena, list, c->category_count, &c->room, c->category_count + 1, sizeof *list);
    list[c->category_count] = text;
    c->categories = list;
    return c->category_count++;
}

static void read_numbers(const work *w, column *c, int place) {
    for (int row = 0; row < w->csv.rows; row++) {
        const pl_csv_field *field = pl_csv_at(&w->csv, row, place);
        if (is_missing(field->text) || !pl_csv_number(field, &c->values[row]) || !isfinite(c->values[row]))
            c->values[row] = NAN;
    }
}

static void read_truths(const work *w, column *c, int place) {
    static const char *const names[] = {"False", "True"};
    c->categories = names, c->category_count = 2;
    for (int row = 0; row < w->csv.rows; row++) {
        const char *text = pl_csv_at(&w->csv, row, place)->text;
        c->values[row] = is_missing(text) ? (double)NAN : truth(text);
    }
}

static void read_categories(work *w, column *c, int place) {
    for (int row = 0; row < w->csv.rows; row++) {
        const char *text = pl_csv_at(&w->csv, row, place)->text;
        c->values[row] = is_missing(text) ? (double)NAN : category_of(w, c, text);
    }
}

static void read_column(work *w, int place) {
    column *c = &w->columns[place];
    bool whole = true, truths = true;
    double value;
    c->name = pl_csv_at(&w->csv, -1, place)->text;
    c->numbers = true;
    c->values = PL_ARRAY(w->arena, w->csv.rows, double);
    for (int row = 0; row < w->csv.rows; row++) {
        const pl_csv_field *field = pl_csv_at(&w->csv, row, place);
        if (is_missing(field->text)) {
            c->missing = true;
            continue;
        }
        whole = whole && is_integer(field->text);
        c->numbers = c->numbers && pl_csv_number(field, &value);
        truths = truths && truth(field->text) >= 0;
    }
    c->kind = !c->numbers ? PL_FACTOR_CATEGORY : whole && !c->missing ? PL_FACTOR_INTEGER : PL_FACTOR_REAL;
    if (c->numbers) read_numbers(w, c, place);
    else if (truths) read_truths(w, c, place);
    else read_categories(w, c, place);
}

/* ---- the condition ---------------------------------------------------------------------------------------- */

static pl_status refuse_text(const work *w, const column *c) {
    return pl_error_set(w->error, PL_INVALID, NULL, 0, 0,
                        "the column '%.80s' holds texts, which a condition cannot compare", c->name);
}

static pl_status bind(work *w, const char *where) {
    const char **names = PL_ARRAY(w->arena, w->csv.columns, const char *);
    for (int i = 0; i < w->csv.columns; i++) names[i] = w->columns[i].name;
    const pl_expr *expr = pl_expr_parse(w->arena, where, "--where", 1, 1, w->error);
    if (!expr) return PL_INVALID;
    pl_status status = pl_condition_over_columns(w->arena, names, w->csv.columns, expr, &w->condition, w->error);
    for (int i = 0; status == PL_OK && i < w->condition->term_count; i++) {
        const column *c = &w->columns[w->condition->terms[i].index];
        bool truths = c->kind == PL_FACTOR_CATEGORY && c->category_count == 2 && truth(c->categories[0]) == 0;
        w->in_condition[c - w->columns] = true;
        if (!c->numbers && !truths) return refuse_text(w, c);
    }
    return status;
}

/* ---- factors and cases ------------------------------------------------------------------------------------ */

static void add_factor(work *w, int place) {
    const column *c = &w->columns[place];
    w->factor_column[w->cases->factor_count] = place;
    w->cases->factors[w->cases->factor_count++] =
        (pl_factor){.name = c->name, .kind = c->kind, .values = c->values, .category_count = c->category_count,
                    .categories = c->categories};
}

/* Why a column is no factor unless it is asked for; NULL: it is one. */
static const char *unfit(const work *w, int place) {
    const column *c = &w->columns[place];
    if (w->in_condition[place]) return "the condition is about it";
    if (strcmp(c->name, "scenario") == 0) return "it numbers the cases";
    if (!c->numbers && c->category_count > PL_MOST_CATEGORIES) return "it has more than 100 categories";
    return NULL;
}

static void choose_all(work *w) {
    for (int i = 0; i < w->csv.columns; i++) {
        const char *why = unfit(w, i);
        if (why) pl_cases_leave_out(w->arena, w->cases, w->columns[i].name, why);
        else add_factor(w, i);
    }
}

static pl_status choose_named(work *w) {
    bool *taken = PL_ARRAY(w->arena, w->csv.columns, bool);
    for (int k = 0; k < w->names.count; k++) {
        int found = -1;
        pl_near near;
        char text[PL_NEAR_TEXT];
        pl_near_start(&near, w->names.names[k]);
        for (int i = w->csv.columns; i-- > 0;) {
            pl_near_offer(&near, w->columns[i].name);
            if (strcmp(w->columns[i].name, w->names.names[k]) == 0) found = i;
        }
        for (int i = w->csv.columns; found < 0 && i-- > 0;)
            if (pl_names_equal(w->columns[i].name, w->names.names[k])) found = i;
        if (found < 0)
            return pl_error_set(w->error, PL_USAGE, NULL, 0, 0, "no column is named '%.80s'%s", w->names.names[k],
                                pl_near_text(&near, text));
        if (w->in_condition[found])
            return pl_error_set(w->error, PL_USAGE, NULL, 0, 0,
                                "the column '%.80s' cannot be an input: the condition is about it", w->columns[found].name);
        if (!w->columns[found].numbers && w->columns[found].category_count > PL_MOST_CATEGORIES)
            return pl_error_set(w->error, PL_INVALID, NULL, 0, 0, "the column '%.80s' has more than %d categories",
                                w->columns[found].name, PL_MOST_CATEGORIES);
        if (!taken[found]) add_factor(w, found);
        taken[found] = true;
    }
    return PL_OK;
}

static bool is_whole(const work *w, int row) {
    for (int i = 0; i < w->cases->factor_count; i++)
        if (isnan(w->columns[w->factor_column[i]].values[row])) return false;
    return true;
}

/* Keeps the rows in which nothing is missing, their values moved together. */
static void judge(work *w) {
    pl_cases *c = w->cases;
    double *terms = PL_ARRAY(w->arena, w->condition->term_count + 1, double);
    c->interest = PL_ARRAY(w->arena, w->csv.rows, unsigned char);
    for (int row = 0; row < w->csv.rows; row++) {
        for (int t = 0; t < w->condition->term_count; t++)
            terms[t] = w->columns[w->condition->terms[t].index].values[row];
        double value = pl_condition_value(w->condition, terms);
        if (isnan(value) || !is_whole(w, row)) {
            c->missing++;
            continue;
        }
        /* To this row or one before it, so that the rows still to come are untouched. */
        for (int i = 0; i < c->factor_count; i++) {
            double *values = c->factors[i].values;
            values[c->count] = values[row];
        }
        c->interest[c->count++] = value != 0;
    }
    c->grains[0] = (pl_grain){c->count, NULL};
    c->clusters = c->count;
    c->random = true;
}

pl_status pl_cases_of_table(pl_arena *arena, const char *text, size_t length, const char *file, const char *where,
                            pl_factor_names names, pl_cases *cases, pl_error *error) {
    work w = {.arena = arena, .cases = cases, .names = names, .error = error};
    *cases = (pl_cases){.where = where};
    pl_status status = pl_csv_read(arena, text, length, file, &w.csv, error);
    if (status != PL_OK) return status;
    w.columns = PL_ARRAY(arena, w.csv.columns, column);
    w.in_condition = PL_ARRAY(arena, w.csv.columns, bool);
    w.factor_column = PL_ARRAY(arena, w.csv.columns, int);
    cases->factors = PL_ARRAY(arena, w.csv.columns, pl_factor);
    for (int i = 0; i < w.csv.columns; i++) read_column(&w, i);
    status = bind(&w, where);
    if (status != PL_OK) return status;
    if (names.count) status = choose_named(&w);
    else choose_all(&w);
    if (status != PL_OK) return status;
    judge(&w);
    return pl_cases_finish(arena, cases, error);
}
