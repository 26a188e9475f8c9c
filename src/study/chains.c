/* See chains.h. */
#include "study/chains.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/cholesky.h"
#include "base/philox.h"
#include "ensemble/situation.h"
#include "program/math.h"
#include "study/convergence.h"

/* One walker's random numbers of one step: number k. */
enum { DRAW_ACCEPT, DRAW_KIND, DRAW_SHARE, DRAW_JUMP, DRAW_PAIRS, DRAW_SCALE, DRAW_STATE, DRAW_FREE = DRAW_STATE + 6 };
enum { ARCHIVE = 32 }; /* states that a round keeps of each walker for the next */

typedef struct walk {
    const pl_chains *c;
    int count;                 /* walkers of all ensembles */
    double *states, *values;   /* [walker][dimensions], [walker] */
    double *trials, *found;
    double *gain;              /* [walker] what a trial's log density gains by how it was proposed */
    double *mean, *factor;     /* [ensemble][dimensions], [ensemble][dimensions][dimensions] of the archive, Cholesky's */
    bool normal;               /* whether these are known: from the second round on */
    double *archive;           /* [ensemble][archived][dimensions] */
    double *next;              /* the same, of this round */
    int archived, taken;       /* states of each ensemble in archive and in next */
    uint64_t step;             /* over all rounds */
    long accepted;
    pl_sampled *out;
} walk;

static double draw(const walk *w, int walker, int k) {
    return pl_uniform_at(w->c->key, w->step * (uint64_t)w->count + (uint64_t)walker, (uint64_t)k);
}

static const double *archived(const walk *w, int walker, int k) {
    int place = (int)(draw(w, walker, k) * w->archived), ensemble = walker / w->c->walkers;
    if (place >= w->archived) place = w->archived - 1;
    return w->archive + ((size_t)ensemble * (size_t)w->archived + (size_t)place) * (size_t)w->c->dimensions;
}

/* The sum of one to three differences, in some of the dimensions; now and then a whole one, from mode to mode. */
static void propose_difference(walk *w, int walker) {
    static const double shares[] = {0, 0.1, 0.4, 1}; /* 0: one dimension alone */
    int d = w->c->dimensions, pairs = 1 + (int)(draw(w, walker, DRAW_PAIRS) * 3), moved = 0;
    if (pairs > 3) pairs = 3;
    double share = shares[(int)(draw(w, walker, DRAW_SHARE) * 3.999999)];
    const double *own = w->states + (size_t)walker * (size_t)d;
    double *trial = w->trials + (size_t)walker * (size_t)d;
    int always = (int)(draw(w, walker, DRAW_FREE) * d) % d;
    for (int i = 0; i < d; i++) moved += i == always || draw(w, walker, DRAW_FREE + 1 + i) < share;
    double jump = 2.38 / sqrt(2.0 * pairs * moved);
    if (draw(w, walker, DRAW_JUMP) < 0.1) jump = 1, pairs = 1;
    jump *= 0.5 + draw(w, walker, DRAW_SCALE);
    for (int i = 0; i < d; i++) {
        trial[i] = own[i];
        if (i != always && draw(w, walker, DRAW_FREE + 1 + i) >= share) continue;
        double sum = 0;
        for (int k = 0; k < pairs; k++)
            sum += archived(w, walker, DRAW_STATE + 2 * k)[i] - archived(w, walker, DRAW_STATE + 2 * k + 1)[i];
        double jitter = 1e-4 * pl_normal_quantile(draw(w, walker, DRAW_FREE + 1 + d + i));
        trial[i] += jump * sum + jitter;
    }
}

/* A step that a normal density with the archive's moments is reversible under: part of what it was, part drawn anew. It
 * gains by that density at the one end over that at the other. */
