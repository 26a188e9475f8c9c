/* Runs cases of a results file again, each alone, and compares every bit: measures, payoffs, draws, weights and
 * failures; and all series that it keeps. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/philox.h"
#include "ensemble/ensemble.h"
#include "ensemble/explore.h"

typedef struct verifier {
    const pl_ensemble *e;
    const char *path;
    pl_program *program;
    double *draws, *taken; /* [input], [measure] */
    pl_error *error;
} verifier;

/* The k-th case that is looked at: any may come, the same ones for the same results. */
static long choose_case(const pl_ensemble *e, long k) {
    static const char name[] = "verify";
    uint64_t key = pl_stream_key(e->seed, pl_fnv1a(name, sizeof name - 1));
    double cases = (double)e->profiles * (double)e->futures;
    long number = (long)(pl_uniform_at(key, (uint64_t)k, 0) * cases);
    return number < e->profiles * e->futures ? number : e->profiles * e->futures - 1;
}

static pl_status differ(const verifier *v, long profile, long future, const char *what, double found, double again) {
    char name[300];
    pl_ensemble_profile_name(v->e, profile, PL_EN, name, sizeof name);
    return pl_error_set(v->error, PL_INVALID, v->path, 0, 0,
                        "%s under '%s' in future %ld is %.17g in the file, and %.17g when it is run again", what, name,
                        future, found, again);
}

static pl_status check_draws(const verifier *v, const pl_design *design, long profile, long future) {
    const pl_situation *s = v->e->situation;
    pl_futures_draw(s, design, future, 1, v->draws, 1);
    for (int u = 0; u < s->uncertainty_count; u++) {
        double found = v->e->draws[(size_t)u * (size_t)v->e->futures + (size_t)future];
        double again = v->draws[s->uncertainties[u].input];
        if (memcmp(&found, &again, sizeof found) != 0)
            return differ(v, profile, future, s->uncertainties[u].name, found, again);
    }
    for (int w = 0; w < s->weight_count; w++) {
        const pl_want *want = &s->actors[s->weights[w].actor].wants[s->weights[w].want];
        double found = v->e->weights[(size_t)w * (size_t)v->e->futures + (size_t)future];
        double again = pl_design_weight(design, want, future);
        if (memcmp(&found, &again, sizeof found) != 0)
            return differ(v, profile, future, s->weights[w].name, found, again);
    }
    return PL_OK;
}

static pl_status check_payoffs(const verifier *v, const pl_design *design, long profile, long future) {
    const pl_situation *s = v->e->situation;
    for (int a = 0; a < s->actor_count; a++) {
        double found = pl_ensemble_payoff(v->e, a, profile)[future], again;
        char what[120];
        pl_actor_payoff(&s->actors[a], design, v->taken, 1, future, 1, &again);
        if (memcmp(&found, &again, sizeof found) == 0) continue;
        snprintf(what, sizeof what, "the payoff of '%.80s'", s->actors[a].name);
        return differ(v, profile, future, what, found, again);
    }
    return PL_OK;
}

static pl_status check_case(const verifier *v, long profile, long future) {
    const pl_ensemble *e = v->e;
    pl_design design = pl_design_of(e->situation);
    unsigned char failed = e->failed[profile * e->futures + future];
    pl_outcome outcome;
    if (failed > 1) return PL_OK; /* it was never run */
    pl_status status = check_draws(v, &design, profile, future);
    if (status == PL_OK) status = pl_case_run(e->situation, v->program, &design, profile, future, v->taken, &outcome);
    if (status != PL_OK) return status;
    if (failed != outcome.failed) return differ(v, profile, future, "failure", failed, outcome.failed);
    for (int m = 0; m < e->measure_count; m++) {
        double found = pl_ensemble_measure(e, m, profile)[future];
        if (memcmp(&found, &v->taken[m], sizeof found) != 0)
            return differ(v, profile, future, e->situation->measures[m].name, found, v->taken[m]);
    }
    return check_payoffs(v, &design, profile, future);
}

