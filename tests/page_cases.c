/* Writes what the engine in a report's page must reproduce bit for bit:  page_cases ROOT FOLDER
 *
 * For each situation below NAME.html, its report, and of some profiles what native code computed: NAME.measures
 * [profile][measure][future], NAME.payoffs [profile][actor][future], NAME.paths [profile][variable][point][future], and
 * NAME.json with the counts and the numbers of the profiles.  web/test/page.mjs runs the page's own scripts on them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble/ensemble.h"
#include "report/fan.h"

enum { PROFILES = 5 };

static const struct {
    const char *name, *path;
    long futures;
} situations[] = {
    {"us-mexico", "situations/us-mexico", 40},        /* the flagship, with two chunks of futures */
    {"adaptive", "tests/situations/adaptive", 90},    /* rules, drawn values, noise */
    {"stackelberg", "situations/stackelberg", 20},    /* one chunk */
};

static FILE *open_file(const char *folder, const char *name, const char *kind) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", folder, name, kind);
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

static void put(FILE *file, const double *values, long count) { fwrite(values, sizeof *values, (size_t)count, file); }

/* The paths of a fan are [point][future] already. */
static void write_numbers(const pl_ensemble *e, const pl_fans *fans, const long *profiles, int count,
                          const char *folder, const char *name) {
    FILE *measures = open_file(folder, name, "measures"), *payoffs = open_file(folder, name, "payoffs"),
         *paths = open_file(folder, name, "paths"), *facts = open_file(folder, name, "json");
    fprintf(facts,
            "{\"futures\": %ld, \"measures\": %d, \"actors\": %d, \"variables\": %d, \"points\": %d, \"profiles\": [",
            e->futures, e->measure_count, e->actor_count, fans->variable_count, fans->point_count);
    for (int k = 0; k < count; k++) {
        fprintf(facts, "%s%ld", k ? ", " : "", profiles[k]);
        for (int m = 0; m < e->measure_count; m++) put(measures, pl_ensemble_measure(e, m, profiles[k]), e->futures);
        for (int a = 0; a < e->actor_count; a++) put(payoffs, pl_ensemble_payoff(e, a, profiles[k]), e->futures);
        for (int v = 0; v < fans->variable_count; v++)
            put(paths, pl_fan_of(fans, v, k)->paths, (long)fans->point_count * fans->futures);
    }
    fprintf(facts, "]}\n");
    fclose(measures), fclose(payoffs), fclose(paths), fclose(facts);
}

static int write_situation(const pl_ensemble *e, const char *folder, const char *name, pl_error *error) {
    long profiles[PROFILES];
    int count = e->profiles < PROFILES ? (int)e->profiles : PROFILES;
    for (int k = 0; k < count; k++) profiles[k] = count > 1 ? k * (e->profiles - 1) / (count - 1) : 0;
    char *page;
    size_t length;
    pl_fans *fans;
    if (pl_report_print(e, NULL, &page, &length, error) != PL_OK) return 0;
    FILE *file = open_file(folder, name, "html");
    fwrite(page, 1, length, file);
    fclose(file);
    pl_text_free(page);
    if (pl_fans_make(e, profiles, count, &fans, error) != PL_OK) return 0;
    write_numbers(e, fans, profiles, count, folder, name);
    pl_fans_free(fans);
    return 1;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: page_cases ROOT FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof situations / sizeof *situations; i++) {
        char path[4096], results[4096];
        pl_ensemble *e;
        pl_error error = {0};
        pl_explore_options options = {.futures = situations[i].futures};
        snprintf(path, sizeof path, "%s/%s", arguments[1], situations[i].path);
        snprintf(results, sizeof results, "%s/%s.nc", arguments[2], situations[i].name);
        if (pl_ensemble_obtain(path, &options, results, NULL, &e, NULL, &error) != PL_OK ||
            !write_situation(e, arguments[2], situations[i].name, &error)) {
            fprintf(stderr, "%s: %s\n", path, error.message);
            return 1;
        }
        pl_ensemble_free(e);
    }
    return 0;
}
