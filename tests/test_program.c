/* The machine: levers over time, forks, measures, draws, failures, saving; each against a closed form or against a
 * second way to the same bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/model.h"
#include "program/program.h"

enum { LANES = 32 };

static pl_model *parse(const char *equations, const char *control) {
    char text[4096];
    snprintf(text, sizeof text, "{UTF-8}\n%s\n%s\n%s\n", equations, control,
             strstr(control, "SAVEPER") ? "" : "SAVEPER = TIME STEP ~~|");
    pl_model *model = NULL;
    pl_error error = {0};
    if (pl_model_parse(text, strlen(text), "test.mdl", &model, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    return model;
}

static const char to_ten[] = "INITIAL TIME = 0 ~~|\nFINAL TIME = 10 ~~|\nTIME STEP = 0.5 ~~|";

typedef struct bench {
    pl_model *model;
    pl_program *program;
    pl_input inputs[4];
    pl_measure_spec measures[12];
    pl_program_spec spec;
} bench;

static void add_input(bench *b, const char *name, pl_input_class input_class) {
    pl_input *input = &b->inputs[b->spec.input_count++];
    *input = (pl_input){pl_model_find(b->model, name), -1, input_class};
    assert_non_null(input->variable);
}

static void add_measure(bench *b, const char *name, pl_take take, double from, double to, double threshold) {
    b->measures[b->spec.measure_count++] =
        (pl_measure_spec){pl_model_find(b->model, name), 0, take, from, to, threshold};
}

static void open_bench(bench *b, const char *equations, const char *control) {
    *b = (bench){.model = parse(equations, control)};
    b->spec = (pl_program_spec){.final_time = NAN, .act_from = NAN};
}

static void compile(bench *b) {
    pl_error error = {0};
    b->spec.inputs = b->inputs;
    b->spec.measures = b->measures;
    if (pl_program_compile(b->model, &b->spec, &b->program, &error) != PL_OK) fail_msg("%s", error.message);
}

static void close_bench(bench *b) {
    pl_program_free(b->program);
    pl_model_free(b->model);
}

/* Runs LANES futures with values[input * LANES + lane]; out[measure * LANES + lane]. */
static void run(const pl_program *p, const pl_lever_change *changes, int count, const double *values, int lanes,
                double *out, unsigned char *failed) {
    uint64_t futures[LANES];
    for (int i = 0; i < LANES; i++) futures[i] = (uint64_t)i;
    pl_track *track;
    pl_block *block;
    assert_int_equal(pl_track_new(p, changes, count, &track), PL_OK);
    assert_int_equal(pl_block_new(p, lanes, &block), PL_OK);
    for (int from = 0; from < LANES; from += lanes) {
        pl_block_start(block, track, values + from, LANES, futures + from, 7, lanes);
        pl_block_run(block, track, pl_program_steps(p), NULL, NULL);
        pl_block_measure(block, out + from, LANES, failed ? failed + from : NULL);
    }
    pl_block_free(block);
    pl_track_free(track);
}

/* A lever that is 1, then 3 from t = 4: the stock is 4 + 3 x 6 at 10. Uniform throughout. */
static void test_schedule(void **state) {
    (void)state;
    bench b;
    open_bench(&b, "x = INTEG(rate, 0) ~~|\nrate = 1 ~~|", to_ten);
    add_input(&b, "rate", PL_INPUT_LEVER);
    add_measure(&b, "x", PL_TAKE_FINAL, NAN, NAN, 0);
    compile(&b);
    double values[LANES] = {0}, out[LANES];
    pl_lever_change change = {8, 0, 3.0};
    run(b.program, &change, 1, values, LANES, out, NULL);
    for (int i = 0; i < LANES; i++) assert_true(out[i] == 22.0);
    close_bench(&b);
}

