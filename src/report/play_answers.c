/* What `play` says where it is asked: the frontier of measures, and who would leave a profile and why. */
#include <math.h>

#include "report/measures.h"
#include "report/play.h"

enum { DIGITS = 5, MOST_PARTS = 3 };

static const pl_measure *measure_of(const pl_play *play, const pl_goal *goal) {
    return &play->ensemble->situation->measures[goal->measure];
}

/* Decimals that suit all values of a goal. */
static int decimals_of(const pl_play *play, int goal) {
    double largest = 0;
    for (long p = 0; p < play->game->profile_count; p++)
        largest = fmax(largest, fabs(play->frontier->means[goal * play->game->profile_count + p]));
    return pl_rounding(largest, DIGITS);
}

static double mean_of(const pl_play *play, int goal, long profile) {
    return play->frontier->means[goal * play->game->profile_count + profile];
}

static void put_step(pl_text *out, const pl_play *play, const pl_frontier_step *step) {
    const pl_frontier *f = play->frontier;
    char number[PL_ROUNDED_ROOM];
    int limit = f->goal_count - 1;
    pl_text_format(out, "   %s %s\n", f->goals[limit].sign > 0 ? "at least" : "at most",
                   pl_rounded(step->limit, decimals_of(play, limit), number));
    for (int g = 0; g < limit; g++) {
        pl_text_format(out, "      %s %s: ", pl_measure_title(measure_of(play, &f->goals[g]), PL_EN),
                       pl_rounded(mean_of(play, g, step->best[g]), decimals_of(play, g), number));
        pl_play_courses(out, play, step->best[g]);
        pl_text_put(out, "\n");
    }
}

static void put_point(pl_text *out, const pl_play *play, const pl_frontier_point *point) {
    char number[PL_ROUNDED_ROOM], low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
    pl_text_put(out, "   ");
    pl_play_courses(out, play, point->profile);
    pl_text_put(out, "\n");
    for (int k = 0; k < play->frontier->goal_count; k++) {
        int g = k ? k - 1 : play->frontier->goal_count - 1; /* the limited one first */
        int decimals = decimals_of(play, g);
        pl_text_format(out, "      %s %s", pl_measure_title(measure_of(play, &play->frontier->goals[g]), PL_EN),
                       pl_rounded(point->value[g].estimate, decimals, number));
        if (!isnan(point->value[g].low))
            pl_text_format(out, " (%s to %s)", pl_rounded(point->value[g].low, decimals, low),
                           pl_rounded(point->value[g].high, decimals, high));
        pl_text_put(out, "\n");
    }
    if (!isnan(point->share)) pl_text_format(out, "      on the frontier in %.0f %% of bootstrap samples\n", 100 * point->share);
}

void pl_play_put_frontier(pl_text *out, const pl_play *play) {
    const pl_frontier *f = play->frontier;
    if (!f) return;
    const pl_goal *limit = &f->goals[f->goal_count - 1];
    pl_text_format(out, "\nThe best that can be reached of each, at each limit of %s (means over %ld futures)\n",
                   pl_measure_title(measure_of(play, limit), PL_EN), f->futures);
    for (int i = 0; i < f->step_count; i++) put_step(out, play, &f->steps[i]);
    pl_text_format(out, "\nThe frontier, from the strictest limit on: no other profile is better in one of these and no worse "
                        "in the others\n");
    for (int i = 0; i < f->point_count; i++) put_point(out, play, &f->points[i]);
}

/* ---- who would leave ------------------------------------------------------------------------------------- */

/* The want with the largest part of a gain among those smaller than `below`; -1 where none is left. */
static int next_part(const pl_deviation *d, int wants, double below) {
    int next = -1;
    for (int i = 0; i < wants; i++) {
        double size = fabs(d->part[i].estimate);
        if (size > 0 && size < below && (next < 0 || size > fabs(d->part[next].estimate))) next = i;
    }
    return next;
}

/* What makes the most of a gain, the largest first. */
static void put_parts(pl_text *out, const pl_play *play, const pl_deviation *d) {
    const pl_actor *actor = &play->ensemble->situation->actors[d->actor];
    double below = INFINITY;
    for (int shown = 0; shown < MOST_PARTS; shown++) {
        char number[PL_ROUNDED_ROOM];
        int want = next_part(d, actor->want_count, below);
        if (want < 0) break;
        double part = d->part[want].estimate;
        below = fabs(part);
        pl_text_format(out, "%s%s%s %s", shown ? ", " : "         ", part > 0 ? "+" : "",
                       pl_rounded(part, pl_rounding(below, DIGITS - 1), number),
                       pl_measure_title(&play->ensemble->situation->measures[actor->wants[want].measure], PL_EN));
    }
    if (below < INFINITY) pl_text_put(out, "\n");
}

static void put_deviation(pl_text *out, const pl_play *play, const pl_deviation *d) {
    char number[PL_ROUNDED_ROOM], low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
    const pl_actor *actor = &play->ensemble->situation->actors[d->actor];
    int decimals = pl_rounding(fmax(fabs(d->gain.estimate), fmax(fabs(d->gain.low), fabs(d->gain.high))), DIGITS);
    pl_text_format(out, "      %s: %s%s", pl_course_title(&actor->courses[d->course], PL_EN), d->gain.estimate > 0 ? "+" : "",
                   pl_rounded(d->gain.estimate, decimals, number));
    if (!isnan(d->gain.low))
        pl_text_format(out, " (%s to %s)", pl_rounded(d->gain.low, decimals, low), pl_rounded(d->gain.high, decimals, high));
    pl_text_put(out, "\n");
    put_parts(out, play, d);
}

void pl_play_put_deviations(pl_text *out, const pl_play *play) {
    const pl_deviations *all = play->deviations;
    if (!all) return;
    pl_text_put(out, "\nWho would leave this profile, and why (gains and what makes most of them; 95 % intervals, paired)\n   ");
    pl_play_courses(out, play, all->profile);
    pl_text_put(out, "\n");
    for (int i = 0, actor = -1; i < all->count; i++) {
        const pl_deviation *d = &all->items[i];
        if (d->actor != actor) {
            actor = d->actor;
            pl_text_format(out, "   %s %s\n", pl_actor_title(&play->ensemble->situation->actors[actor], PL_EN),
                           d->gain.estimate > 0 ? "would gain by" : "would not gain");
        }
        put_deviation(out, play, d);
    }
}
