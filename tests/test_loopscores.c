/* Loop scores against models of which they can be derived by hand, and against rules that hold in every model. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "study/loopscores.h"

#define TIMES(final, step) \
    "INITIAL TIME = 0 ~~| FINAL TIME = " #final " ~~| TIME STEP = " #step " ~~| SAVEPER = TIME STEP ~~|"

static pl_model *parse(const char *text) {
    pl_model *model;
    pl_error error;
    if (pl_model_parse(text, strlen(text), "test.mdl", &model, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return model;
}

static pl_loop_scores *score(const pl_model *model, const char *target) {
    pl_loop_scores *scores;
    pl_error error;
    pl_loops_options options = {.target = target};
    if (pl_model_score_loops(model, &options, &scores, &error) != PL_OK) fail_msg("%s", error.message);
    return scores;
}

/* The loop of these variables, from wherever it begins; -1: there is none. */
static int find(const pl_loop_scores *l, int count, const char *const *names) {
    for (int i = 0; i < l->set.count; i++) {
        const pl_scored_loop *loop = &l->set.loops[i];
        for (int turn = 0; loop->length == count && turn < count; turn++) {
            bool same = true;
            for (int k = 0; k < count && same; k++) {
                const pl_score_node *n = &l->graph->nodes[loop->nodes[(turn + k) % count]];
                char name[200];
                pl_variable_element_name(n->variable, n->variable->size > 1 ? n->element : -1, name, sizeof name);
                same = strcmp(name, names[k]) == 0;
            }
            if (same) return i;
        }
    }
    return -1;
}
#define LOOP(l, ...) \
    find(l, (int)(sizeof(const char *[]){__VA_ARGS__} / sizeof(char *)), (const char *const[]){__VA_ARGS__})

static double share_at(const pl_loop_scores *l, int loop, int point) {
    assert_true(loop >= 0);
    return l->shares[(size_t)loop * (size_t)l->points + (size_t)point];
}

static double score_at(const pl_loop_scores *l, int loop, int point) {
    assert_true(loop >= 0);
    return l->scores[(size_t)loop * (size_t)l->points + (size_t)point];
}

/* In each partition, at each time, the sizes of the shares sum to 1, or (nothing changes) to 0. */
static void check_sums(const pl_loop_scores *l) {
    for (int p = 0; p < l->graph->partition_count; p++)
        for (int point = 1; point < l->points; point++) {
            double sum = 0;
            for (int i = 0; i < l->set.count; i++)
                if (l->set.loops[i].partition == p) sum += fabs(share_at(l, i, point));
            if (sum != 0) assert_true(fabs(sum - 1) < 1e-12);
        }
}

/* ---- by hand ---------------------------------------------------------------------------------------------- */

/* Logistic growth, births b = g P and deaths d = g P^2 / K.  Over a step from P to P':
 *   link P -> births: the only input, so 1; births -> P: |db| / |db - dd|, db = g (P' - P)
 *   link P -> deaths: 1; deaths -> P: -|dd| / |db - dd|, dd = g (P'^2 - P^2) / K = g (P' - P) (P' + P) / K so the
 *     loops' scores are 1 / |1 - s| and -s / |1 - s| with s = (P' + P) / K, and their shares 1 / (1 + s), -s / (1 + s):
 *     dominance shifts where P' + P = K, at half the capacity (the inflection).  P by Euler: P' = P + dt g P (1 - P /
 *     K). */
static void logistic_growth(void **state) {
    (void)state;
    pl_model *model = parse("{UTF-8} P = INTEG(births - deaths, 10) ~~| births = g * P ~~| deaths = g * P * P / K ~~|"
                            "g = 0.1 ~~| K = 1000 ~~|" TIMES(100, 0.5));
    pl_loop_scores *l = score(model, NULL);
    int reinforcing = LOOP(l, "P", "births"), balancing = LOOP(l, "P", "deaths");
    double before = 10, shifts = 0;
    assert_int_equal(l->set.count, 2);
    for (int point = 1; point < l->points; point++) {
        double now = before + 0.5 * (0.1 * before - 0.1 * before * before / 1000), s = (now + before) / 1000;
        assert_true(fabs(share_at(l, reinforcing, point) - 1 / (1 + s)) < 1e-7);
        assert_true(fabs(share_at(l, balancing, point) + s / (1 + s)) < 1e-7);
        if (fabs(1 - s) > 0.01) assert_true(fabs(score_at(l, reinforcing, point) * fabs(1 - s) - 1) < 1e-6);
        if (s > 1 && shifts == 0) shifts = l->times[point];
        before = now;
    }
    check_sums(l);
    assert_int_equal(l->partition_count, 1);
    const pl_loop_partition *p = &l->partitions[0];
    assert_int_equal(p->phase_count, 2);
    assert_string_equal(l->results[p->phases[0].result].name, "R1");
    assert_true(p->phases[1].from == shifts);
    assert_true(fabs(shifts - 10 * log(99)) < 2); /* in continuous time ln((K - P) / P) / g; by Euler it lags */
    pl_loop_scores_free(l);
    pl_model_free(model);
}

