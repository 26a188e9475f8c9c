/* Solves the game between the actors of a results file, and says what each would do.
 *
 * The payoff of an actor in a profile is u(profile) = mean over futures of sum_m weight_m measure_m / per_m; at a Nash
 * equilibrium no actor's mean payoff rises by choosing another course alone, so the regret, the most that any actor
 * would gain, is 0.
 *
 *     game RESULTS.nc */
#include <parley.h>
#include <stdio.h>

static int fail(const pl_error *error) {
    fprintf(stderr, "%s\n", error->message);
    return pl_status_exit_code(error->status);
}

static void print_equilibrium(const pl_ensemble *ensemble, const pl_play *play, int equilibrium) {
    pl_shape shape = pl_ensemble_shape(ensemble);
    printf("equilibrium %d, regret %.2g\n", equilibrium + 1, pl_play_regret(play, equilibrium));
    for (int actor = 0; actor < shape.actors; actor++) {
        printf("  %s:", pl_ensemble_actor_name(ensemble, actor));
        for (int course = 0; course < pl_ensemble_course_count(ensemble, actor); course++) {
            double probability = pl_play_probability(play, equilibrium, actor, course);
            if (probability > 0) printf(" %s (%.3g)", pl_ensemble_course_name(ensemble, actor, course), probability);
        }
        printf(", payoff %.4g\n", pl_play_payoff(play, equilibrium, actor));
    }
}

int main(int count, char **texts) {
    if (count != 2) {
        fprintf(stderr, "usage: game RESULTS.nc\n");
        return 2;
    }
    pl_ensemble *ensemble;
    pl_play *play;
    pl_error error;
    if (pl_ensemble_read(texts[1], &ensemble, &error) != PL_OK) return fail(&error);
    pl_status status = pl_ensemble_play(ensemble, NULL, &play, &error);
    if (status == PL_OK) {
        for (int i = 0; i < pl_play_count(play); i++) print_equilibrium(ensemble, play, i);
        printf("%s\n", pl_play_complete(play) ? "these are all there are" : "there may be others");
        pl_play_free(play);
    }
    pl_ensemble_free(ensemble);
    return status == PL_OK ? 0 : fail(&error);
}
