/* A case gives the same bits whichever inputs vary, whichever outputs are kept, at any block size, in any lane and on
 * any width of instructions: every model under tests/models is run
 *   - with none of its constants varying, one lane: the reference;
 *   - with all of them varying (at the model's values), as uncertainties and as levers, over several block sizes;
 *   - with all outputs and with one;
 * and in a process for each PARLEY_SIMD.  The references of this test are our own output: it is about sameness. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/model.h"
#include "parley.h"
#include "program/program.h"

enum { MOST_MODELS = 128, NAME_ROOM = 128 };
static char model_names[MOST_MODELS][NAME_ROOM];
static int model_count;

static const uint64_t SEED = 7, FUTURE = 3;

static const char *root(void) {
    const char *folder = getenv("PARLEY_ROOT");
    return folder ? folder : ".";
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

/* Where a model's file is: model.mdl, or model.xmile. */
static void find_path(const char *name, char *path, size_t room) {
    snprintf(path, room, "%s/%s/model.mdl", root(), name);
    if (access(path, R_OK) != 0) snprintf(path, room, "%s/%s/model.xmile", root(), name);
}

/* A model may read a file that is not shipped. */
static bool has_its_data(const char *path) {
    pl_model *model = NULL;
    pl_status status = pl_model_read(path, &model, NULL, NULL);
    pl_model_free(model);
    return status != PL_NO_DATA;
}

static void list_models(const char *inside) {
    char path[4096], name[300];
    snprintf(path, sizeof path, "%s/%s", root(), inside);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        snprintf(name, sizeof name, "%s/%.255s", inside, entry->d_name);
        find_path(name, path, sizeof path);
        if (entry->d_name[0] == '.' || access(path, R_OK) != 0 || !has_its_data(path)) continue;
        assert_true(model_count < MOST_MODELS && strlen(inside) + strlen(entry->d_name) + 2 < NAME_ROOM);
        snprintf(model_names[model_count++], NAME_ROOM, "%s/%.80s", inside, entry->d_name);
    }
    closedir(folder);
    qsort(model_names, (size_t)model_count, NAME_ROOM, by_name);
}

static pl_model *read_model(const char *name) {
    char path[4096];
    find_path(name, path, sizeof path);
    pl_model *model = NULL;
    pl_error error = {0};
    if (pl_model_read(path, &model, NULL, &error) != PL_OK) fail_msg("%s: %s", name, error.message);
    return model;
}

/* ---- running a program and keeping its rows ------------------------------------------------------------ */

typedef struct recording {
    int outputs, lanes, rows, room;
    double *values; /* [row][output][lane] */
} recording;

static void record_row(void *context, int step, double time, const double *row) {
    (void)step, (void)time;
    recording *r = context;
    size_t size = (size_t)r->outputs * (size_t)r->lanes;
    if (r->rows == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        r->values = realloc(r->values, (size_t)r->room * size * sizeof(double));
        assert_non_null(r->values);
    }
    memcpy(r->values + (size_t)r->rows++ * size, row, size * sizeof(double));
}

/* Runs a block of which lane 0 is always future FUTURE and the others are the futures that follow. */
static recording run_program(const pl_program *program, int lanes) {
    recording r = {.outputs = pl_program_output_count(program), .lanes = lanes};
    int inputs = pl_program_input_count(program);
    double *values = calloc((size_t)(inputs ? inputs : 1) * (size_t)lanes, sizeof *values);
    uint64_t *futures = calloc((size_t)lanes, sizeof *futures);
    assert_true(values && futures);
    for (int lane = 0; lane < lanes; lane++) {
        futures[lane] = FUTURE + (uint64_t)lane;
        for (int i = 0; i < inputs; i++) values[i * lanes + lane] = pl_program_input_value(program, i);
    }
    pl_track *track = NULL;
    pl_block *block = NULL;
    assert_int_equal(pl_track_new(program, NULL, 0, &track), PL_OK);
    assert_int_equal(pl_block_new(program, lanes, &block), PL_OK);
    pl_block_start(block, track, values, (size_t)lanes, futures, SEED, lanes);
    pl_block_run(block, track, pl_program_steps(program), record_row, &r);
    pl_block_free(block);
    pl_track_free(track);
    free(values);
    free(futures);
    return r;
}

