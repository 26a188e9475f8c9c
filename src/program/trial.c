/* Reality checks: each is tried in a run of the model changed for it (model/reality.c). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/model.h"

/* Whether a column is the check's variable, or an element of it. */
static bool is_of(const char *column, const char *name) {
    size_t length = strlen(name);
    return strncmp(column, name, length) == 0 && (column[length] == 0 || column[length] == '[');
}

/* The first step in which a column of the check is not 1, and the column; -1: it holds. */
static int first_violation(const pl_series *series, const char *name, const char **column) {
    int rows = pl_series_rows(series), first = rows;
    for (int i = 0; i < pl_series_columns(series); i++) {
        if (!is_of(pl_series_name(series, i), name)) continue;
        const double *values = pl_series_values(series, i);
        int row = 0;
        while (row < first && values[row] != 0.0 && values[row] == values[row]) row++;
        if (row < first) first = row, *column = pl_series_name(series, i);
    }
    return first < rows ? first : -1;
}

static void set_place(const pl_model *model, const pl_reality *check, pl_status status, const char *message,
                      pl_error *error) {
    pl_place place = {model->file, model->text, model->length, check->at.line, check->at.column, NULL};
    pl_error_at(error, status, place, "%s", message);
}

static void say(const pl_model *model, const pl_reality *check, pl_status status, const pl_series *series,
                pl_error *error) {
    char message[400];
    const char *column = check->name;
    int row = status == PL_OK ? first_violation(series, check->name, &column) : -1;
    if (status == PL_RUN_FAILED)
        snprintf(message, sizeof message, "the run of the reality check '%.100s' failed: a stock is not finite",
                 check->name);
    else if (row < 0) snprintf(message, sizeof message, "the reality check '%.100s' holds", check->name);
    else
        snprintf(message, sizeof message, "the reality check '%.150s' does not hold: first at time %.10g", column,
                 pl_series_times(series)[row]);
    set_place(model, check, row < 0 && status == PL_OK ? PL_OK : PL_CHECK_FAILED, message, error);
}

/* Tries one; the finding says what came of it. */
static pl_status try_check(const pl_model *model, int index, pl_findings *findings) {
    pl_model *changed = NULL;
    pl_series *series = NULL;
    pl_error error = {.status = PL_OK};
    pl_status status = pl_model_trial(model, index, &changed, &error);
    if (status == PL_OK) status = pl_model_run(changed, NULL, 0, 0, &series, &error);
    if (status == PL_OK || status == PL_RUN_FAILED) {
        say(model, &model->realities[index], status, series, &error);
        status = error.status;
    }
    pl_series_free(series);
    pl_model_free(changed);
    return pl_findings_add(findings, status == PL_OK ? PL_NOTE : PL_ERROR, &error) ? status : PL_MEMORY;
}

pl_status pl_model_check_reality(const pl_model *model, pl_findings *findings, pl_error *error) {
    pl_status worst = PL_OK;
    for (int i = 0; i < model->reality_count; i++) {
        if (model->realities[i].is_input) continue;
        pl_status status = try_check(model, i, findings);
        if (worst == PL_OK || (worst == PL_CHECK_FAILED && status != PL_OK)) worst = status;
        if (status == PL_MEMORY) return pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory");
    }
    if (worst != PL_OK)
        pl_error_set(error, worst, model->file, 0, 0, "a reality check does not hold or cannot be tried");
    return worst;
}