static void propose_normal(walk *w, int walker) {
    int d = w->c->dimensions, ensemble = walker / w->c->walkers;
    const double *mean = w->mean + (size_t)ensemble * (size_t)d, *own = w->states + (size_t)walker * (size_t)d;
    const double *factor = w->factor + (size_t)ensemble * (size_t)d * (size_t)d;
    double *trial = w->trials + (size_t)walker * (size_t)d, z[d], fresh = 0.1 + 0.9 * draw(w, walker, DRAW_SCALE);
    double before = 0, after = 0, rest = sqrt(1 - fresh * fresh);
    for (int i = 0; i < d; i++) {
        z[i] = own[i] - mean[i];
        for (int k = 0; k < i; k++) z[i] -= factor[i * d + k] * z[k];
        z[i] /= factor[i * d + i];
    }
    for (int i = 0; i < d; i++) {
        before += z[i] * z[i];
        z[i] = rest * z[i] + fresh * pl_normal_quantile(draw(w, walker, DRAW_FREE + 1 + i));
        after += z[i] * z[i];
        trial[i] = mean[i];
        for (int k = 0; k <= i; k++) trial[i] += factor[i * d + k] * z[k];
    }
    w->gain[walker] = (after - before) / 2;
}

static void propose(walk *w, int walker) {
    w->gain[walker] = 0;
    if (w->normal && draw(w, walker, DRAW_KIND) < 0.5) propose_normal(w, walker);
    else propose_difference(w, walker);
}

static void accept(walk *w) {
    size_t d = (size_t)w->c->dimensions;
    for (int i = 0; i < w->count; i++) {
        if (!(pl_log(draw(w, i, DRAW_ACCEPT)) < w->found[i] - w->values[i] + w->gain[i])) continue;
        memcpy(w->states + (size_t)i * d, w->trials + (size_t)i * d, d * sizeof *w->states);
        w->values[i] = w->found[i];
        w->accepted++;
    }
}

/* The states of a step into the draws, and into the archive of the next round. */
static void keep_draws(walk *w, int place) {
    size_t d = (size_t)w->c->dimensions, chains = (size_t)w->count, count = (size_t)w->out->count;
    for (size_t i = 0; i < chains; i++)
        for (size_t k = 0; k < d; k++) w->out->draws[(k * chains + i) * count + (size_t)place] = w->states[i * d + k];
}

static void keep_states(walk *w, int room) {
    size_t d = (size_t)w->c->dimensions, walkers = (size_t)w->c->walkers;
    for (int e = 0; e < w->c->ensembles; e++)
        memcpy(w->next + ((size_t)e * (size_t)room + (size_t)w->taken) * d, w->states + (size_t)e * walkers * d,
               walkers * d * sizeof *w->next);
    w->taken += w->c->walkers;
}

/* Of the last half of a round for the archive, of all of it for the draws. */
static pl_status go_round(walk *w, int steps) {
    int kept = 0, room = ARCHIVE * w->c->walkers;
    w->taken = 0, w->accepted = 0;
    for (int t = 0; t < steps; t++) {
        w->step++;
        for (int i = 0; i < w->count; i++) propose(w, i);
        pl_status status = w->c->log_density(w->c->context, w->trials, w->count, w->found);
        if (status != PL_OK) return status;
        accept(w);
        while (kept < w->out->count && (long)(kept + 1) * steps <= (long)(t + 1) * w->out->count) keep_draws(w, kept++);
        int late = t - steps / 2;
        if (late >= 0 && w->taken < room && (long)(w->taken / w->c->walkers) * (steps - steps / 2) <= (long)late * ARCHIVE)
            keep_states(w, room);
    }
    w->out->acceptance = (double)w->accepted / ((double)steps * w->count);
    return PL_OK;
}

/* The moments of an ensemble's archive, whose covariance counts as many unit normal states as there are dimensions. */
static bool find_moments(walk *w, int ensemble) {
    int d = w->c->dimensions;
    const double *states = w->archive + (size_t)ensemble * (size_t)w->archived * (size_t)d;
    double *mean = w->mean + (size_t)ensemble * (size_t)d, *factor = w->factor + (size_t)ensemble * (size_t)d * (size_t)d;
    memset(mean, 0, (size_t)d * sizeof *mean);
    for (int n = 0; n < w->archived; n++)
        for (int i = 0; i < d; i++) mean[i] += states[(size_t)n * (size_t)d + (size_t)i] / w->archived;
    for (int i = 0; i < d; i++)
        for (int j = 0; j <= i; j++) {
            double sum = i == j ? d : 0;
            for (int n = 0; n < w->archived; n++) {
                const double *x = states + (size_t)n * (size_t)d;
                sum += (x[i] - mean[i]) * (x[j] - mean[j]);
            }
            factor[i * d + j] = sum / (w->archived + d);
        }
    return pl_cholesky_factor(factor, d);
}

