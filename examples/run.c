/* Reads a model and runs it twice: with its own constants, and with one of them changed.
 *
 * The model is any Vensim .mdl or XMILE file; the program prints when the chosen variable is largest in each run.
 *
 *     run MODEL VARIABLE CONSTANT=VALUE
 *
 * With situations/arms-race/model.mdl, Richardson's arms race dx/dt = a y - b x + g between three parties. */
#include <parley.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const pl_error *error) {
    char *text;
    size_t length;
    if (pl_error_print(error, &text, &length) == PL_OK) {
        fputs(text, stderr);
        pl_text_free(text);
    }
    return pl_status_exit_code(error->status);
}

static void print_peak(const pl_series *series, const char *variable) {
    for (int c = 0; c < pl_series_columns(series); c++) {
        if (strcmp(pl_series_name(series, c), variable) != 0) continue;
        const double *values = pl_series_values(series, c), *times = pl_series_times(series);
        int peak = 0;
        for (int row = 1; row < pl_series_rows(series); row++)
            if (values[row] > values[peak]) peak = row;
        printf("%s is largest at time %g: %g\n", variable, times[peak], values[peak]);
        return;
    }
    printf("there is no variable '%s'\n", variable);
}

static int run(const pl_model *model, const char *variable, const pl_set *sets, int count) {
    pl_series *series;
    pl_error error;
    if (pl_model_run(model, sets, count, 1, &series, &error) != PL_OK) return fail(&error);
    print_peak(series, variable);
    pl_series_free(series);
    return 0;
}

int main(int count, char **texts) {
    char *equals = count == 4 ? strchr(texts[3], '=') : NULL;
    if (!equals) {
        fprintf(stderr, "usage: run MODEL VARIABLE CONSTANT=VALUE\n");
        return 2;
    }
    *equals = 0;
    pl_set set = {texts[3], strtod(equals + 1, NULL)};
    pl_model *model;
    pl_error error;
    if (pl_model_read(texts[1], &model, NULL, &error) != PL_OK) return fail(&error);
    int code = run(model, texts[2], NULL, 0);
    if (code == 0) code = run(model, texts[2], &set, 1);
    pl_model_free(model);
    return code;
}
