/* What has one row per thing: a run's series, the builtins, and the summary of an exploration. */
#include <math.h>
#include <string.h>

#include "model/functions.h"
#include "program/tape.h"
#include "report/timing.h"

/* ---- series ------------------------------------------------------------------------------------------- */

/* :NA: is an empty cell, as in a table that Vensim exports. */
static void put_row(pl_text *out, const pl_series *series, int row) {
    pl_text_number(out, pl_series_times(series)[row]);
    for (int column = 0; column < pl_series_columns(series); column++) {
        double value = pl_series_values(series, column)[row];
        pl_text_put(out, ",");
        if (value != PL_NOT_AVAILABLE) pl_text_number(out, value);
    }
    pl_text_put(out, "\n");
}

static pl_status series_csv(const pl_series *series, char **text, size_t *length) {
    pl_text out = {0};
    pl_text_put(&out, "time");
    for (int column = 0; column < pl_series_columns(series); column++) {
        pl_text_put(&out, ",");
        pl_text_csv(&out, pl_series_name(series, column));
    }
    pl_text_put(&out, "\n");
    for (int row = 0; row < pl_series_rows(series); row++) put_row(&out, series, row);
    return pl_text_finish(&out, text, length);
}

static json_t *number_list(const double *values, int count) {
    json_t *list = json_array();
    for (int i = 0; i < count; i++) pl_json_append(&list, values[i] == PL_NOT_AVAILABLE ? json_null() : pl_json_number(values[i]));
    return list;
}

static pl_status series_json(const pl_series *series, char **text, size_t *length) {
    int rows = pl_series_rows(series);
    json_t *tree = json_object(), *variables = json_object();
    pl_json_set(&tree, "time", number_list(pl_series_times(series), rows));
    for (int column = 0; column < pl_series_columns(series); column++)
        pl_json_set(&variables, pl_series_name(series, column), number_list(pl_series_values(series, column), rows));
    pl_json_set(&tree, "variables", variables);
    if (pl_series_timing(series)) pl_json_set(&tree, "timing", pl_timing_json(pl_series_timing(series)));
    return pl_json_finish(tree, text, length);
}

pl_status pl_series_print(const pl_series *series, pl_format format, char **text, size_t *length) {
    return format == PL_FORMAT_JSON ? series_json(series, text, length) : series_csv(series, text, length);
}

/* ---- builtins ----------------------------------------------------------------------------------------- */

static json_t *function_object(const pl_function *f) {
    json_t *object = json_object();
    pl_json_set(&object, "name", json_string(f->name));
    pl_json_set(&object, "vensim", json_string(f->vensim));
    pl_json_set(&object, "xmile", json_string(f->xmile));
    pl_json_set(&object, "arguments", json_pack("[i,o]", f->least, f->most < 0 ? json_null() : json_integer(f->most)));
    pl_json_set(&object, "text", json_string(f->text));
    pl_json_set(&object, "example", json_string(f->example));
    return object;
}

static json_t *refused_object(const pl_refused_function *f) {
    json_t *object = json_object();
    pl_json_set(&object, "vensim", json_string(f->name));
    pl_json_set(&object, "why", json_string(f->why));
    return object;
}

/* The first spelling of a name list. */
static void first_spelling(const char *names, char *out, size_t room) {
    size_t length = strcspn(names, "|");
    if (length >= room) length = room - 1;
    memcpy(out, names, length);
    out[length] = 0;
}

static void put_function(pl_text *out, const pl_function *f) {
    char vensim[64], xmile[64];
    first_spelling(f->vensim, vensim, sizeof vensim);
    first_spelling(f->xmile, xmile, sizeof xmile);
    pl_text_left(out, *vensim ? vensim : "-", 26);
    pl_text_left(out, *xmile ? xmile : "-", 12);
    pl_text_put(out, f->text);
    pl_text_put(out, "\n");
    if (*f->example) pl_text_format(out, "%38s%s\n", "", f->example);
}

pl_status pl_functions_print(pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) {
        json_t *tree = json_object(), *list = json_array();
        for (int i = 0; i < PL_FN_COUNT; i++) pl_json_append(&list, function_object(&pl_functions[i]));
        pl_json_set(&tree, "functions", list);
        list = json_array();
        for (int i = 0; i < PL_REFUSED_COUNT; i++) pl_json_append(&list, refused_object(&pl_refused_functions[i]));
        pl_json_set(&tree, "refused", list);
        return pl_json_finish(tree, text, length);
    }
    pl_text out = {0};
    pl_text_left(&out, "Vensim", 26);
    pl_text_left(&out, "XMILE", 12);
    pl_text_put(&out, "what it is, and an example\n");
    for (int i = 0; i < PL_FN_COUNT; i++) put_function(&out, &pl_functions[i]);
    pl_text_put(&out, "\nRefused by name, in Vensim models:\n");
    for (int i = 0; i < PL_REFUSED_COUNT; i++) {
        pl_text_left(&out, pl_refused_functions[i].name, 26);
        pl_text_put(&out, pl_refused_functions[i].why);
        pl_text_put(&out, "\n");
    }
    return pl_text_finish(&out, text, length);
}

/* ---- exploration -------------------------------------------------------------------------------------- */

