/* How fast parley runs models on one core, against plain scalar C in the same process; `ninja -C build bench`.
 *
 *     bench SOURCE_ROOT [SITUATION]
 *
 * The two sides alternate; times are processor time of this thread; each figure is the median of the rounds and the ratio
 * the median of the rounds' ratios. Results must be equal to the last bit, else the exit code is 1. README.md has figures
 * and what they mean. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/philox.h"
#include "emit.h"
#include "ensemble/explore.h"
#include "figures.h"
#include "growth.h"
#include "model/functions.h"
#include "model/model.h"
#include "program/tape.h"
#include "scaling.h"
#include "sir_scalar.h"

enum { ROUNDS = 15 };

static const char *root;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, by_size);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void *need(void *memory) {
    if (memory) return memory;
    fprintf(stderr, "bench: out of memory\n");
    exit(1);
}

static void *numbers(size_t count) { return need(calloc(count + 1, sizeof(double))); }

/* ---- a race -------------------------------------------------------------------------------------------------- */

/* One side runs `cases` cases; values[input * cases + case], out[measure * cases + case]. */
typedef struct race {
    const char *name, *rival, *row; /* row: of figures.csv */
    const pl_program *program;
    pl_track *track;
    int cases, lanes, inputs, measures;
    double *values, *ours, *theirs;
    void (*run_rival)(struct race *race);
    emitted_case *emitted;
    double *pool, *rows;
} race;

static void run_ours(race *r) {
    pl_block *block;
    if (pl_block_new(r->program, r->lanes, &block) != PL_OK) need(NULL);
    uint64_t *futures = need(calloc((size_t)r->lanes, sizeof *futures));
    for (int from = 0; from < r->cases; from += r->lanes) {
        int used = r->cases - from < r->lanes ? r->cases - from : r->lanes;
        for (int i = 0; i < used; i++) futures[i] = (uint64_t)(from + i);
        pl_block_start(block, r->track, r->values + from, (size_t)r->cases, futures, 1, used);
        pl_block_run(block, r->track, pl_program_steps(r->program), NULL, NULL);
        pl_block_measure(block, r->ours + from, (size_t)r->cases, NULL);
    }
    free(futures);
    pl_block_free(block);
}

static int same_results(const race *r) {
    size_t count = (size_t)r->measures * (size_t)r->cases, differ = 0;
    for (size_t i = 0; i < count; i++)
        if (memcmp(&r->ours[i], &r->theirs[i], sizeof(double)) && !(isnan(r->ours[i]) && isnan(r->theirs[i]))) {
            if (!differ) printf("  case %zu, measure %zu: %a against %a\n", i % (size_t)r->cases, i / (size_t)r->cases,
                                r->ours[i], r->theirs[i]);
            differ++;
        }
    printf("  results: %zu numbers of %d cases, %s\n", count, r->cases, differ ? "NOT EQUAL" : "equal to the last bit");
    return !differ;
}

static int hold(race *r) {
    double ours[ROUNDS], theirs[ROUNDS], ratio[ROUNDS];
    run_ours(r);
    r->run_rival(r);
    for (int i = 0; i < ROUNDS; i++) {
        double a = now();
        run_ours(r);
        double b = now();
        r->run_rival(r);
        double c = now();
        ours[i] = (b - a) / r->cases;
        theirs[i] = (c - b) / r->cases;
        ratio[i] = theirs[i] / ours[i];
    }
    double mine = median(ours, ROUNDS), other = median(theirs, ROUNDS), middle = median(ratio, ROUNDS);
    printf("%s\n", r->name);
    printf("  %-34s %9.2f us/run %12.0f runs/s\n", r->rival, other * 1e6, 1 / other);
    printf("  parley, %s, blocks of %-4d lanes    %9.2f us/run %12.0f runs/s\n", pl_simd_name(), r->lanes, mine * 1e6, 1 / mine);
    printf("  ratio %.2f (rounds: %.2f to %.2f)\n", middle, ratio[0], ratio[ROUNDS - 1]);
    compare_figure(root, r->row, pl_simd_name(), mine);
    return same_results(r);
}

static void open_race(race *r, const pl_program *program, int cases) {
    r->program = program;
    r->lanes = getenv("PARLEY_LANES") ? atoi(getenv("PARLEY_LANES")) : pl_program_best_lanes(program);
    r->cases = (cases + r->lanes - 1) / r->lanes * r->lanes; /* full blocks */
    cases = r->cases;
    r->inputs = pl_program_input_count(program);
    r->measures = pl_program_measure_count(program);
    r->values = numbers((size_t)r->inputs * (size_t)cases);
    r->ours = numbers((size_t)r->measures * (size_t)cases);
    r->theirs = numbers((size_t)r->measures * (size_t)cases);
    if (pl_track_new(program, NULL, 0, &r->track) != PL_OK) need(NULL);
}

