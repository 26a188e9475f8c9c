/* See deviation.h. */
#include "study/deviation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble/design.h"
#include "study/statistics.h"

typedef struct work {
    const pl_ensemble *e;
    const pl_sample *sample;
    double *difference; /* [future of the ensemble]; NaN where it does not count */
    bool random;
} work;

pl_status pl_profile_find_in(const pl_situation *s, const char *name, long *profile, pl_error *error) {
    char list[300] = "'base'";
    *profile = pl_situation_combination(s, s->base_course);
    for (int i = 0; i < s->profile_count; i++) {
        size_t used = strlen(list);
        if (strcmp(s->profiles[i].name, name) == 0) {
            *profile = pl_situation_combination(s, s->profiles[i].course);
            return PL_OK;
        }
        snprintf(list + used, sizeof list - used, ", '%s'", s->profiles[i].name);
    }
    if (strcmp(name, "base") == 0) return PL_OK;
    return pl_error_set(error, PL_USAGE, NULL, 0, 0, "there is no profile '%.60s'; the profiles are %s", name, list);
}

pl_status pl_profile_find(const pl_ensemble *e, const char *name, long *profile, pl_error *error) {
    return pl_profile_find_in(e->situation, name, profile, error);
}

/* The mean of the payoffs' difference. */
static pl_interval gain(work *w, int actor, long to, long from) {
    const double *with = pl_ensemble_payoff(w->e, actor, to), *without = pl_ensemble_payoff(w->e, actor, from);
    for (long k = 0; k < w->sample->count; k++) {
        long f = w->sample->future[k];
        w->difference[f] = with[f] - without[f];
    }
    return pl_mean_of(w->difference, w->e->futures, w->random);
}

/* What a want has in it, with the weight of each future. */
static pl_interval part(work *w, const pl_design *design, const pl_want *want, long to, long from) {
    const double *with = pl_ensemble_measure(w->e, want->measure, to);
    const double *without = pl_ensemble_measure(w->e, want->measure, from);
    for (long k = 0; k < w->sample->count; k++) {
        long f = w->sample->future[k];
        double weight = pl_design_weight(design, want, f);
        w->difference[f] = weight * (with[f] - without[f]) / want->per;
    }
    return pl_mean_of(w->difference, w->e->futures, w->random);
}

static int larger_gain(const void *a, const void *b) {
    const pl_deviation *x = a, *y = b;
    if (x->actor != y->actor) return x->actor < y->actor ? -1 : 1;
    if (x->gain.estimate != y->gain.estimate) return x->gain.estimate < y->gain.estimate ? 1 : -1;
    return (x->course > y->course) - (x->course < y->course);
}

static void add_deviation(work *w, pl_arena *arena, pl_deviations *all, int actor, int course) {
    const pl_situation *s = w->e->situation;
    const pl_design design = pl_design_of(s);
    int courses[s->actor_count];
    for (int i = 0; i < s->actor_count; i++) courses[i] = pl_situation_course(s, all->profile, i);
    if (courses[actor] == course) return;
    courses[actor] = course;
    pl_deviation *d = &all->items[all->count++];
    *d = (pl_deviation){.actor = actor, .course = course, .profile = pl_situation_combination(s, courses)};
    d->gain = gain(w, actor, d->profile, all->profile);
    d->part = PL_ARRAY(arena, s->actors[actor].want_count, pl_interval);
    for (int i = 0; i < s->actors[actor].want_count; i++)
        d->part[i] = part(w, &design, &s->actors[actor].wants[i], d->profile, all->profile);
}

void pl_deviations_make(pl_deviations *all, pl_arena *arena, const pl_ensemble *e, const pl_sample *sample,
                        long profile) {
    const pl_situation *s = e->situation;
    work w = {.e = e, .sample = sample, .random = pl_ensemble_is_random(e)};
    size_t room = 0;
    for (int i = 0; i < s->actor_count; i++) room += (size_t)s->actors[i].course_count;
    *all = (pl_deviations){.profile = profile, .items = PL_ARRAY(arena, room, pl_deviation)};
    w.difference = PL_ARRAY(arena, e->futures, double);
    for (long f = 0; f < e->futures; f++) w.difference[f] = NAN;
    for (int i = 0; i < s->actor_count; i++)
        for (int k = 0; k < s->actors[i].course_count; k++) add_deviation(&w, arena, all, i, k);
    qsort(all->items, (size_t)all->count, sizeof *all->items, larger_gain);
}