static uint64_t bits(double value) {
    uint64_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

/* ---- what to compile ----------------------------------------------------------------------------------- */

typedef struct choice {
    pl_output *outputs; /* the visible variables with values */
    int output_count;
    pl_input *inputs; /* the constants that may vary */
    int input_count, refused;
} choice;

static pl_program *compile(const pl_model *model, const pl_output *outputs, int output_count, const pl_input *inputs,
                           int input_count, pl_error *error) {
    pl_program_spec spec = {.inputs = inputs, .input_count = input_count, .outputs = outputs,
                            .output_count = output_count, .final_time = NAN, .act_from = NAN};
    pl_program *program = NULL;
    return pl_program_compile(model, &spec, &program, error) == PL_OK ? program : NULL;
}

/* Keeps those of `count` inputs behind the ones of the choice that are not refused (TIME STEP, ... are): all at once,
 * or by halves. */
static void keep_inputs(choice *c, const pl_model *model, const pl_input *inputs, int count) {
    if (!count) return;
    pl_program *program = compile(model, c->outputs, c->output_count, inputs, count, NULL);
    if (program) {
        memcpy(c->inputs + c->input_count, inputs, (size_t)count * sizeof *inputs);
        c->input_count += count;
    } else if (count == 1) {
        c->refused++;
    } else {
        keep_inputs(c, model, inputs, count / 2);
        keep_inputs(c, model, inputs + count / 2, count - count / 2);
    }
    pl_program_free(program);
}

/* All visible variables as outputs; as inputs the constants that are not refused. */
static choice choose(const pl_model *model, pl_input_class input_class) {
    choice c = {0};
    c.outputs = calloc((size_t)model->variable_count, sizeof *c.outputs);
    int elements = 1, count = 0;
    for (int i = 0; i < model->variable_count; i++) elements += model->variables[i]->size;
    c.inputs = calloc((size_t)elements, sizeof *c.inputs);
    pl_input *constants = calloc((size_t)elements, sizeof *constants);
    assert_true(c.outputs && c.inputs && constants);
    for (int i = 0; i < model->variable_count; i++) {
        pl_variable *v = model->variables[i];
        if (v->hidden || v->kind == PL_LOOKUP) continue;
        c.outputs[c.output_count++] = (pl_output){v, -1};
    }
    for (int i = 0; i < model->variable_count; i++) {
        pl_variable *v = model->variables[i];
        if (v->hidden || v->kind != PL_CONSTANT) continue;
        for (int element = 0; element < v->size; element++) constants[count++] = (pl_input){v, element, input_class};
    }
    keep_inputs(&c, model, constants, count);
    free(constants);
    return c;
}

static void choice_free(choice *c) {
    free(c->outputs);
    free(c->inputs);
}

/* ---- comparing ----------------------------------------------------------------------------------------- */

/* Lane 0 of `got`, whose outputs are those of `all` from `first` on, must have the bits of lane 0 of `all`. */
static void same_bits(const char *model, const char *variant, const recording *all, const recording *got, int first) {
    assert_int_equal(all->rows, got->rows);
    for (int row = 0; row < got->rows; row++)
        for (int output = 0; output < got->outputs; output++) {
            double a =
                all->values[((size_t)row * (size_t)all->outputs + (size_t)(first + output)) * (size_t)all->lanes];
            double b = got->values[((size_t)row * (size_t)got->outputs + (size_t)output) * (size_t)got->lanes];
            if (bits(a) != bits(b))
                fail_msg("%s, %s: output %d in row %d is %.17g instead of %.17g", model, variant, first + output, row,
                         b, a);
        }
}

static void compare_varying(const char *name, const pl_model *model, const recording *reference, pl_input_class as) {
    static const int sizes[] = {1, 16, 48, 128};
    choice c = choose(model, as);
    pl_error error = {0};
    pl_program *program = compile(model, c.outputs, c.output_count, c.inputs, c.input_count, &error);
    if (!program) fail_msg("%s with all constants varying: %s", name, error.message);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        recording r = run_program(program, sizes[i]);
        char variant[64];
        snprintf(variant, sizeof variant, "%d %s, %d lanes", c.input_count,
                 as == PL_INPUT_LEVER ? "levers" : "uncertainties", sizes[i]);
        same_bits(name, variant, reference, &r, 0);
        free(r.values);
    }
    pl_program_free(program);
    choice_free(&c);
}

static void compare_single_outputs(const char *name, const pl_model *model, const recording *reference,
                                   const choice *c) {
    int first = 0;
    for (int i = 0; i < c->output_count; i++) {
        pl_error error = {0};
        pl_program *program = compile(model, c->outputs + i, 1, c->inputs, c->input_count, &error);
        if (!program) fail_msg("%s, only %s: %s", name, c->outputs[i].variable->name, error.message);
        recording r = run_program(program, 16);
        same_bits(name, c->outputs[i].variable->name, reference, &r, first);
        first += r.outputs;
        free(r.values);
        pl_program_free(program);
    }
}

/* Every `apart`-th element of all variables, from number `first` on: what is left of arrays is packed anew. */
static void compare_elements(const char *name, const pl_model *model, const recording *reference, const choice *c,
                             int apart, int first) {
    pl_output *outputs = calloc((size_t)reference->outputs, sizeof *outputs);
    assert_non_null(outputs);
    int count = 0, number = 0;
    for (int i = 0; i < c->output_count; i++)
        for (int element = 0; element < c->outputs[i].variable->size; element++, number++)
            if (number % apart == first) outputs[count++] = (pl_output){c->outputs[i].variable, element};
    pl_error error = {0};
    pl_program *program = count ? compile(model, outputs, count, c->inputs, c->input_count, &error) : NULL;
    if (count && !program) fail_msg("%s, some elements: %s", name, error.message);
    recording r = program ? run_program(program, 16) : (recording){0};
    for (int k = 0; k < count; k++) {
        char variant[64];
        snprintf(variant, sizeof variant, "element %d alone", first + k * apart);
        recording one = {.lanes = r.lanes * count, .rows = r.rows, .outputs = 1, .values = r.values + k * r.lanes};
        same_bits(name, variant, reference, &one, first + k * apart);
    }
    free(r.values);
    free(outputs);
    pl_program_free(program);
}