static void turn_archive(walk *w) {
    double *old = w->archive;
    size_t d = (size_t)w->c->dimensions, room = (size_t)ARCHIVE * (size_t)w->c->walkers;
    for (size_t e = 1; e < (size_t)w->c->ensembles; e++) /* close the gaps where the archive did not fill */
        memmove(w->next + e * (size_t)w->taken * d, w->next + e * room * d, (size_t)w->taken * d * sizeof *w->next);
    w->archive = w->next, w->next = old, w->archived = w->taken;
    w->normal = true;
    for (int e = 0; e < w->c->ensembles; e++) w->normal = find_moments(w, e) && w->normal;
}

static pl_status judge(const walk *w) {
    size_t each = (size_t)w->count * (size_t)w->out->count;
    w->out->converged = true;
    for (int k = 0; k < w->c->dimensions; k++) {
        pl_convergence *c = &w->out->convergence[k];
        pl_status status = pl_convergence_of(w->out->draws + (size_t)k * each, w->count, w->out->count, c);
        if (status != PL_OK) return status;
        w->out->converged &= c->rhat <= w->c->rhat && fmin(c->bulk, c->tail) >= w->c->size;
    }
    return PL_OK;
}

/* The first archive: where the walkers start, and as many normal numbers, so that no dimension begins too narrow. */
static void open_archive(walk *w, const double *start) {
    const pl_chains *c = w->c;
    size_t d = (size_t)c->dimensions, own = (size_t)c->walkers * d;
    uint64_t key = pl_stream_key(c->key, 1);
    for (size_t e = 0; e < (size_t)c->ensembles; e++) {
        double *archive = w->archive + 2 * e * own;
        memcpy(archive, start + e * own, own * sizeof *start);
        for (size_t k = 0; k < own; k++) archive[own + k] = pl_normal_quantile(pl_uniform_at(key, e, k));
    }
    w->archived = 2 * c->walkers;
}

static pl_status go(walk *w, const double *start) {
    const pl_chains *c = w->c;
    size_t d = (size_t)c->dimensions;
    memcpy(w->states, start, (size_t)w->count * d * sizeof *start);
    open_archive(w, start);
    pl_status status = c->log_density(c->context, w->states, w->count, w->values);
    for (int steps = c->first; status == PL_OK; steps *= 2) {
        if (steps > c->most) steps = c->most;
        status = go_round(w, steps);
        w->out->steps += steps;
        if (status == PL_OK) status = judge(w);
        if (w->out->converged || steps == c->most) return status;
        turn_archive(w);
    }
    return status;
}

pl_status pl_chains_run(const pl_chains *c, const double *start, pl_sampled *out) {
    size_t d = (size_t)c->dimensions, count = (size_t)c->ensembles * (size_t)c->walkers;
    *out = (pl_sampled){.chains = (int)count, .count = c->kept < c->first ? c->kept : c->first};
    out->draws = pl_allocate((d * count * (size_t)out->count + 1) * sizeof *out->draws);
    out->convergence = pl_allocate((d + 1) * sizeof *out->convergence);
    double *room = pl_allocate((count * (2 * d + 3) + (2 * ARCHIVE * count + (size_t)c->ensembles * (d + 1)) * d + 1) *
                               sizeof *room);
    pl_status status = out->draws && out->convergence && room ? PL_OK : PL_MEMORY;
    if (status == PL_OK) {
        walk w = {.c = c, .count = (int)count, .states = room, .out = out};
        w.values = w.states + count * d, w.trials = w.values + count, w.found = w.trials + count * d;
        w.gain = w.found + count;
        w.archive = w.gain + count, w.next = w.archive + ARCHIVE * count * d;
        w.mean = w.next + ARCHIVE * count * d, w.factor = w.mean + (size_t)c->ensembles * d;
        status = go(&w, start);
    }
    pl_release(room);
    return status;
}

void pl_sampled_free(pl_sampled *sampled) {
    pl_release(sampled->draws), pl_release(sampled->convergence);
    *sampled = (pl_sampled){0};
}