/* The same with the inflow of each lane scaled by an uncertainty, forked at t = 4 against run whole. */
static void test_fork(void **state) {
    (void)state;
    bench b;
    open_bench(&b, "x = INTEG(rate * scale + noise, 0) ~~|\nrate = 1 ~~|\nscale = 1 ~~|\n"
                   "noise = RANDOM NORMAL(-3, 3, 0, 1, 0) ~~|\nlate = DELAY FIXED(x, 2, 0) ~~|\n"
                   "held = SAMPLE IF TRUE(Time < 5, x, 0) ~~|\nslow = SMOOTH3(x, 2) ~~|", to_ten);
    add_input(&b, "rate", PL_INPUT_LEVER);
    add_input(&b, "scale", PL_INPUT_UNCERTAINTY);
    const char *names[] = {"x", "late", "held", "slow"};
    for (int i = 0; i < 4; i++) add_measure(&b, names[i], PL_TAKE_MEAN, 1, NAN, 0);
    compile(&b);
    double values[2 * LANES] = {0}, whole[4 * LANES], forked[4 * LANES];
    uint64_t futures[LANES];
    for (int i = 0; i < LANES; i++) values[LANES + i] = 0.1 * i, futures[i] = (uint64_t)i;
    pl_lever_change change = {8, 0, 3.0};
    run(b.program, &change, 1, values, LANES, whole, NULL);

    pl_track *history, *branch;
    pl_block *block;
    const pl_program *p = b.program;
    assert_int_equal(pl_track_new(p, NULL, 0, &history), PL_OK);
    assert_int_equal(pl_track_branch(p, history, 8, &change, 1, &branch), PL_OK);
    assert_int_equal(pl_block_new(p, LANES, &block), PL_OK);
    size_t size = pl_program_slab_size(p, LANES);
    void *slab = malloc(size);
    pl_block_start(block, history, values, LANES, futures, 7, LANES);
    pl_block_run(block, history, 8, NULL, NULL);
    memcpy(slab, pl_block_slab(block), size);
    for (int again = 0; again < 2; again++) { /* twice from the same slab */
        memcpy(pl_block_slab(block), slab, size);
        pl_block_set_step(block, 8);
        pl_block_run(block, branch, pl_program_steps(p), NULL, NULL);
        pl_block_measure(block, forked, LANES, NULL);
        assert_memory_equal(whole, forked, sizeof whole);
    }
    assert_true(whole[0] != whole[1]);
    free(slab);
    pl_block_free(block);
    pl_track_free(branch);
    pl_track_free(history);
    close_bench(&b);
}

/* Saved and loaded, a program gives the same bits. */
static void test_save(void **state) {
    (void)state;
    bench b;
    open_bench(&b,
               "x[d] = INTEG(k * x[d] + noise[d], 1) ~~|\nd: a, b, c ~~|\nk = 0.1 ~~|\n"
               "noise[d] = RANDOM UNIFORM(-1, 1, 0) ~~|\ntotal = SUM(x[d!]) + table(k) ~~|\n"
               "table((0,0),(1,10)) ~~|\nlate[d] = DELAY FIXED(x[d], 3, 0) ~~|\nsum late = SUM(late[d!]) ~~|",
               to_ten);
    add_input(&b, "k", PL_INPUT_UNCERTAINTY);
    add_measure(&b, "total", PL_TAKE_FINAL, NAN, NAN, 0);
    add_measure(&b, "sum late", PL_TAKE_MAX, NAN, NAN, 0);
    compile(&b);
    unsigned char *bytes;
    size_t size;
    pl_program *loaded;
    assert_int_equal(pl_program_save(b.program, &bytes, &size), PL_OK);
    assert_int_equal(pl_program_load(bytes, size, &loaded), PL_OK);
    double values[LANES], first[2 * LANES], second[2 * LANES];
    for (int i = 0; i < LANES; i++) values[i] = 0.01 * i;
    run(b.program, NULL, 0, values, 16, first, NULL);
    run(loaded, NULL, 0, values, LANES, second, NULL);
    assert_memory_equal(first, second, sizeof first);
    for (size_t cut = 0; cut < size; cut += 1 + size / 97) {
        pl_program *broken;
        assert_int_equal(pl_program_load(bytes, cut, &broken), PL_INVALID);
        assert_null(broken);
    }
    pl_program_free(loaded);
    pl_release(bytes);
    close_bench(&b);
}