static void close_race(race *r) {
    pl_track_free(r->track);
    free(r->values);
    free(r->ours);
    free(r->theirs);
}

/* ---- SIR against a loop written by hand ----------------------------------------------------------------- */

static void run_sir_by_hand(race *r) {
    for (int i = 0; i < r->cases; i++)
        sir_scalar(r->values[i], r->values[r->cases + i], r->values[2 * r->cases + i], &r->theirs[i],
                   &r->theirs[r->cases + i]);
}

static int fail(const char *what, const pl_error *error) {
    fprintf(stderr, "bench: %s: %s:%d: %s\n", what, error->file, error->line, error->message);
    return 0;
}

static int race_sir(void) {
    char path[4096];
    snprintf(path, sizeof path, "%s/bench/sir.mdl", root);
    pl_model *model;
    pl_error error = {0};
    if (pl_model_read(path, &model, NULL, &error) != PL_OK) return fail("sir", &error);
    static const char *const names[] = {"contact rate", "infectivity", "duration"};
    static const double values[] = {6, 0.04, 12};
    pl_input inputs[3];
    for (int i = 0; i < 3; i++) inputs[i] = (pl_input){pl_model_find(model, names[i]), -1, PL_INPUT_UNCERTAINTY};
    pl_measure_spec measures[] = {{pl_model_find(model, "Infectious"), 0, PL_TAKE_MAX, NAN, NAN, 0},
                                  {pl_model_find(model, "Recovered"), 0, PL_TAKE_FINAL, NAN, NAN, 0}};
    pl_program_spec spec = {.inputs = inputs, .input_count = 3, .measures = measures, .measure_count = 2,
                            .final_time = NAN, .act_from = NAN};
    pl_program *program;
    if (pl_program_compile(model, &spec, &program, &error) != PL_OK) return fail("sir", &error);
    race r = {.name = "SIR: 6 equations, 3200 steps by Euler, 3 uncertainties, 2 measures",
              .rival = "scalar C written by hand", .row = "SIR", .run_rival = run_sir_by_hand};
    open_race(&r, program, 4096);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < r.cases; k++)
            r.values[i * r.cases + k] = values[i] * (0.75 + 0.5 * pl_uniform_at(1, (uint64_t)i, (uint64_t)k));
    int good = hold(&r);
    close_race(&r);
    pl_program_free(program);
    pl_model_free(model);
    return good;
}

/* ---- a situation against C emitted from its program ----------------------------------------------------------- */

static void run_emitted(race *r) {
    double *inputs = numbers((size_t)r->inputs), *measures = numbers((size_t)r->measures);
    for (int k = 0; k < r->cases; k++) {
        for (int i = 0; i < r->inputs; i++) inputs[i] = r->values[i * r->cases + k];
        r->emitted(inputs, r->pool, r->rows, measures);
        for (int i = 0; i < r->measures; i++) r->theirs[i * r->cases + k] = measures[i];
    }
    free(inputs);
    free(measures);
}

/* Writes, compiles and loads the program as C. The handle stays open until the process ends. */
static emitted_case *build_emitted(const pl_program *program, double *seconds) {
    char folder[] = "/tmp/parley-bench-XXXXXX", source[64], object[64], command[8192];
    if (!mkdtemp(folder)) return NULL;
    snprintf(source, sizeof source, "%s/emitted.c", folder);
    snprintf(object, sizeof object, "%s/emitted.so", folder);
    FILE *out = fopen(source, "w");
    if (!out) return NULL;
    int whole = emit_program(program, out);
    whole &= !fclose(out);
    const char *cc = getenv("CC") ? getenv("CC") : "cc";
    snprintf(command, sizeof command, "%s -std=gnu11 -O3 -march=native -ffp-contract=off -shared -fPIC -I'%s/src' -o %s %s", cc,
             root, object, source);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    void *library = whole && system(command) == 0 ? dlopen(object, RTLD_NOW) : NULL;
    clock_gettime(CLOCK_MONOTONIC, &b);
    *seconds = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
    void *symbol = library ? dlsym(library, "emitted") : NULL;
    if (!getenv("PARLEY_KEEP")) {
        unlink(source);
        unlink(object);
        rmdir(folder);
    }
    emitted_case *function;
    memcpy(&function, &symbol, sizeof function); /* ISO C has no cast from object to function */
    return function;
}