/* The same flows put together in one net flow: nothing changes (Schoenberg, Hayward and Eberlein 2023). */
static void flows_put_together(void **state) {
    (void)state;
    pl_model *apart = parse("{UTF-8} P = INTEG(a * P + 3 - b * Q, 10) ~~| Q = INTEG(c * P - d * Q, 5) ~~|"
                            "a = 0.05 ~~| b = 0.2 ~~| c = 0.1 ~~| d = 0.02 ~~|" TIMES(30, 0.25));
    pl_model *joined = parse(
        "{UTF-8} P = INTEG(in + constant - out, 10) ~~| in = a * P ~~| constant = 3 ~~| out = b * Q ~~|"
        "Q = INTEG(c * P - d * Q, 5) ~~| a = 0.05 ~~| b = 0.2 ~~| c = 0.1 ~~| d = 0.02 ~~|" TIMES(30, 0.25));
    pl_loop_scores *x = score(apart, NULL), *y = score(joined, NULL);
    const int pairs[3][2] = {{LOOP(x, "P"), LOOP(y, "P", "in")}, {LOOP(x, "Q"), LOOP(y, "Q")},
                             {LOOP(x, "P", "Q"), LOOP(y, "P", "Q", "out")}};
    for (int point = 1; point < x->points; point++)
        for (int i = 0; i < 3; i++)
            assert_true(fabs(share_at(x, pairs[i][0], point) - share_at(y, pairs[i][1], point)) < 1e-9);
    pl_loop_scores_free(x), pl_loop_scores_free(y);
    pl_model_free(apart), pl_model_free(joined);
}

/* Bass diffusion by word of mouth (Schoenberg, Davidsen and Eberlein 2020 take it as their first example): adoption f =
 * c A P / N moves P to A.  Over a step A rises by x and P falls by x; the change of f by A alone is c x P / N (P before
 * the step), by P alone -c x A / N, and both stocks' net flow changes as f does.  So the reinforcing loop through A has
 * the share P / N, the balancing one through P -A / N, and they change places where A = N / 2, the inflection, which in
 * continuous time is at ln((N - A0) / A0) / c. */
static void bass_diffusion(void **state) {
    (void)state;
    pl_model *model = parse(
        "{UTF-8} P = INTEG(-f, 999) ~~| A = INTEG(f, 1) ~~| f = c * A * P / N ~~| c = 0.5 ~~| N = 1000 ~~|" TIMES(
            30, 0.0625));
    pl_loop_scores *l = score(model, NULL);
    int reinforcing = LOOP(l, "A", "f"), balancing = LOOP(l, "P", "f");
    double adopters = 1;
    assert_int_equal(l->set.count, 2);
    for (int point = 1; point < l->points; point++) {
        assert_true(fabs(share_at(l, reinforcing, point) - (1 - adopters / 1000)) < 1e-6);
        assert_true(fabs(share_at(l, balancing, point) + adopters / 1000) < 1e-6);
        adopters += 0.0625 * 0.5 * adopters * (1000 - adopters) / 1000;
    }
    check_sums(l);
    assert_true(fabs(l->partitions[0].phases[1].from - log(999) / 0.5) < 0.5);
    pl_loop_scores_free(l);
    pl_model_free(model);
}

/* Three parties that arm against each other (Eberlein and Schoenberg 2020): three loops of one party, three of two, two
 * of three, all linear, so that each link's score follows from the matrix of the rates. */