/* All series that the file keeps of a bundle of traces, run again as they were made. */
static pl_status check_bundle(const verifier *v, const pl_traces *runs, int place, int from, double *again,
                              double *found) {
    int bundle = pl_traces_bundle(runs), to = from + bundle < runs->count ? from + bundle : runs->count;
    size_t points = (size_t)runs->points, size = (size_t)runs->futures * points;
    pl_status status = pl_traces_run(runs, runs->profiles[place], from, to, again);
    for (int trace = from; trace < to && status == PL_OK; trace++) {
        status = pl_ensemble_series(v->e, trace, place, found, v->error);
        const double *own = again + (size_t)(trace - from) * size;
        for (size_t i = 0; i < size && status == PL_OK; i++)
            if (memcmp(&found[i], &own[i], sizeof *found) != 0)
                status = differ(v, runs->profiles[place], (long)(i / points), runs->names[trace], found[i], own[i]);
    }
    return status;
}

static pl_status check_series(const verifier *v) {
    pl_traces *runs = NULL;
    pl_status status = pl_traces_make(v->e->situation, &runs, v->error);
    if (status != PL_OK || !runs) return status;
    size_t size = (size_t)runs->futures * (size_t)runs->points * sizeof(double);
    int bundle = pl_traces_bundle(runs);
    double *again = pl_allocate((size_t)bundle * size), *found = pl_allocate(size);
    if (runs->points != v->e->traces->points)
        status = pl_error_set(v->error, PL_INVALID, v->path, 0, 0, "the series have other times when they are run again");
    else if (!again || !found)
        status = PL_MEMORY;
    for (int place = 0; place < runs->profile_count; place++)
        for (int from = 0; from < runs->count && status == PL_OK; from += bundle)
            status = check_bundle(v, runs, place, from, again, found);
    pl_release(again), pl_release(found);
    pl_traces_free(runs);
    return status;
}

static pl_status check_cases(verifier *v, long count) {
    const pl_situation *s = v->e->situation;
    pl_status status = pl_situation_compile(s, true, NULL, 0, &v->program, v->error);
    if (status != PL_OK) return status;
    v->draws = pl_allocate(((size_t)s->input_count + 1) * sizeof *v->draws);
    v->taken = pl_allocate(((size_t)s->measure_count + 1) * sizeof *v->taken);
    if (!v->draws || !v->taken) status = PL_MEMORY;
    for (long k = 0; k < count && status == PL_OK; k++) {
        long number = choose_case(v->e, k);
        status = check_case(v, number % v->e->profiles, number / v->e->profiles);
    }
    if (status == PL_OK) status = check_series(v);
    if (status == PL_MEMORY) return pl_error_set(v->error, PL_MEMORY, NULL, 0, 0, "out of memory");
    return status;
}

static pl_status check_hash(const pl_situation *situation, const pl_explore_options *options, const char *path,
                            pl_error *error) {
    pl_situation s = *situation;
    char own[65], found[65];
    pl_status status = pl_situation_override(&s, options, error);
    if (status == PL_OK) status = pl_results_hash(path, found, error);
    if (status != PL_OK) return status;
    pl_situation_hash(&s, PL_VERSION, own);
    if (strcmp(own, found) == 0) return PL_OK;
    return pl_error_set(error, PL_INVALID, path, 0, 0,
                        "these are results of other inputs (model, situation, seed, futures, design or version)");
}

pl_status pl_verify(const pl_situation *situation, const pl_explore_options *options, const char *path, long count,
                    pl_error *error) {
    verifier v = {.path = path, .error = error};
    pl_ensemble *e = NULL;
    char standard[1024];
    if (!path) {
        pl_situation_results_path(situation, standard, sizeof standard);
        v.path = standard;
    }
    pl_status status = check_hash(situation, options, v.path, error);
    if (status == PL_OK) status = pl_ensemble_read(v.path, &e, error);
    v.e = e;
    if (status == PL_OK) status = check_cases(&v, count);
    pl_program_free(v.program);
    pl_release(v.draws), pl_release(v.taken);
    pl_ensemble_free(e);
    return status;
}