static pl_status summary_json(const pl_explore_summary *s, char **text, size_t *length) {
    json_t *tree = json_object();
    pl_json_set(&tree, "cases", json_integer(s->cases));
    pl_json_set(&tree, "failed", json_integer(s->failed));
    pl_json_set(&tree, "futures", json_integer(s->futures));
    pl_json_set(&tree, "profiles", json_integer(s->profiles));
    pl_json_set(&tree, "seconds", pl_json_number(s->seconds));
    pl_json_set(&tree, "compile_seconds", pl_json_number(s->compile_seconds));
    pl_json_set(&tree, "runs_per_second", pl_json_number(s->runs_per_second));
    pl_json_set(&tree, "file", pl_json_text(s->file));
    if (s->failed_variable[0]) {
        json_t *first = json_object();
        pl_json_set(&first, "variable", pl_json_text(s->failed_variable));
        pl_json_set(&first, "time", pl_json_number(s->failed_time));
        pl_json_set(&first, "profile", json_integer(s->failed_profile));
        pl_json_set(&first, "future", json_integer(s->failed_future));
        pl_json_set(&tree, "first_failed", first);
    }
    if (s->timing) pl_json_set(&tree, "timing", pl_timing_json(s->timing));
    return pl_json_finish(tree, text, length);
}

pl_status pl_summary_print(const pl_explore_summary *summary, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) return summary_json(summary, text, length);
    char cases[PL_ROUNDED_ROOM], futures[PL_ROUNDED_ROOM], profiles[PL_ROUNDED_ROOM], failed[PL_ROUNDED_ROOM];
    pl_text out = {0};
    pl_text_format(&out, "%s case%s: %s profile%s x %s future%s, written to %s\n",
                   pl_rounded((double)summary->cases, 0, cases), pl_plural(summary->cases),
                   pl_rounded((double)summary->profiles, 0, profiles), pl_plural(summary->profiles),
                   pl_rounded((double)summary->futures, 0, futures), pl_plural(summary->futures), summary->file);
    if (summary->failed)
        pl_text_format(&out, "%s of these runs failed and count as missing\n",
                       pl_rounded((double)summary->failed, 0, failed));
    if (summary->failed && summary->failed_variable[0])
        pl_text_format(&out, "the first of them: %s is not finite at time %.10g (profile %ld, future %ld)\n",
                       summary->failed_variable, summary->failed_time, summary->failed_profile, summary->failed_future);
    return pl_text_finish(&out, text, length);
}

pl_status pl_verified_print(const char *file, long cases, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) {
        json_t *tree = json_object();
        pl_json_set(&tree, "verified", json_integer((json_int_t)cases));
        pl_json_set(&tree, "file", pl_json_text(file));
        return pl_json_finish(tree, text, length);
    }
    char shown[PL_ROUNDED_ROOM];
    pl_text out = {0};
    pl_text_format(&out, "%s case%s of %s run again: every bit is the same\n", pl_rounded((double)cases, 0, shown),
                   pl_plural(cases), file);
    return pl_text_finish(&out, text, length);
}

pl_status pl_merge_print(const pl_merge_summary *summary, const char *file, pl_format format, char **text,
                         size_t *length) {
    if (format == PL_FORMAT_JSON) {
        json_t *tree = json_object();
        pl_json_set(&tree, "cases", json_integer((json_int_t)summary->cases));
        pl_json_set(&tree, "failed", json_integer((json_int_t)summary->failed));
        pl_json_set(&tree, "missing", json_integer((json_int_t)summary->missing));
        pl_json_set(&tree, "missing_series", json_integer((json_int_t)summary->missing_series));
        pl_json_set(&tree, "missing_futures", pl_json_text(summary->missing_futures));
        pl_json_set(&tree, "file", pl_json_text(file));
        return pl_json_finish(tree, text, length);
    }
    char cases[PL_ROUNDED_ROOM], failed[PL_ROUNDED_ROOM], missing[PL_ROUNDED_ROOM];
    pl_text out = {0};
    pl_text_format(&out, "%s case%s, written to %s\n", pl_rounded((double)summary->cases, 0, cases),
                   pl_plural(summary->cases), file);
    if (summary->failed)
        pl_text_format(&out, "%s of these runs failed and count as missing\n",
                       pl_rounded((double)summary->failed, 0, failed));
    if (summary->missing)
        pl_text_format(&out, "%s case%s in none of the files: futures %s\n",
                       pl_rounded((double)summary->missing, 0, missing), summary->missing == 1 ? " is" : "s are",
                       summary->missing_futures);
    if (summary->missing_series)
        pl_text_format(&out, "%s series are in none of the files: those that are kept of the first futures\n",
                       pl_rounded((double)summary->missing_series, 0, missing));
    return pl_text_finish(&out, text, length);
}

pl_status pl_written_print(const char *file, size_t bytes, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) {
        json_t *tree = json_object();
        pl_json_set(&tree, "file", pl_json_text(file));
        pl_json_set(&tree, "bytes", json_integer((json_int_t)bytes));
        return pl_json_finish(tree, text, length);
    }
    pl_text out = {0};
    pl_text_format(&out, "written to %s\n", file);
    return pl_text_finish(&out, text, length);
}