static void three_parties(void **state) {
    (void)state;
    static const double rate[3][3] = {{-1, 1, 0.9}, {1, -1, 1.1}, {1.1, 0.9, -1}};
    pl_model *model = parse("{UTF-8} A = INTEG(B + 0.9 * C - A, 50) ~~| B = INTEG(A + 1.1 * C - B, 100) ~~|"
                            "C = INTEG(1.1 * A + 0.9 * B - C, 150) ~~|" TIMES(10, 0.125));
    pl_loop_scores *l = score(model, NULL);
    static const char *const names[3] = {"A", "B", "C"};
    double x[3] = {50, 100, 150}, before[3];
    assert_int_equal(l->set.count, 8);
    for (int point = 1; point < 20; point++) {
        double link[3][3], change[3] = {0}, self, pair, all;
        memcpy(before, x, sizeof x);
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++) x[i] += 0.125 * rate[i][k] * before[k];
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++) change[i] += rate[i][k] * (x[k] - before[k]);
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 3; k++)
                link[k][i] = copysign(fabs(rate[i][k] * (x[k] - before[k]) / change[i]), rate[i][k]);
        self = link[0][0], pair = link[1][2] * link[2][1], all = link[0][1] * link[1][2] * link[2][0];
        assert_true(fabs(score_at(l, LOOP(l, names[0]), point) / self - 1) < 1e-6);
        assert_true(fabs(score_at(l, LOOP(l, names[1], names[2]), point) / pair - 1) < 1e-6);
        assert_true(fabs(score_at(l, LOOP(l, names[0], names[1], names[2]), point) / all - 1) < 1e-6);
    }
    check_sums(l);
    pl_loop_scores_free(l);
    pl_model_free(model);
}

/* Births equal deaths: nothing changes, and no loop has a score. */
static void equilibrium(void **state) {
    (void)state;
    pl_model *model = parse(
        "{UTF-8} P = INTEG(births - deaths, 100) ~~| births = 0.1 * P ~~| deaths = P / 10 ~~|" TIMES(5, 1));
    pl_loop_scores *l = score(model, "P");
    for (int i = 0; i < l->set.count; i++)
        for (int point = 1; point < l->points; point++) assert_true(share_at(l, i, point) == 0);
    assert_int_equal(l->results[0].polarity, PL_LOOP_IDLE);
    assert_true(isnan(l->results[0].share));
    pl_loop_scores_free(l);
    pl_model_free(model);
}

/* A link that turns from + to -: the loop is neither reinforcing nor balancing. f = P (10 - P) has the slope 10 - 2
 * P. */
static void polarity_changes(void **state) {
    (void)state;
    pl_model *model = parse("{UTF-8} P = INTEG(f, 1) ~~| f = 0.1 * P * (10 - P) ~~|" TIMES(8, 0.25));
    pl_loop_scores *l = score(model, "f");
    double before = 1;
    for (int point = 1; point < l->points; point++) {
        double now = before + 0.25 * 0.1 * before * (10 - before);
        if (fabs(now + before - 10) > 1e-3) assert_true(share_at(l, 0, point) == (now + before < 10 ? 1 : -1));
        before = now;
    }
    assert_int_equal(l->results[0].polarity, PL_LOOP_CHANGING);
    pl_loop_scores_free(l);
    pl_model_free(model);
}

/* ---- what is written otherwise is the same ---------------------------------------------------------------- */

static void compare_scores(const pl_loop_scores *x, int a, const pl_loop_scores *y, int b) {
    for (int point = 1; point < x->points; point++) {
        double p = score_at(x, a, point), q = score_at(y, b, point);
        assert_true(fabs(p - q) <= 1e-6 * fmax(fabs(p), 1));
    }
}

/* A SMOOTH is one link, with the score of the stock that it stands for; the loop inside it does not count. */
static void hidden_stocks(void **state) {
    (void)state;
    pl_model *hidden = parse("{UTF-8} S = INTEG((20 - SMOOTH(S, 4)) / 3, 1) ~~|" TIMES(20, 0.25));
    pl_model *shown = parse("{UTF-8} S = INTEG((20 - M) / 3, 1) ~~| M = INTEG((S - M) / 4, S) ~~|" TIMES(20, 0.25));
    pl_loop_scores *x = score(hidden, NULL), *y = score(shown, NULL);
    assert_int_equal(x->set.count, 1);
    assert_int_equal(y->set.count, 2);
    compare_scores(x, 0, y, LOOP(y, "S", "M"));
    pl_loop_scores_free(x), pl_loop_scores_free(y);
    pl_model_free(hidden), pl_model_free(shown);
}

