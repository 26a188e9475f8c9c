/* Explores a situation and reads its numbers: what each course of action changes, future by future.
 *
 * Every profile (one course for each actor) meets the same futures, so the difference of two profiles is taken within
 * each future and its mean d has the standard error s / sqrt(n), s the standard deviation of the differences.
 *
 *     ensemble SITUATION RESULTS.nc
 *
 * prints, for the first measure, the mean difference of each profile from the base and its 95 % interval. */
#include <math.h>
#include <parley.h>
#include <stdio.h>

static int fail(const pl_error *error) {
    fprintf(stderr, "%s\n", error->message);
    return pl_status_exit_code(error->status);
}

static void print_profile(const pl_ensemble *ensemble, long profile) {
    pl_shape shape = pl_ensemble_shape(ensemble);
    const double *base = pl_ensemble_measure_values(ensemble, 0, shape.base);
    const double *here = pl_ensemble_measure_values(ensemble, 0, profile);
    double sum = 0, squares = 0, n = 0;
    for (long f = 0; f < shape.futures; f++) {
        double difference = here[f] - base[f];
        if (isnan(difference)) continue; /* a run failed */
        sum += difference;
        squares += difference * difference;
        n++;
    }
    double mean = sum / n, half = 1.96 * sqrt((squares - sum * mean) / (n - 1) / n);
    printf("%9.2f +- %.2f ", mean, half);
    for (int actor = 0; actor < shape.actors; actor++)
        printf(" / %s", pl_ensemble_course_name(ensemble, actor, pl_ensemble_course(ensemble, profile, actor)));
    putchar('\n');
}

int main(int count, char **texts) {
    if (count != 3) {
        fprintf(stderr, "usage: ensemble SITUATION RESULTS.nc\n");
        return 2;
    }
    pl_situation *situation;
    pl_ensemble *ensemble = NULL;
    pl_error error;
    if (pl_situation_read(texts[1], &situation, NULL, &error) != PL_OK) return fail(&error);
    pl_explore_options options = {.futures = 200};
    pl_status status = pl_explore(situation, &options, texts[2], NULL, &error);
    if (status == PL_OK) status = pl_ensemble_read(texts[2], &ensemble, &error);
    pl_situation_free(situation);
    if (status != PL_OK) return fail(&error);
    pl_shape shape = pl_ensemble_shape(ensemble);
    printf("%s: mean difference from the base over %ld futures\n", pl_ensemble_measure_name(ensemble, 0), shape.futures);
    for (long profile = 0; profile < shape.profiles; profile++) print_profile(ensemble, profile);
    pl_ensemble_free(ensemble);
    return 0;
}
