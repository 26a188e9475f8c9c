/* Time per equation of models of 10^4 to 10^6 equations: stocks with flows, constants, and a chain of auxiliaries that
 * is as long as the model, each named before it is defined; and an array whose elements depend on each other in
 * turn. */
#include "growth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "model/model.h"
#include "program/program.h"

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int write_model(const char *path, int equations) {
    FILE *out = fopen(path, "w");
    if (!out) return 0;
    fputs("{UTF-8}\n", out);
    for (int i = 0; i < equations / 4; i++) {
        int next = i + 1 < equations / 4 ? i + 1 : i;
        fprintf(out, "stock %d = INTEG(inflow %d - stock %d * rate %d, %d)\n\t~\tPerson\n\t~\t\t|\n", i, i, i, i, i % 7 + 1);
        fprintf(out, "inflow %d = MAX(0, rate %d * pressure %d) + %d\n\t~\tPerson/Year\n\t~\tA comment.\t|\n", i, i, i, i);
        fprintf(out, "rate %d = 0.0%d\n\t~\t1/Year\n\t~\t\t|\n", i, i % 9 + 1);
        fprintf(out, "pressure %d = stock %d + 0.5 * %s %d\n\t~\tPerson\n\t~\t\t|\n", i, i, next > i ? "pressure" : "stock", next);
    }
    fputs("INITIAL TIME = 0 ~ Year ~|\nFINAL TIME = 4 ~ Year ~|\nTIME STEP = 1 ~ Year ~|\nSAVEPER = 1 ~ Year ~|\n", out);
    return !fclose(out);
}

/* An array that is circular by name: each element is one more than the one before. */
static int write_cascade(const char *path, int equations) {
    FILE *out = fopen(path, "w");
    if (!out) return 0;
    fputs("{UTF-8}\nd: e0", out);
    for (int i = 1; i < equations; i++) fprintf(out, ", e%d", i);
    fputs(" ~~|\nx[e0] = Time ~~|\n", out);
    for (int i = 1; i < equations; i++) fprintf(out, "x[e%d] = x[e%d] + 1 ~~|\n", i, i - 1);
    fputs("INITIAL TIME = 0 ~~|\nFINAL TIME = 4 ~~|\nTIME STEP = 1 ~~|\nSAVEPER = 1 ~~|\n", out);
    return !fclose(out);
}

static double time_compile(const pl_model *model, bool one_case) {
    pl_output *outputs = calloc((size_t)model->variable_count, sizeof *outputs);
    if (!outputs) return NAN;
    for (int i = 0; i < model->variable_count; i++) outputs[i] = (pl_output){model->variables[i], -1};
    pl_program_spec spec = {.outputs = outputs, .output_count = model->variable_count, .final_time = NAN, .act_from = NAN,
                            .one_case = one_case};
    pl_program *program;
    double start = now();
    pl_status status = pl_program_compile(model, &spec, &program, NULL);
    double end = now();
    pl_program_free(program);
    free(outputs);
    return status == PL_OK ? end - start : NAN;
}

static int time_one(const char *what, int (*write)(const char *path, int equations), const char *path, int equations) {
    pl_model *model;
    if (!write(path, equations)) return 0;
    double start = now();
    if (pl_model_read(path, &model, NULL, NULL) != PL_OK) return 0;
    double us = 1e6 / equations, read = now() - start;
    double alone = time_compile(model, true), many = time_compile(model, false);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("  %8d %-9s read %5.2f us, compiled for one run %5.2f us, for an ensemble %5.2f us; %ld MB at most\n", equations,
           what, read * us, alone * us, many * us, usage.ru_maxrss / 1024);
    pl_model_free(model);
    return !isnan(alone) && !isnan(many);
}

int time_growth(int most) {
    char folder[] = "/tmp/parley-bench-XXXXXX", path[64];
    if (!mkdtemp(folder)) return 0;
    snprintf(path, sizeof path, "%s/model.mdl", folder);
    printf("time per equation, all variables asked for:\n");
    int good = 1;
    for (int equations = 10000; equations <= (most ? 1000000 : 100000); equations *= 10)
        good &= time_one("variables", write_model, path, equations) & time_one("elements", write_cascade, path, equations);
    unlink(path);
    rmdir(folder);
    return good;
}
