/* PRIM again in random halves of the cases (Bryant and Lempert 2010; as resample() of the EMA workbench, with the
 * settings of the search): which factors are limited there, too, and how well those boxes do in the other halves.  A
 * half takes whole clusters, so that cases of one future are never on both sides. */
#include <math.h>
#include <setjmp.h>

#include "base/philox.h"
#include "study/discover.h"

typedef struct halves {
    pl_discovery *d;
    pl_found *found;
    pl_arena arena;          /* of one half */
    long *number;            /* [cluster] its number among those with cases that remain, or -1 */
    long clusters;           /* how many have */
    unsigned char *members;  /* [case] */
    long inside;             /* halves whose box holds cases of the other half */
    jmp_buf out;
} halves;

static long cluster_of(const pl_cases *c, long i) { return c->cluster ? c->cluster[i] : i; }

static void number_clusters(halves *h) {
    const pl_cases *c = &h->d->cases;
    for (long k = 0; k < c->clusters; k++) h->number[k] = -1;
    for (long i = 0; i < c->count; i++)
        if (h->d->prim.remains[i]) h->number[cluster_of(c, i)] = 0;
    for (long k = 0; k < c->clusters; k++)
        if (h->number[k] == 0) h->number[k] = h->clusters++;
}

/* Returns whether there is anything in the half. */
static bool draw(halves *h, uint64_t key) {
    const pl_cases *c = &h->d->cases;
    bool any = false;
    for (long i = 0; i < c->count; i++) {
        h->members[i] = 0;
        if (!h->d->prim.remains[i]) continue;
        uint64_t number = (uint64_t)h->number[cluster_of(c, i)];
        h->members[i] = pl_permute(key, number, (uint64_t)h->clusters) < (uint64_t)(h->clusters / 2);
        any |= h->members[i];
    }
    return any;
}

/* The box of a trajectory whose coverage or density is nearest to a value; of equal ones the last, which says most (the
 * reference takes the first, which may be the one without limits). */
static int nearest(const pl_prim *p, const pl_prim_trajectory *t, int what, double value) {
    int best = 0;
    double least = INFINITY;
    for (int b = 0; b < t->count; b++) {
        const pl_prim_box *box = &t->boxes[b];
        double of = what == PL_COVERAGE ? (double)(p->hits ? p->hits : 1) : (double)box->count;
        double distance = fabs((double)box->hits / of - value);
        if (distance <= least) least = distance, best = b;
    }
    return best;
}

static void widen(pl_interval *outside, double value, bool first) {
    outside->estimate += value;
    outside->low = first ? value : fmin(outside->low, value);
    outside->high = first ? value : fmax(outside->high, value);
}

/* Coverage and density of a half's box in the other half. */
static void try_outside(halves *h, pl_prim *p, const pl_prim_box *box) {
    const pl_cases *c = &h->d->cases;
    long count = 0, hits = 0, all = 0;
    int limit;
    pl_prim_mark(p, box);
    for (long i = 0; i < c->count; i++) {
        if (!h->d->prim.remains[i] || h->members[i]) continue;
        all += c->interest[i];
        if (pl_prim_breaks(p, i, &limit)) continue;
        count++, hits += c->interest[i];
    }
    if (!all || !count) return;
    widen(&h->found->outside[PL_COVERAGE], (double)hits / (double)all, h->inside == 0);
    widen(&h->found->outside[PL_DENSITY], (double)hits / (double)count, h->inside == 0);
    h->inside++;
}

static void search_half(halves *h) {
    pl_prim p;
    pl_prim_trajectory t;
    pl_found *found = h->found;
    const double share = 1.0 / h->d->resamples;
    pl_prim_start(&p, &h->arena, &h->d->cases, &h->d->settings, h->members);
    pl_prim_find(&p, &t);
    const pl_prim_box *covering = &t.boxes[nearest(&p, &t, PL_COVERAGE, found->coverage[found->chosen].estimate)];
    const pl_prim_box *dense = &t.boxes[nearest(&p, &t, PL_DENSITY, found->density[found->chosen].estimate)];
    for (int f = 0; f < h->d->cases.factor_count; f++) {
        if (pl_prim_restricts(&p, covering, f)) found->reproduced[f].coverage += share;
        if (pl_prim_restricts(&p, dense, f)) found->reproduced[f].density += share;
    }
    try_outside(h, &p, dense);
}

static void finish(halves *h) {
    for (int what = 0; what < 2; what++) {
        pl_interval *o = &h->found->outside[what];
        if (h->inside) o->estimate /= (double)h->inside;
        else *o = (pl_interval){NAN, NAN, NAN};
    }
}

static void leave(void *context) { longjmp(((halves *)context)->out, 1); }

/* False: out of memory. In a function of its own: what setjmp leaves behind must not live in the caller's registers. */
static bool search_all(halves *h, uint64_t seed) {
    if (setjmp(h->out)) return false;
    h->arena.out_of_memory = leave, h->arena.context = h;
    for (int r = 0; r < h->d->resamples; r++) {
        if (draw(h, pl_stream_key(seed, (uint64_t)r))) search_half(h);
        pl_arena_free(&h->arena);
    }
    return true;
}

void pl_discovery_reproduce(pl_discovery *d, pl_found *found, uint64_t seed) {
    halves h = {.d = d, .found = found};
    found->reproduced = PL_ARRAY(&d->arena, d->cases.factor_count, pl_reproduced);
    h.number = PL_ARRAY(&d->arena, d->cases.clusters, long);
    h.members = PL_ARRAY(&d->arena, d->cases.count, unsigned char);
    number_clusters(&h);
    bool done = search_all(&h, pl_stream_key(seed, pl_fnv1a("discover/halves", 15)));
    pl_arena_free(&h.arena);
    if (!done) d->arena.out_of_memory(d->arena.context);
    finish(&h);
}
