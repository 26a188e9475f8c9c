/* Courses that take part: the cases of the courses that were chosen are bit for bit those of the whole exploration, and
 * results remember what was chosen. */
#include "explored.h"

static const pl_choice choices[] = {{"A", "escalate"}, {"c", "restrain"}};
static const pl_inputs inputs = {.courses = choices, .course_count = 2};
static const pl_explore_options options = {.futures = 40};

static void explore_chosen(const pl_explore_options *how, const char *path) {
    pl_situation *s;
    pl_error error;
    if (pl_situation_read_with(under_root("situations/arms-race"), &inputs, &s, NULL, &error) != PL_OK)
        fail_msg("%s", error.message);
    if (pl_explore(s, how, path, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_situation_free(s);
}

static long profile_of(const pl_ensemble *e, const pl_ensemble *chosen, long profile) {
    int course[3];
    for (int a = 0; a < 3; a++) {
        const char *name = pl_ensemble_course_name(chosen, a, pl_ensemble_course(chosen, profile, a));
        for (course[a] = 0; strcmp(pl_ensemble_course_name(e, a, course[a]), name) != 0;) course[a]++;
    }
    return pl_situation_combination(e->situation, course);
}

static void chosen_cases_are_those_of_the_whole(void **state) {
    (void)state;
    explore_chosen(&options, in_folder("chosen.nc"));
    pl_ensemble *all = explore_and_read(under_root("situations/arms-race"), &options);
    pl_ensemble *chosen = read_results(in_folder("chosen.nc"));
    assert_int_equal(all->profiles, 18);
    assert_int_equal(chosen->profiles, 2 * 3 * 2); /* the base's course of A beside the chosen one; all of B */
    for (long p = 0; p < chosen->profiles; p++) {
        long whole = profile_of(all, chosen, p);
        for (int m = 0; m < all->measure_count; m++)
            assert_memory_equal(pl_ensemble_measure(chosen, m, p), pl_ensemble_measure(all, m, whole),
                                40 * sizeof(double));
        for (int a = 0; a < 3; a++)
            assert_memory_equal(pl_ensemble_payoff(chosen, a, p), pl_ensemble_payoff(all, a, whole),
                                40 * sizeof(double));
    }
    assert_int_equal(profile_of(all, chosen, chosen->base), all->base);
    assert_int_equal(chosen->situation->profile_count, 2); /* those in which A shows restraint are left out */
    assert_string_equal(chosen->situation->profiles[0].name, "status quo");
    assert_string_equal(chosen->situation->profiles[1].name, "escalation");
    pl_ensemble_free(all), pl_ensemble_free(chosen);
}

static void shards_remember_what_was_chosen(void **state) {
    (void)state;
    pl_error error;
    pl_explore_options whole = {.futures = 600}, shard = whole; /* two chunks of 512 */
    pl_merge_summary summary;
    const char *parts[] = {in_folder("half1.nc"), in_folder("half2.nc")};
    explore_chosen(&whole, in_folder("chosen.nc"));
    for (shard.shards = 2, shard.shard = 1; shard.shard <= 2; shard.shard++)
        explore_chosen(&shard, parts[shard.shard - 1]);
    if (pl_merge(parts, 2, in_folder("halves.nc"), &summary, &error) != PL_OK) fail_msg("%s", error.message);
    expect_same_file(in_folder("chosen.nc"), in_folder("halves.nc"), "two shards of chosen courses");
}

static void expect_refusal(const char *actor, const char *course, const char *message) {
    pl_situation *s;
    pl_error error;
    pl_choice choice = {actor, course};
    pl_inputs wrong = {.courses = &choice, .course_count = 1};
    assert_int_equal(pl_situation_read_with(under_root("situations/arms-race"), &wrong, &s, NULL, &error), PL_USAGE);
    assert_string_equal(error.message, message);
}

static void unknown_names_are_refused(void **state) {
    (void)state;
    expect_refusal("d", "answer", "no actor is named 'd'");
    expect_refusal("a", "escalates", "no course of 'a' is named 'escalates'; did you mean 'escalate'?");
}

static void other_choices_are_other_inputs(void **state) {
    (void)state;
    pl_ensemble *e;
    pl_error error;
    int ran;
    explore_chosen(&options, in_folder("asked.nc"));
    for (int again = 0; again < 2; again++) { /* the first time all courses are asked for */
        if (pl_ensemble_obtain_with(under_root("situations/arms-race"), again ? &inputs : NULL, &options,
                                    in_folder("asked.nc"), &ran, &e, NULL, &error) != PL_OK)
            fail_msg("%s", error.message);
        assert_int_equal(e->profiles, again ? 12 : 18);
        assert_int_equal(ran, 1);
        pl_ensemble_free(e);
    }
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    pl_situation *s;
    pl_status status;
    long n = 1;
    do {
        pl_allocation_fail_after(n++);
        status = pl_situation_read_with(under_root("situations/arms-race"), &inputs, &s, NULL, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        pl_situation_free(s);
    } while (status != PL_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_cases_are_those_of_the_whole),
        cmocka_unit_test(shards_remember_what_was_chosen),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(other_choices_are_other_inputs),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