/* x = 2 t - 6 on t = 0, 0.5, .. 10: every way to take a number from it, by hand. */
static void test_measures(void **state) {
    (void)state;
    bench b;
    open_bench(&b, "x = INTEG(slope, -6) ~~|\nslope = 2 ~~|", to_ten);
    add_input(&b, "slope", PL_INPUT_UNCERTAINTY);
    add_measure(&b, "x", PL_TAKE_FINAL, NAN, NAN, 0);
    add_measure(&b, "x", PL_TAKE_INITIAL, 2, 4, 0);
    add_measure(&b, "x", PL_TAKE_AT, 7.2, NAN, 0); /* within dt/2: t = 7 */
    add_measure(&b, "x", PL_TAKE_MEAN, 2, 4, 0);   /* t = 2, 2.5, 3, 3.5, 4 */
    add_measure(&b, "x", PL_TAKE_SUM, 2, 4, 0);
    add_measure(&b, "x", PL_TAKE_INTEGRAL, 2, 4, 0);
    add_measure(&b, "x", PL_TAKE_MIN, 2, 4, 0);
    add_measure(&b, "x", PL_TAKE_MAX, 2, 4, 0);
    add_measure(&b, "x", PL_TAKE_CHANGE, 2, 4, 0);
    add_measure(&b, "x", PL_TAKE_FIRST_ABOVE, NAN, NAN, 1);
    add_measure(&b, "x", PL_TAKE_FIRST_BELOW, 1, NAN, -7);
    compile(&b);
    double values[LANES], out[11 * LANES];
    unsigned char failed[LANES];
    for (int i = 0; i < LANES; i++) values[i] = 2.0;
    run(b.program, NULL, 0, values, LANES, out, failed);
    const double expected[10] = {14, -2, 8, 0, 0, -1.0 * 2 * 0.5 + 0 + 0, -2, 2, 4, 4};
    /* sum over 2, 2.5, 3, 3.5 of 2t - 6 is -2 - 1 + 0 + 1 = -2, times dt = -1 */
    for (int i = 0; i < 10; i++) assert_true(out[i * LANES + 5] == expected[i]);
    assert_true(isnan(out[10 * LANES]) && !failed[0]);
    close_bench(&b);
}

/* One lane divides by zero; its neighbours do not notice; alone it names the stock and the time. */
static void test_failure(void **state) {
    (void)state;
    bench b;
    open_bench(&b, "x = INTEG(1 / k, 0) ~~|\nk = 1 ~~|", to_ten);
    add_input(&b, "k", PL_INPUT_UNCERTAINTY);
    add_measure(&b, "x", PL_TAKE_FINAL, NAN, NAN, 0);
    compile(&b);
    double values[LANES], out[LANES];
    unsigned char failed[LANES];
    for (int i = 0; i < LANES; i++) values[i] = i == 3 ? 0.0 : 2.0;
    run(b.program, NULL, 0, values, LANES, out, failed);
    for (int i = 0; i < LANES; i++) {
        assert_int_equal(failed[i], i == 3);
        assert_true(i == 3 ? isnan(out[i]) : out[i] == 5.0);
    }
    pl_track *track;
    pl_block *block;
    uint64_t future = 3;
    const char *name;
    double time;
    assert_int_equal(pl_track_new(b.program, NULL, 0, &track), PL_OK);
    assert_int_equal(pl_block_new(b.program, 1, &block), PL_OK);
    pl_block_start(block, track, values + 3, LANES, &future, 7, 1);
    pl_block_run(block, track, pl_program_steps(b.program), NULL, NULL);
    assert_int_equal(pl_block_failure(block, 0, &name, &time), 1);
    assert_string_equal(name, "x");
    assert_true(time == 0.5);
    pl_block_free(block);
    pl_track_free(track);
    close_bench(&b);
}

/* What may not vary is refused, and cycles are named in full. */
static void test_refusals(void **state) {
    (void)state;
    bench b;
    pl_error error;
    open_bench(&b, "x = INTEG(1, 0) ~~|",
               "INITIAL TIME = 0 ~~|\nFINAL TIME = 10 ~~|\nTIME STEP = 1 / parts ~~|\nparts = 2 ~~|");
    add_input(&b, "parts", PL_INPUT_LEVER);
    b.spec.inputs = b.inputs;
    assert_int_equal(pl_program_compile(b.model, &b.spec, &b.program, &error), PL_INVALID);
    assert_non_null(strstr(error.message, "TIME STEP depends on parts"));
    close_bench(&b);
    open_bench(&b, "a = b + 1 ~~|\nb = c ~~|\nc = a ~~|", to_ten);
    assert_int_equal(pl_program_compile(b.model, &b.spec, &b.program, &error), PL_INVALID);
    assert_non_null(strstr(error.message, "circle"));
    if (!strstr(error.message, "a -> b -> c -> a")) fail_msg("%s", error.message);
    assert_int_equal(error.line, 2);
    close_bench(&b);
}

