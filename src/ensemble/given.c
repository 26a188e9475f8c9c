/* Futures from a CSV file: a column for each uncertainty, for each value that a course draws and for each weight that
 * is drawn, by its name in any order; a row for each future.  Nothing in them is drawn then but the noise within
 * runs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "ensemble/design.h"
#include "ensemble/explore.h"
#include "ensemble/reading.h"

enum { LONGEST = 1 << 28 };

void pl_reading_futures(pl_reading *r, const char *path, const pl_yaml *at) {
    size_t length;
    pl_error error;
    const char *bytes = pl_reading_bytes(r, path, LONGEST, &length);
    if (bytes && length <= LONGEST) {
        r->futures = (pl_file){PL_ROLE_FUTURES, path, bytes, length};
        return;
    }
    const char *why = bytes ? "the file of futures is too long" : "the file of futures cannot be read";
    if (at) pl_error_at(&error, PL_FILE, pl_reading_place(r, at), "%s", why);
    else pl_error_set(&error, PL_FILE, path, 0, 0, "%s", why);
    pl_reading_keep(r, PL_ERROR, &error);
}

/* ---- columns -------------------------------------------------------------------------------------------- */

typedef struct given_work {
    pl_reading *r;
    pl_csv csv;
    pl_given *given;
    int *column_of; /* [what is drawn] column in the file, or -1 */
} given_work;

static void record(const given_work *w, pl_severity severity, const pl_csv_field *at, const char *message) {
    pl_error error;
    pl_error_at(&error, severity == PL_ERROR ? PL_INVALID : PL_OK, pl_csv_place(&w->csv, at), "%s", message);
    pl_reading_keep(w->r, severity, &error);
}

static const char *name_of(const pl_situation *s, int drawn) {
    return drawn < s->uncertainty_count ? s->uncertainties[drawn].name : s->weights[drawn - s->uncertainty_count].name;
}

static const pl_distribution *distribution_of(const pl_situation *s, int drawn) {
    if (drawn < s->uncertainty_count) return &s->uncertainties[drawn].distribution;
    const pl_drawn_weight *weight = &s->weights[drawn - s->uncertainty_count];
    return s->actors[weight->actor].wants[weight->want].weight.distribution;
}

static void find_column(given_work *w, int column) {
    const pl_situation *s = w->r->s;
    const pl_csv_field *field = pl_csv_at(&w->csv, -1, column);
    char message[500], text[PL_NEAR_TEXT];
    pl_near near;
    pl_near_start(&near, field->text);
    for (int i = 0; i < w->given->columns; i++) {
        pl_near_offer(&near, name_of(s, i));
        if (!pl_names_equal(name_of(s, i), field->text)) continue;
        if (w->column_of[i] < 0) {
            w->column_of[i] = column;
            return;
        }
        snprintf(message, sizeof message, "a second column '%.80s'", field->text);
        record(w, PL_ERROR, field, message);
        return;
    }
    snprintf(message, sizeof message, "nothing that is drawn is named '%.80s'%s", field->text, pl_near_text(&near, text));
    record(w, PL_ERROR, field, message);
}

static void find_columns(given_work *w) {
    w->column_of = PL_ARRAY(&w->r->s->arena, w->given->columns + 1, int);
    for (int i = 0; i < w->given->columns; i++) w->column_of[i] = -1;
    for (int c = 0; c < w->csv.columns; c++) find_column(w, c);
    for (int i = 0; i < w->given->columns; i++) {
        char message[200];
        if (w->column_of[i] >= 0) continue;
        snprintf(message, sizeof message, "the column '%.80s' is missing", name_of(w->r->s, i));
        record(w, PL_ERROR, pl_csv_at(&w->csv, -1, 0), message);
    }
}

/* ---- values --------------------------------------------------------------------------------------------- */