/* Another lane of the same future must be the same case, and a lane must not disturb its neighbours. */
static void compare_lanes(const char *name, const pl_program *program) {
    recording wide = run_program(program, 32), narrow = run_program(program, 16);
    for (int row = 0; row < wide.rows; row++)
        for (int output = 0; output < wide.outputs; output++)
            for (int lane = 0; lane < 16; lane++) {
                size_t at = (size_t)row * (size_t)wide.outputs + (size_t)output;
                if (bits(wide.values[at * 32 + (size_t)lane]) != bits(narrow.values[at * 16 + (size_t)lane]))
                    fail_msg("%s: lane %d of 16 and of 32 differ", name, lane);
            }
    free(wide.values);
    free(narrow.values);
}

static void every_model_gives_the_same_bits(void **state) {
    (void)state;
    int varied = 0;
    for (int m = 0; m < model_count; m++) {
        pl_model *model = read_model(model_names[m]);
        choice c = choose(model, PL_INPUT_UNCERTAINTY);
        pl_error error = {0};
        pl_program *program = compile(model, c.outputs, c.output_count, NULL, 0, &error);
        if (!program) fail_msg("%s: %s", model_names[m], error.message);
        recording reference = run_program(program, 1);
        assert_true(reference.rows > 1 && reference.outputs > 0);
        compare_varying(model_names[m], model, &reference, PL_INPUT_UNCERTAINTY);
        compare_varying(model_names[m], model, &reference, PL_INPUT_LEVER);
        compare_single_outputs(model_names[m], model, &reference, &c);
        for (int first = 0; first < 2; first++) compare_elements(model_names[m], model, &reference, &c, 2, first);
        for (int first = 0; first < 11; first++) compare_elements(model_names[m], model, &reference, &c, 11, first);
        compare_lanes(model_names[m], program);
        varied += c.input_count;
        free(reference.values);
        pl_program_free(program);
        choice_free(&c);
        pl_model_free(model);
    }
    print_message("%d models, %d constants\n", model_count, varied);
    assert_true(varied > 100); /* that constants do vary */
}

/* ---- widths -------------------------------------------------------------------------------------------- */

/* FNV-1a over the bits of a run of every model with all constants varying. */
static uint64_t hash_all(void) {
    uint64_t hash = 14695981039346656037u;
    for (int m = 0; m < model_count; m++) {
        pl_model *model = read_model(model_names[m]);
        choice c = choose(model, PL_INPUT_UNCERTAINTY);
        pl_program *program = compile(model, c.outputs, c.output_count, c.inputs, c.input_count, NULL);
        recording r = run_program(program, 16);
        const unsigned char *bytes = (const unsigned char *)r.values;
        size_t size = (size_t)r.rows * (size_t)r.outputs * (size_t)r.lanes * sizeof(double);
        for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * 1099511628211u;
        free(r.values);
        pl_program_free(program);
        choice_free(&c);
        pl_model_free(model);
    }
    return hash;
}

typedef struct width_result {
    char name[16];
    uint64_t hash;
} width_result;

/* The width is chosen once in a process, so each has a process of its own. */
static width_result run_with_width(const char *width) {
    width_result result = {0};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        setenv("PARLEY_SIMD", width, 1);
        snprintf(result.name, sizeof result.name, "%s", pl_simd_name());
        result.hash = hash_all();
        ssize_t written = write(ends[1], &result, sizeof result);
        _exit(written != (ssize_t)sizeof result);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &result, sizeof result);
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(got, sizeof result);
    assert_int_equal(status, 0);
    return result;
}

static void every_width_gives_the_same_bits(void **state) {
    (void)state;
    static const char *widths[] = {"sse2", "avx2", "avx512"};
    width_result narrowest = run_with_width(widths[0]);
    assert_string_equal(narrowest.name, widths[0]);
    for (int i = 1; i < 3; i++) {
        width_result wider = run_with_width(widths[i]);
        print_message("PARLEY_SIMD=%s ran %s\n", widths[i], wider.name);
        assert_true(wider.hash == narrowest.hash);
    }
}

int main(void) {
    list_models("tests/models");
    list_models("situations");
    const struct CMUnitTest tests[] = {
        /* first: nothing may have chosen a width in this process before it forks */
        cmocka_unit_test(every_width_gives_the_same_bits),
        cmocka_unit_test(every_model_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