/* Settings over time that cannot be: each is refused by name. */
static void test_refused_times(void **state) {
    (void)state;
    static const struct {
        const char *equations, *control, *words;
    } cases[] = {
        {"x = DELAY FIXED(Time, 2, 0) ~~|", "FINAL TIME = 10 ~~| TIME STEP = IF THEN ELSE(Time < 5, 1, 0.5) ~~|",
         "TIME STEP changes during the run: not supported with the delay in x"},
        {"x = INTEG(1, 0) ~~|", "FINAL TIME = 10 ~~| TIME STEP = 5 - Time ~~|", "TIME STEP is 0"},
        {"x = INTEG(RANDOM 0 1(), 0) ~~|", "FINAL TIME = IF THEN ELSE(x > 5, 9, 99) ~~| TIME STEP = 1 ~~|",
         "FINAL TIME depends on a random draw"},
        {"x = INTEG(k, 0) ~~| k = 1 ~~|", "FINAL TIME = IF THEN ELSE(x > 5, 9, 99) ~~| TIME STEP = 1 ~~|",
         "FINAL TIME depends on k"},
        {"x = INTEG(1, 0) ~~|", "FINAL TIME = Time + 2 ~~| TIME STEP = 1 ~~|", "FINAL TIME is not reached"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench b;
        char control[300];
        pl_error error;
        snprintf(control, sizeof control, "INITIAL TIME = 0 ~~| %s", cases[i].control);
        open_bench(&b, cases[i].equations, control);
        if (pl_model_find(b.model, "k")) add_input(&b, "k", PL_INPUT_UNCERTAINTY);
        b.spec.inputs = b.inputs;
        assert_true(pl_program_compile(b.model, &b.spec, &b.program, &error) != PL_OK);
        if (!strstr(error.message, cases[i].words)) fail_msg("%s", error.message);
        close_bench(&b);
    }
}

static void keep_time(void *context, int step, double time, const double *row) {
    (void)step;
    assert_true(row[0] == time);
    double **next = context;
    *(*next)++ = time;
}

/* The schedule of a run whose steps shorten and whose end the state decides, saved and loaded. */
static void test_scouted_times(void **state) {
    (void)state;
    static const double expected[] = {0, 2, 3, 3.5, 4};
    bench b;
    open_bench(&b, "x = INTEG(1, 0) ~~| t = Time ~~|",
               "INITIAL TIME = 0 ~~| FINAL TIME = IF THEN ELSE(x > 3.6, 3, 50) ~~|"
               "TIME STEP = IF THEN ELSE(Time < 3, 1, 0.5) ~~| SAVEPER = IF THEN ELSE(x < 2, 2, TIME STEP) ~~|");
    pl_output outputs[2] = {{pl_model_find(b.model, "t"), 0}, {pl_model_find(b.model, "x"), 0}};
    b.spec.outputs = outputs, b.spec.output_count = 2;
    compile(&b);
    unsigned char *bytes;
    size_t size;
    pl_program *loaded;
    assert_int_equal(pl_program_save(b.program, &bytes, &size), PL_OK);
    assert_int_equal(pl_program_load(bytes, size, &loaded), PL_OK);
    assert_int_equal(pl_program_rows(loaded), 5);
    pl_track *track;
    pl_block *block;
    double times[8], *next = times;
    uint64_t future = 0;
    assert_int_equal(pl_track_new(loaded, NULL, 0, &track), PL_OK);
    assert_int_equal(pl_block_new(loaded, 1, &block), PL_OK);
    pl_block_start(block, track, NULL, 0, &future, 1, 1);
    pl_block_run(block, track, pl_program_steps(loaded), keep_time, &next);
    assert_int_equal(next - times, 5);
    assert_memory_equal(times, expected, sizeof expected);
    pl_block_free(block);
    pl_track_free(track);
    pl_program_free(loaded);
    pl_release(bytes);
    close_bench(&b);
}

/* The order of a chain is settled when the model is read. */
static void test_settled_order(void **state) {
    (void)state;
    bench b;
    pl_error error;
    open_bench(&b, "x = SMOOTH N(Time, 3, 0, stages + 1) ~~|\nstages = 2 ~~|", to_ten);
    add_input(&b, "stages", PL_INPUT_UNCERTAINTY);
    b.spec.inputs = b.inputs;
    assert_int_equal(pl_program_compile(b.model, &b.spec, &b.program, &error), PL_INVALID);
    assert_non_null(strstr(error.message, "stages decides the order of a DELAY N or SMOOTH N"));
    close_bench(&b);
}

/* A fixed delay as long as each future says; a lever may not say it. */
static void test_delay_length(void **state) {
    (void)state;
    bench b;
    pl_error error;
    static const char model[] =
        "late = DELAY FIXED(Time, wait * 2, -1) ~~|\nwait = 1 ~~|\nlong = DELAY FIXED(late, 100 + wait, 7) ~~|";
    open_bench(&b, model, to_ten);
    add_input(&b, "wait", PL_INPUT_UNCERTAINTY);
    add_measure(&b, "late", PL_TAKE_FINAL, NAN, NAN, 0);
    add_measure(&b, "late", PL_TAKE_MIN, 2, 10, 0);
    add_measure(&b, "long", PL_TAKE_MAX, NAN, NAN, 0);
    compile(&b);
    double values[LANES], out[3 * LANES];
    for (int i = 0; i < LANES; i++) values[i] = i % 8 / 2.0;
    run(b.program, NULL, 0, values, LANES, out, NULL);
    for (int i = 0; i < LANES; i++) {
        double wait = values[i] * 2 < 0.5 ? 0.5 : values[i] * 2; /* at least a step */
        assert_true(out[i] == 10 - wait);
        assert_true(out[LANES + i] == (wait > 2 ? -1 : 2 - wait));
        assert_true(out[2 * LANES + i] == 7);
    }
    close_bench(&b);
    open_bench(&b, model, to_ten);
    add_input(&b, "wait", PL_INPUT_LEVER);
    b.spec.inputs = b.inputs;
    assert_int_equal(pl_program_compile(b.model, &b.spec, &b.program, &error), PL_INVALID);
    assert_non_null(strstr(error.message, "the delay time of DELAY FIXED in late depends on wait"));
    close_bench(&b);
}

/* Another end of the run is FINAL TIME in the equations too: 1 / 5 a step for 5, not 1 / 10. */
static void test_final_time(void **state) {
    (void)state;
    bench b;
    open_bench(&b, "x = INTEG(1 / FINAL TIME, 0) ~~|\nk = 1 ~~|", to_ten);
    add_input(&b, "k", PL_INPUT_UNCERTAINTY);
    add_measure(&b, "x", PL_TAKE_FINAL, NAN, NAN, 0);
    b.spec.final_time = 5;
    compile(&b);
    double values[LANES] = {0}, out[LANES];
    run(b.program, NULL, 0, values, LANES, out, NULL);
    assert_true(fabs(out[0] - 1) < 1e-15);
    close_bench(&b);
}

/* Circular by name, not by element: x[b] needs x[a]. */
static void test_element_order(void **state) {
    (void)state;
    bench b;
    open_bench(&b, "d: a, b, c ~~|\nx[a] = k ~~|\nx[b] = 2 * x[a] ~~|\nx[c] = 3 * x[b] ~~|\nk = 1 ~~|\nlast = x[c] ~~|",
               to_ten);
    add_input(&b, "k", PL_INPUT_UNCERTAINTY);
    add_measure(&b, "last", PL_TAKE_FINAL, NAN, NAN, 0);
    compile(&b);
    double values[LANES], out[LANES];
    for (int i = 0; i < LANES; i++) values[i] = i;
    run(b.program, NULL, 0, values, LANES, out, NULL);
    for (int i = 0; i < LANES; i++) assert_true(out[i] == 6.0 * i);
    close_bench(&b);
}

/* Every allocation of compiling, a track and a block may fail: a status, nothing leaked. */
static void fail_everywhere(const char *control) {
    bench b;
    open_bench(&b, "x = INTEG(k * y, 1) ~~|\ny = SMOOTH(x, 3) ~~|\nk = 0.1 ~~|\nclock = INTEG(1, 0) ~~|", control);
    add_input(&b, "k", PL_INPUT_UNCERTAINTY);
    add_measure(&b, "x", PL_TAKE_FINAL, NAN, NAN, 0);
    b.spec.inputs = b.inputs;
    b.spec.measures = b.measures;
    long n = 1;
    for (pl_status status = PL_MEMORY; status == PL_MEMORY; n++) {
        pl_program *p = NULL;
        pl_track *track = NULL;
        pl_block *block = NULL;
        pl_allocation_fail_after(n);
        status = pl_program_compile(b.model, &b.spec, &p, NULL);
        if (status == PL_OK) status = pl_track_new(p, NULL, 0, &track);
        if (status == PL_OK) status = pl_block_new(p, 16, &block);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        pl_block_free(block);
        pl_track_free(track);
        pl_program_free(p);
    }
    assert_true(n > 10);
    close_bench(&b);
}

static void test_memory(void **state) {
    (void)state;
    fail_everywhere(to_ten);
    fail_everywhere("INITIAL TIME = 0 ~~| FINAL TIME = IF THEN ELSE(clock > 8, 5, 90) ~~| TIME STEP = 0.5 ~~|");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedule), cmocka_unit_test(test_fork),          cmocka_unit_test(test_save),
        cmocka_unit_test(test_measures), cmocka_unit_test(test_failure),       cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_delay_length),   cmocka_unit_test(test_settled_order),
        cmocka_unit_test(test_element_order), cmocka_unit_test(test_final_time), cmocka_unit_test(test_memory),
        cmocka_unit_test(test_refused_times), cmocka_unit_test(test_scouted_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