/* Arrays, a sum over them and a lookup, against the same model by single variables. */
static void arrays(void **state) {
    (void)state;
    pl_model *whole = parse(
        "{UTF-8} place: p1, p2 ~~| S[place] = INTEG(g[place], start[place]) ~~| start[place] = 1, 4 ~~|"
        "g[place] = 0.1 * S[place] * effect(total / 50) ~~| total = SUM(S[place!]) ~~|"
        "effect((0, 1), (0.5, 0.9), (1, 0)) ~~|" TIMES(40, 0.5));
    pl_model *single = parse(
        "{UTF-8} S1 = INTEG(g1, 1) ~~| S2 = INTEG(g2, 4) ~~| g1 = 0.1 * S1 * effect(total / 50) ~~|"
        "g2 = 0.1 * S2 * effect(total / 50) ~~| total = S1 + S2 ~~|"
        "effect((0, 1), (0.5, 0.9), (1, 0)) ~~|" TIMES(40, 0.5));
    pl_loop_scores *x = score(whole, NULL), *y = score(single, NULL);
    assert_int_equal(x->set.count, y->set.count);
    compare_scores(x, LOOP(x, "S[p1]", "g[p1]"), y, LOOP(y, "S1", "g1"));
    compare_scores(x, LOOP(x, "S[p2]", "total", "g[p2]"), y, LOOP(y, "S2", "total", "g2"));
    compare_scores(x, LOOP(x, "S[p1]", "total", "g[p1]"), y, LOOP(y, "S1", "total", "g1"));
    check_sums(x);
    pl_loop_scores_free(x), pl_loop_scores_free(y);
    pl_model_free(whole), pl_model_free(single);
}

/* ---- the model's own run ---------------------------------------------------------------------------------- */

static const char *const states =
    "{UTF-8} place: p1, p2, p3 ~~|"
    "S[place] = INTEG(grow[place] - flow[place], first[place]) ~~| first[place] = 1, 2, 3 ~~|"
    "grow[place] = 0.1 * S[place] * MAX(0, 1 - total / 20) ~~| total = SUM(S[place!]) ~~|"
    "flow[place] = SMOOTH3(S[place], 3) * 0.05 + 0.01 * DELAY FIXED(S[place], 2, 1) + PULSE(5, 3) * 0.01 * S[p1]"
    " + 0.002 * RANDOM NORMAL(-9, 9, 0.5, 1, 3) * S[place] + STEP(0.01, 9) * held ~~|"
    "held = SAMPLE IF TRUE(MODULO(Time, 4) < 1, total, total) ~~|" TIMES(30, 0.25);

typedef struct rows {
    const pl_program *program;
    double *values;
    int count;
} rows;

static void keep(void *context, int step, double time, const double *row) {
    rows *r = context;
    (void)step, (void)time;
    for (int i = 0; i < pl_program_output_count(r->program); i++) r->values[r->count++] = row[i];
}

/* The copy with its further variables gives the model's variables, draws included, bit for bit. */
static void bits_of_the_model(void **state) {
    (void)state;
    pl_model *model = parse(states);
    pl_partials *partials;
    pl_series *series;
    pl_program *program;
    pl_track *track;
    pl_block *block;
    uint64_t future = 0;
    assert_int_equal(pl_partials_new(model, NULL, &partials, NULL), PL_OK);
    assert_true(partials->link_count > 10);
    pl_program_spec spec = {.outputs = partials->outputs, .output_count = partials->output_count, .final_time = NAN,
                            .act_from = NAN, .one_case = true};
    assert_int_equal(pl_model_run(model, NULL, 0, 7, &series, NULL), PL_OK);
    assert_int_equal(pl_program_compile(partials->model, &spec, &program, NULL), PL_OK);
    rows r = {.program = program};
    r.values = malloc((size_t)pl_program_rows(program) * (size_t)partials->output_count * sizeof(double));
    assert_int_equal(pl_track_new(program, NULL, 0, &track), PL_OK);
    assert_int_equal(pl_block_new(program, 1, &block), PL_OK);
    pl_block_start(block, track, NULL, 0, &future, 7, 1);
    pl_block_run(block, track, pl_program_steps(program), keep, &r);
    int compared = 0;
    for (int c = 0; c < pl_series_columns(series); c++) {
        pl_variable *variable;
        int element;
        assert_int_equal(pl_model_find_element(model, pl_series_name(series, c), &variable, &element, NULL), PL_OK);
        for (int i = 0; i < partials->output_count; i++) {
            if (partials->outputs[i].variable != variable ||
                partials->outputs[i].element != (element < 0 ? 0 : element))
                continue;
            for (int row = 0; row < pl_series_rows(series); row++)
                assert_memory_equal(&r.values[row * partials->output_count + i], pl_series_values(series, c) + row, 8);
            compared++;
        }
    }
    assert_int_equal(compared, 11); /* S, grow and flow by 3 elements; total, held */
    free(r.values);
    pl_block_free(block), pl_track_free(track), pl_program_free(program), pl_series_free(series);
    pl_partials_free(partials), pl_model_free(model);
}

