/* Writes what the WebAssembly engine must reproduce bit for bit:  wasm_cases ROOT FOLDER
 *
 * For each of the models below: NAME.program (the bytes of pl_program_save), NAME.values (uncertainties by input and
 * lane), NAME.changes (levers), NAME.rows (outputs by saved row and lane), NAME.measures, and NAME.json with the
 * counts.  web/test/compare.mjs loads them under node. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/model.h"
#include "program/program.h"

enum { LANES = 32, MOST_INPUTS = 64, MOST_MEASURES = 48, MOST_OUTPUTS = 8, SEED_LOW = 99, SEED_HIGH = 3 };
static const uint64_t SEED = (uint64_t)SEED_HIGH << 32 | SEED_LOW;

static const struct {
    const char *name, *path;
} models[] = {
    {"predator_prey", "tests/models/predator_prey/model.mdl"}, /* Runge-Kutta */
    {"draws", "tests/models/draws/model.mdl"},                 /* every distribution */
    {"us-mexico", "situations/us-mexico/model.mdl"},           /* the flagship */
};

typedef struct wasm_case {
    pl_input inputs[MOST_INPUTS];
    pl_measure_spec measures[MOST_MEASURES];
    pl_output outputs[MOST_OUTPUTS];
    pl_program_spec spec;
    pl_lever_change changes[MOST_INPUTS];
    int change_count;
    double values[MOST_INPUTS * LANES], measured[MOST_MEASURES * LANES];
    double *rows;
    int row_count;
} wasm_case;

static void choose_measures(wasm_case *c, const pl_model *model) {
    static const pl_take takes[] = {PL_TAKE_FINAL, PL_TAKE_MEAN, PL_TAKE_MAX, PL_TAKE_INTEGRAL};
    for (int i = 0; i < model->variable_count; i++) {
        pl_variable *v = model->variables[i];
        if (v->hidden || v->kind == PL_LOOKUP || v->kind == PL_CONSTANT) continue;
        if (c->spec.measure_count < MOST_MEASURES)
            c->measures[c->spec.measure_count] = (pl_measure_spec){.variable = v,
                                                                   .take = takes[c->spec.measure_count % 4],
                                                                   .from = NAN,
                                                                   .to = NAN},
            c->spec.measure_count++;
        if (c->spec.output_count < MOST_OUTPUTS) c->outputs[c->spec.output_count++] = (pl_output){v, 0};
    }
}

/* Every second constant is an uncertainty, the others are levers, where the compiler takes them so. */
static void choose_inputs(wasm_case *c, const pl_model *model) {
    for (int i = 0; i < model->variable_count && c->spec.input_count < MOST_INPUTS; i++) {
        pl_variable *v = model->variables[i];
        if (v->hidden || v->kind != PL_CONSTANT || v == model->initial_time || v == model->final_time ||
            v == model->time_step || v == model->saveper)
            continue;
        for (int attempt = 0; attempt < 2; attempt++) {
            int lever = (c->spec.input_count + attempt) % 2;
            c->inputs[c->spec.input_count] = (pl_input){v, 0, lever ? PL_INPUT_LEVER : PL_INPUT_UNCERTAINTY};
            c->spec.input_count++;
            pl_program *program = NULL;
            int taken = pl_program_compile(model, &c->spec, &program, NULL) == PL_OK;
            pl_program_free(program);
            if (taken) break;
            c->spec.input_count--;
        }
    }
}

static void choose_values(wasm_case *c, const pl_program *program) {
    int middle = pl_program_steps(program) / 2;
    for (int i = 0; i < c->spec.input_count; i++) {
        double value = pl_program_input_value(program, i);
        if (c->inputs[i].input_class == PL_INPUT_LEVER)
            c->changes[c->change_count++] = (pl_lever_change){i % 4 ? middle : 0, i, value * 1.01};
        for (int lane = 0; lane < LANES; lane++)
            c->values[i * LANES + lane] = value * (1 + 0.001 * (double)((lane * 7 + i) % 11));
    }
}