static int race_situation(const char *path) {
    pl_situation *s;
    pl_program *program;
    pl_error error = {0};
    if (pl_situation_read(path, &s, NULL, &error) != PL_OK) return fail(path, &error);
    if (pl_situation_compile(s, true, NULL, 0, &program, &error) != PL_OK) return fail(path, &error);
    char name[512];
    snprintf(name, sizeof name, "%.200s: %d steps, %d uncertainties, %d measures, %d instructions per stage", path,
             pl_program_steps(program), s->uncertainty_count, s->measure_count, program->side[PL_LANE].length[PL_RATES]);
    race r = {.name = name, .rival = "scalar C emitted from the program", .run_rival = run_emitted, .row = name};
    char row[96];
    const char *last = strrchr(path, '/');
    snprintf(row, sizeof row, "%.40s at %d steps and %d instructions", last ? last + 1 : path, pl_program_steps(program),
             program->side[PL_LANE].length[PL_RATES]);
    r.row = row; /* its model changes: figures are of the same one only */
    open_race(&r, program, 512);
    pl_design design = pl_design_of(s);
    for (int u = 0; u < s->uncertainty_count; u++)
        for (int k = 0; k < r.cases; k++)
            r.values[s->uncertainties[u].input * r.cases + k] = pl_design_draw(&design, &s->uncertainties[u], k);
    r.pool = r.track->epochs[0].pool;
    r.rows = r.track->rows;
    double seconds = 0;
    r.emitted = build_emitted(program, &seconds);
    int good = r.emitted && hold(&r);
    if (r.emitted) printf("  (the C took %.2f s to compile)\n", seconds);
    else printf("%s: the C could not be emitted, compiled or loaded\n", name);
    close_race(&r);
    pl_program_free(program);
    pl_situation_free(s);
    return good;
}

/* ---- a real model of 2,441 equations -------------------------------------------------------------------------- */

enum { LEARN_MEASURES = 5 };

/* Constants of a model that may vary: not the settings of time, no small whole numbers, which are mostly switches and
 * counts, no years. Element by element; their number. */
static int list_constants(const pl_model *model, pl_input *inputs, int room) {
    int count = 0;
    for (int i = 0; i < model->variable_count; i++) {
        pl_variable *v = model->variables[i];
        if (v->kind != PL_CONSTANT || v->hidden || v->equation_count != 1 || !v->equations[0]->numbers) continue;
        if (v == model->initial_time || v == model->final_time || v == model->time_step || v == model->saveper) continue;
        for (int e = 0; e < v->size && count < room; e++) {
            double x = v->equations[0]->numbers[v->equations[0]->number_count == v->size ? e : 0], size = fabs(x);
            bool year = size >= 1500 && size <= 2500;
            if (x != floor(x) || (size > 10 && !year)) inputs[count++] = (pl_input){v, e, PL_INPUT_UNCERTAINTY};
        }
    }
    return count;
}

enum { MOST_CONSTANTS = 1000 };

/* Two constants of C-LEARN vary, or all; the rest of the model is as it stands. */
static pl_status compile_learn(const pl_model *model, bool all, pl_program **program, pl_error *error) {
    static const char *const inputs[] = {"Climate Sensitivity to 2x CO2", "Sensitivity of C Uptake to Temperature"};
    static const char *const measures[LEARN_MEASURES] = {"Temperature change from preindustrial", "Atm conc CO2",
                                                         "Equivalent CO2", "Sea Level Rise from 2000", "Total Radiative Forcing"};
    static pl_input input[MOST_CONSTANTS];
    pl_measure_spec measure[LEARN_MEASURES];
    int count = all ? list_constants(model, input, MOST_CONSTANTS) : 2;
    for (int i = 0; i < 2 && !all; i++) input[i] = (pl_input){pl_model_find(model, inputs[i]), 0, PL_INPUT_UNCERTAINTY};
    for (int i = 0; i < LEARN_MEASURES; i++)
        measure[i] = (pl_measure_spec){pl_model_find(model, measures[i]), 0, PL_TAKE_FINAL, NAN, NAN, 0};
    pl_program_spec spec = {.inputs = input, .input_count = count, .measures = measure,
                            .measure_count = LEARN_MEASURES, .final_time = NAN, .act_from = NAN};
    return pl_program_compile(model, &spec, program, error);
}

