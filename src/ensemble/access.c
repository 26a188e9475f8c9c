/* What the public interface gives of an ensemble: its shape, its names, and its numbers as they lie in memory. */
#include "ensemble/ensemble.h"

pl_shape pl_ensemble_shape(const pl_ensemble *e) {
    return (pl_shape){.profiles = e->profiles,
                      .futures = e->futures,
                      .base = e->base,
                      .measures = e->measure_count,
                      .actors = e->actor_count,
                      .uncertainties = e->uncertainty_count};
}

const char *pl_ensemble_measure_name(const pl_ensemble *e, int measure) { return e->situation->measures[measure].name; }

const char *pl_ensemble_actor_name(const pl_ensemble *e, int actor) { return e->situation->actors[actor].name; }

const char *pl_ensemble_uncertainty_name(const pl_ensemble *e, int uncertainty) {
    return e->situation->uncertainties[uncertainty].name;
}

int pl_ensemble_course_count(const pl_ensemble *e, int actor) { return e->situation->actors[actor].course_count; }

const char *pl_ensemble_course_name(const pl_ensemble *e, int actor, int course) {
    return e->situation->actors[actor].courses[course].name;
}

int pl_ensemble_course(const pl_ensemble *e, long profile, int actor) {
    return pl_situation_course(e->situation, profile, actor);
}

const double *pl_ensemble_measure_values(const pl_ensemble *e, int measure, long profile) {
    return pl_ensemble_measure(e, measure, profile);
}

const double *pl_ensemble_payoff_values(const pl_ensemble *e, int actor, long profile) {
    return pl_ensemble_payoff(e, actor, profile);
}

const double *pl_ensemble_draw_values(const pl_ensemble *e, int uncertainty) {
    return e->draws + (size_t)uncertainty * (size_t)e->futures;
}