/* One warning for all values of a column that its distribution never gives, at the first of them. */
static void warn_outside(const given_work *w, int drawn, const pl_csv_field *first, long count) {
    char message[400], more[64] = "";
    if (count > 1) snprintf(more, sizeof more, ", and %ld more below it", count - 1);
    snprintf(message, sizeof message, "the distribution of '%.80s' never gives %.40s%s", name_of(w->r->s, drawn),
             first->text, more);
    record(w, PL_WARNING, first, message);
}

static void read_column(given_work *w, int drawn) {
    const pl_distribution *distribution = distribution_of(w->r->s, drawn);
    const pl_csv_field *first = NULL;
    long outside = 0;
    for (int row = 0; row < w->csv.rows; row++) {
        const pl_csv_field *field = pl_csv_at(&w->csv, row, w->column_of[drawn]);
        double *value = &w->given->values[(size_t)row * (size_t)w->given->columns + (size_t)drawn];
        char message[120];
        if (!pl_csv_number(field, value) || !isfinite(*value)) {
            if (*field->text) snprintf(message, sizeof message, "expected a number, found '%.60s'", field->text);
            else snprintf(message, sizeof message, "expected a number, found nothing");
            record(w, PL_ERROR, field, message);
        } else if (!pl_distribution_covers(distribution, *value) && !outside++) {
            first = field;
        }
    }
    if (first) warn_outside(w, drawn, first, outside);
}

static void read_values(given_work *w) {
    pl_situation *s = w->r->s;
    size_t count = (size_t)w->csv.rows * (size_t)w->given->columns;
    w->given->futures = w->csv.rows;
    w->given->values = pl_arena_array(&s->arena, count + 1, sizeof *w->given->values);
    for (int i = 0; i < w->given->columns; i++) read_column(w, i);
    s->given = w->given, s->futures = w->given->futures;
    s->design = pl_design_name(PL_DESIGN_GIVEN);
}

/* ---- what they were fitted to --------------------------------------------------------------------------- */

/* The hash behind PL_GIVEN_SOURCE in the comment at the head of a text, and its line; NULL where there is none. */
static const char *find_source(const char *text, int *line) {
    const size_t length = sizeof PL_GIVEN_SOURCE - 1;
    for (*line = 1; *text == '#'; (*line)++) {
        if (strncmp(text, PL_GIVEN_SOURCE, length) == 0) return text + length;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return NULL;
}

bool pl_given_is_outdated(const pl_situation *s, pl_error *warning) {
    int line;
    char own[65];
    const pl_given *given = s->given;
    const char *source = given ? find_source(given->text, &line) : NULL;
    if (!source) return false;
    pl_situation_source(s, own);
    if (strncmp(source, own, strlen(own)) == 0) return false;
    pl_error_at(warning, PL_OK, (pl_place){given->file, given->text, given->length, line, 1, NULL},
                "these futures were fitted to another situation or model than this, or before it was changed");
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

void pl_reading_given(pl_reading *r) {
    pl_situation *s = r->s;
    given_work w = {.r = r, .given = PL_NEW(&s->arena, pl_given)};
    pl_error error;
    w.given->file = pl_arena_text(&s->arena, r->futures.name, strlen(r->futures.name));
    w.given->text = pl_arena_text(&s->arena, r->futures.bytes, r->futures.size), w.given->length = r->futures.size;
    w.given->columns = s->uncertainty_count + s->weight_count;
    if (pl_csv_read(&s->arena, w.given->text, w.given->length, r->futures.name, &w.csv, &error) != PL_OK) {
        pl_reading_keep(r, PL_ERROR, &error);
        return;
    }
    find_columns(&w);
    if (!w.csv.rows) record(&w, PL_ERROR, pl_csv_at(&w.csv, -1, 0), "the file has no futures: a row for each");
    if (s->correlation_count)
        pl_reading_warn(r, pl_yaml_get(r->root, "correlations"), "futures from a file are taken as they are: correlations do nothing");
    if (r->errors) return;
    read_values(&w);
    if (pl_given_is_outdated(s, &error)) pl_reading_keep(r, PL_WARNING, &error);
}