static void ignore_row(void *context, int step, double time, const double *row) {
    (void)context, (void)step, (void)time, (void)row;
}

/* One case with all variables, each saved, from a compiled program on. */
static double time_alone(const pl_model *model) {
    pl_output *outputs = need(calloc((size_t)model->variable_count, sizeof *outputs));
    int count = 0;
    for (int i = 0; i < model->variable_count; i++)
        if (!model->variables[i]->hidden && model->variables[i]->kind != PL_LOOKUP)
            outputs[count++] = (pl_output){model->variables[i], -1};
    pl_program_spec spec = {.outputs = outputs, .output_count = count, .final_time = NAN, .act_from = NAN, .one_case = true};
    pl_program *program;
    pl_track *track;
    pl_block *block = NULL;
    uint64_t future = 0;
    double nothing = 0;
    if (pl_program_compile(model, &spec, &program, NULL) != PL_OK) return NAN;
    double start = now();
    if (pl_track_new(program, NULL, 0, &track) != PL_OK || pl_block_new(program, 1, &block) != PL_OK) need(NULL);
    pl_block_start(block, track, &nothing, 1, &future, 1, 1);
    pl_block_run(block, track, pl_program_steps(program), ignore_row, NULL);
    double end = now();
    pl_block_free(block);
    pl_track_free(track);
    pl_program_free(program);
    free(outputs);
    return end - start;
}

static void count_work(const pl_program *p) {
    const pl_side *side = &p->side[PL_LANE];
    int instructions = 0, elements = 0;
    for (int phase = PL_RATES; phase <= PL_OUTPUTS; phase++)
        for (int i = 0; i < side->length[phase]; i++) instructions++, elements += side->tape[phase][i].count;
    printf("  per lane and step: %d instructions, %d elements\n", instructions, elements);
}

/* Constants vary within a fifth of their values (all of them: within a hundredth). */
static int hold_learn(const pl_model *model, bool all) {
    pl_program *program;
    pl_error error = {0};
    double start = now(), width = all ? 0.02 : 0.4, seconds = 0;
    char name[64], row[64];
    if (compile_learn(model, all, &program, &error) != PL_OK) return fail("C-LEARN", &error);
    double compiled = now();
    snprintf(name, sizeof name, "C-LEARN: %d uncertainties, 5 measures", pl_program_input_count(program));
    snprintf(row, sizeof row, "C-LEARN with %d", pl_program_input_count(program));
    race r = {.name = name, .row = row, .rival = "scalar C emitted from the program", .run_rival = run_emitted};
    open_race(&r, program, 512);
    for (int i = 0; i < r.inputs; i++)
        for (int k = 0; k < r.cases; k++)
            r.values[i * r.cases + k] = pl_program_input_value(program, i) *
                                        (1 - width / 2 + width * pl_uniform_at(1, (uint64_t)i, (uint64_t)k));
    r.pool = r.track->epochs[0].pool;
    r.rows = r.track->rows;
    r.emitted = build_emitted(program, &seconds);
    int good = r.emitted && hold(&r);
    printf("  compiled in %.1f ms\n", 1e3 * (compiled - start));
    count_work(program);
    close_race(&r);
    pl_program_free(program);
    return good;
}

/* The model stands beside the project, in the folder that PARLEY_SHARED names: its licence keeps it out. */
static int race_learn(void) {
    char path[4200];
    const char *shared = getenv("PARLEY_SHARED");
    if (shared) snprintf(path, sizeof path, "%.4000s/bench/c-learn-v77.mdl", shared);
    else snprintf(path, sizeof path, "%.4000s/../shared/bench/c-learn-v77.mdl", root);
    if (access(path, R_OK) != 0) {
        printf("C-LEARN: skipped, no %s\n", path);
        return 1;
    }
    pl_model *model;
    pl_error error = {0};
    double start = now();
    if (pl_model_read(path, &model, NULL, &error) != PL_OK) return fail("C-LEARN", &error);
    double read = now();
    int good = hold_learn(model, false) & hold_learn(model, true);
    printf("C-LEARN is read in %.1f ms; one run, %.1f ms\n", 1e3 * (read - start), 1e3 * time_alone(model));
    pl_model_free(model);
    return good;
}

/* ---- from text to the first result ----------------------------------------------------------------------- */

/* Reads the model alone, compiles it and runs one case with all its variables: `parley run`. */
static double first_run(const char *path) {
    double start = now();
    pl_model *model;
    pl_series *series;
    if (pl_model_read(path, &model, NULL, NULL) != PL_OK) return NAN;
    pl_status status = pl_model_run(model, NULL, 0, 1, &series, NULL);
    double end = now();
    pl_series_free(series);
    pl_model_free(model);
    return status == PL_OK ? end - start : NAN;
}