static void keep_row(void *context, int step, double time, const double *row) {
    (void)step, (void)time;
    wasm_case *c = context;
    size_t size = (size_t)c->spec.output_count * LANES;
    c->rows = pl_reallocate(c->rows, (size_t)(c->row_count + 1) * size * sizeof(double));
    if (!c->rows) exit(1);
    memcpy(c->rows + (size_t)c->row_count++ * size, row, size * sizeof(double));
}

static int run_case(wasm_case *c, const pl_program *program) {
    pl_track *track = NULL;
    pl_block *block = NULL;
    uint64_t futures[LANES];
    for (int lane = 0; lane < LANES; lane++) futures[lane] = (uint64_t)(5 + lane);
    int made = pl_track_new(program, c->changes, c->change_count, &track) == PL_OK &&
               pl_block_new(program, LANES, &block) == PL_OK;
    if (made) {
        pl_block_start(block, track, c->values, LANES, futures, SEED, LANES);
        pl_block_run(block, track, pl_program_steps(program), keep_row, c);
        pl_block_measure(block, c->measured, LANES, NULL);
    }
    pl_block_free(block);
    pl_track_free(track);
    return made;
}

static int write_bytes(const char *folder, const char *name, const char *kind, const void *bytes, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.%s", folder, name, kind);
    FILE *file = fopen(path, "wb");
    if (!file) return 0;
    int written = fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

static int write_case(const wasm_case *c, const pl_program *program, const char *folder, const char *name) {
    unsigned char *bytes;
    size_t size;
    char json[512];
    if (pl_program_save(program, &bytes, &size) != PL_OK) return 0;
    int length = snprintf(json, sizeof json,
                          "{\"lanes\": %d, \"inputs\": %d, \"measures\": %d, \"outputs\": %d, \"rows\": %d, "
                          "\"changes\": %d, "
                          "\"first_future\": 5, \"seed_low\": %d, \"seed_high\": %d}\n",
                          LANES, c->spec.input_count, c->spec.measure_count, c->spec.output_count, c->row_count,
                          c->change_count, SEED_LOW, SEED_HIGH);
    int written =
        write_bytes(folder, name, "program", bytes, size) &&
        write_bytes(folder, name, "values", c->values, (size_t)c->spec.input_count * LANES * sizeof(double)) &&
        write_bytes(folder, name, "changes", c->changes, (size_t)c->change_count * sizeof *c->changes) &&
        write_bytes(folder, name, "measures", c->measured, (size_t)c->spec.measure_count * LANES * sizeof(double)) &&
        write_bytes(folder, name, "rows", c->rows,
                    (size_t)c->row_count * (size_t)c->spec.output_count * LANES * sizeof(double)) &&
        write_bytes(folder, name, "json", json, (size_t)length);
    pl_release(bytes);
    return written;
}

static int make_case(const char *root, const char *path, const char *folder, const char *name) {
    static wasm_case c;
    memset(&c, 0, sizeof c);
    c.spec = (pl_program_spec){.inputs = c.inputs, .measures = c.measures, .outputs = c.outputs, .final_time = NAN,
                               .act_from = NAN};
    char whole[4096];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    pl_model *model = NULL;
    pl_program *program = NULL;
    pl_error error = {0};
    int done = 0;
    if (pl_model_read(whole, &model, NULL, &error) == PL_OK) {
        choose_measures(&c, model);
        choose_inputs(&c, model);
        if (pl_program_compile(model, &c.spec, &program, &error) == PL_OK) {
            choose_values(&c, program);
            done = run_case(&c, program) && write_case(&c, program, folder, name);
        }
    }
    if (!done) fprintf(stderr, "%s: %s\n", whole, error.message[0] ? error.message : "cannot be run or written");
    pl_release(c.rows);
    pl_program_free(program);
    pl_model_free(model);
    return done;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: wasm_cases ROOT FOLDER\n");
        return 2;
    }
    int done = 1;
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        done &= make_case(arguments[1], models[i].path, arguments[2], models[i].name);
    return !done;
}