static void forms_with_state(void **state) {
    (void)state;
    pl_model *model = parse(states);
    pl_loop_scores *l = score(model, "total");
    check_sums(l);
    assert_true(l->through && l->result_count > 0 && l->graph->partials->unscored_count == 0);
    assert_true(LOOP(l, "S[p2]", "flow[p2]") >= 0);
    assert_true(LOOP(l, "total", "held", "flow[p1]", "S[p1]") >= 0);
    pl_loop_scores_free(l);
    pl_model_free(model);
}

/* ---- the flagship: too many loops to list ----------------------------------------------------------------- */

static void flagship(void **state) {
    (void)state;
    char path[600];
    pl_situation *situation;
    pl_loop_scores *l;
    pl_error error;
    snprintf(path, sizeof path, "%s/situations/us-mexico", getenv("PARLEY_ROOT"));
    assert_int_equal(pl_situation_read(path, &situation, NULL, &error), PL_OK);
    pl_loops_options options = {.futures = 16};
    assert_int_equal(pl_situation_score_loops(situation, &options, &l, &error), PL_OK);
    assert_false(l->partitions[0].whole);
    assert_true(l->set.count > PL_FEW_LOOPS / 2 && !l->set.full);
    check_sums(l);
    for (int i = 0; i < l->result_count; i++) {
        const pl_loop_futures *f = &l->results[i].futures;
        assert_true(f->share.low <= f->share.median.estimate && f->share.median.estimate <= f->share.high);
        assert_true(f->leads.low <= f->leads.estimate && f->leads.estimate <= f->leads.high);
    }
    pl_loop_scores_free(l);
    pl_situation_free(situation);
}

/* The same whatever the number of threads. */
static void threads(void **state) {
    (void)state;
    char path[600], *texts[2];
    size_t lengths[2];
    pl_situation *situation;
    pl_error error;
    snprintf(path, sizeof path, "%s/situations/arms-race", getenv("PARLEY_ROOT"));
    assert_int_equal(pl_situation_read(path, &situation, NULL, &error), PL_OK);
    for (int i = 0; i < 2; i++) {
        pl_loop_scores *l;
        pl_loops_options options = {.futures = 40, .threads = i ? 3 : 1};
        assert_int_equal(pl_situation_score_loops(situation, &options, &l, &error), PL_OK);
        assert_int_equal(pl_loop_scores_print(l, PL_FORMAT_JSON, &texts[i], &lengths[i]), PL_OK);
        pl_loop_scores_free(l);
    }
    assert_string_equal(texts[0], texts[1]);
    pl_text_free(texts[0]), pl_text_free(texts[1]);
    pl_situation_free(situation);
}

/* ---- what goes wrong -------------------------------------------------------------------------------------- */

static void errors(void **state) {
    (void)state;
    pl_model *model = parse("{UTF-8} S = INTEG(1 - S, 0) ~~| T = INTEG(1, 0) ~~| u = 2 * S ~~|" TIMES(3, 1));
    pl_loop_scores *l;
    pl_error error;
    assert_int_equal(pl_model_score_loops(model, &(pl_loops_options){.target = "T"}, &l, &error), PL_INVALID);
    assert_string_equal(error.message, "no feedback loop acts on 'T'");
    assert_int_equal(pl_model_score_loops(model, &(pl_loops_options){.target = "V"}, &l, &error), PL_INVALID);
    assert_int_equal(pl_model_score_loops(model, &(pl_loops_options){.profile = "p"}, &l, &error), PL_USAGE);
    l = score(model, "u");
    assert_false(l->through);
    assert_int_equal(l->result_count, 1);
    pl_loop_scores_free(l);
    pl_model_free(model);
}

/* Each allocation may fail. */
static void memory(void **state) {
    (void)state;
    pl_model *model = parse(states);
    pl_status status = PL_MEMORY;
    for (long n = 1; status == PL_MEMORY; n++) {
        pl_loop_scores *l;
        pl_allocation_fail_after(n);
        status = pl_model_score_loops(model, NULL, &l, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        if (status == PL_OK) pl_loop_scores_free(l);
        else assert_null(l);
    }
    pl_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logistic_growth), cmocka_unit_test(flows_put_together), cmocka_unit_test(bass_diffusion),
        cmocka_unit_test(three_parties),   cmocka_unit_test(equilibrium),        cmocka_unit_test(polarity_changes),
        cmocka_unit_test(hidden_stocks),   cmocka_unit_test(arrays),             cmocka_unit_test(bits_of_the_model),
        cmocka_unit_test(forms_with_state), cmocka_unit_test(flagship),          cmocka_unit_test(threads),
        cmocka_unit_test(errors),          cmocka_unit_test(memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