/* Reads situation and model, compiles, and runs the first future of the base profile. */
static double first_result(const char *path) {
    double start = now();
    pl_situation *s;
    pl_program *program;
    pl_track *track;
    pl_block *block = NULL;
    uint64_t future = 0;
    if (pl_situation_read(path, &s, NULL, NULL) != PL_OK) return NAN;
    if (pl_situation_compile(s, true, NULL, 0, &program, NULL) != PL_OK) return NAN;
    double *values = numbers((size_t)s->input_count), *out = numbers((size_t)s->measure_count);
    pl_design design = pl_design_of(s);
    for (int u = 0; u < s->uncertainty_count; u++)
        values[s->uncertainties[u].input] = pl_design_draw(&design, &s->uncertainties[u], 0);
    if (pl_track_new(program, NULL, 0, &track) != PL_OK || pl_block_new(program, 1, &block) != PL_OK) need(NULL);
    pl_block_start(block, track, values, 1, &future, 1, 1);
    pl_block_run(block, track, pl_program_steps(program), NULL, NULL);
    pl_block_measure(block, out, 1, NULL);
    double end = now();
    pl_block_free(block);
    pl_track_free(track);
    pl_program_free(program);
    pl_situation_free(s);
    free(values);
    free(out);
    return end - start;
}

static int time_first(const char *what, double (*once)(const char *path), const char *path) {
    double times[ROUNDS], first = once(path);
    for (int i = 0; i < ROUNDS; i++) times[i] = once(path);
    printf("  %-62s %6.2f ms the first time, %6.2f ms after that\n", what, first * 1e3, median(times, ROUNDS) * 1e3);
    return !isnan(first);
}

static int time_first_results(const char *path) {
    char model[4200];
    snprintf(model, sizeof model, "%s/model.mdl", path);
    printf("to the first result: %s\n", path);
    return time_first("from the .mdl text: one run, all variables", first_run, model) &
           time_first("from situation.yaml and .mdl: one case, all measures", first_result, path);
}

/* ---- kernels ------------------------------------------------------------------------------------------------- */

static double kernel_time(pl_kernel *kernel) {
    enum { LANES = 256, CALLS = 400 };
    static double cells[PL_MOST_OPERANDS][LANES], out[LANES];
    pl_operand operands[PL_MOST_OPERANDS];
    double times[ROUNDS];
    for (int k = 0; k < PL_MOST_OPERANDS; k++) {
        for (int i = 0; i < LANES; i++) cells[k][i] = pl_uniform_at(2, (uint64_t)k, (uint64_t)i);
        operands[k] = (pl_operand){cells[k], PL_CELL};
    }
    for (int r = 0; r < ROUNDS; r++) {
        double start = now();
        for (int i = 0; i < CALLS; i++) kernel(out, operands, LANES);
        times[r] = (now() - start) / CALLS / LANES;
    }
    return median(times, ROUNDS) * 1e9;
}

static void time_kernels(void) {
    const pl_kernels *kernels = pl_kernels_choose();
    printf("kernels, %s, ns per lane in blocks of 256:", kernels->name);
    int column = 0;
#define ROW(id, vensim, xmile, arity, value, text, example) \
    printf("%s%-14s%6.2f", column++ % 5 ? "   " : "\n  ", #id, kernel_time(kernels->function[PL_FN_##id]));
#define NONE(id, vensim, xmile, least, most, text, example)
    PL_FUNCTIONS(ROW, ROW, NONE, NONE)
    printf("\n  chains of 2, 3, 4: %.2f %.2f %.2f\n", kernel_time(kernels->chain2[3]), kernel_time(kernels->chain3[15]),
           kernel_time(kernels->chain4[255]));
}

int main(int argc, char **argv) {
    char path[4096];
    if (argc < 2) return 2;
    root = argv[1];
    snprintf(path, sizeof path, "%s/situations/us-mexico", root);
    const char *situation = argc > 2 ? argv[2] : path;
    int good = race_sir();
    good &= race_situation(situation);
    good &= race_learn();
    good &= time_first_results(situation);
    snprintf(path, sizeof path, "%s/situations/arms-race", root);
    good &= time_scaling(path, 4096);
    good &= time_growth(getenv("PARLEY_MILLION") != NULL);
    time_kernels();
    return good ? 0 : 1;
}
