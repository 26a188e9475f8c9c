/* Boxes: what they limit, which cases break which limits, and how sure each limit is.  See prim.h. */
#include <math.h>
#include <string.h>

#include "study/prim.h"
#include "study/probability.h"

pl_prim_box pl_prim_box_copy(pl_arena *arena, const pl_cases *cases, const pl_prim_box *box) {
    pl_prim_box copy = *box;
    copy.low = PL_ARRAY(arena, cases->factor_count, double);
    copy.high = PL_ARRAY(arena, cases->factor_count, double);
    copy.holds = PL_ARRAY(arena, cases->category_count + 1, unsigned char);
    memcpy(copy.low, box->low, (size_t)cases->factor_count * sizeof(double));
    memcpy(copy.high, box->high, (size_t)cases->factor_count * sizeof(double));
    memcpy(copy.holds, box->holds, (size_t)cases->category_count);
    return copy;
}

static bool restricts_side(const pl_prim *p, const pl_prim_box *box, int factor, int side) {
    const pl_factor *f = &p->cases->factors[factor];
    if (f->kind == PL_FACTOR_CATEGORY)
        return side == 0 && memcmp(box->holds + f->first, p->initial.holds + f->first, (size_t)f->category_count) != 0;
    return side ? box->high[factor] != p->initial.high[factor] : box->low[factor] != p->initial.low[factor];
}

bool pl_prim_restricts(const pl_prim *prim, const pl_prim_box *box, int factor) {
    return restricts_side(prim, box, factor, 0) || restricts_side(prim, box, factor, 1);
}

static bool breaks_limit(const pl_prim_box *box, const pl_factor *f, pl_prim_limit limit, double value) {
    if (f->kind == PL_FACTOR_CATEGORY) return !box->holds[f->first + (int)value];
    return limit.side ? value > box->high[limit.factor] : value < box->low[limit.factor];
}

static void mark_limit(pl_prim *p, const pl_prim_box *box, int number) {
    const pl_prim_limit limit = p->limits[number];
    const pl_factor *f = &p->cases->factors[limit.factor];
    for (long u = 0; u < p->cases->grains[f->grain].units; u++) {
        if (!breaks_limit(box, f, limit, f->values[u])) continue;
        p->breaks[f->grain][u] = p->breaks[f->grain][u] ? 2 : 1;
        p->broken[f->grain][u] = number;
    }
}

void pl_prim_mark(pl_prim *prim, const pl_prim_box *box) {
    for (int g = 0; g < PL_GRAINS; g++)
        if (prim->cases->grains[g].units) memset(prim->breaks[g], 0, (size_t)prim->cases->grains[g].units);
    prim->limit_count = 0;
    for (int f = 0; f < prim->cases->factor_count; f++)
        for (int side = 0; side < 2; side++)
            if (restricts_side(prim, box, f, side)) prim->limits[prim->limit_count++] = (pl_prim_limit){f, side};
    for (int i = 0; i < prim->limit_count; i++) mark_limit(prim, box, i);
}

int pl_prim_breaks(const pl_prim *prim, long i, int *limit) {
    int breaks = 0;
    *limit = -1;
    for (int g = 0; g < PL_GRAINS; g++) {
        const pl_grain *grain = &prim->cases->grains[g];
        if (!grain->units) continue;
        long u = grain->unit ? grain->unit[i] : i;
        if (prim->breaks[g][u]) *limit = prim->broken[g][u];
        breaks += prim->breaks[g][u];
    }
    return breaks > 2 ? 2 : breaks;
}

void pl_prim_quasi_p(pl_prim *prim, const pl_prim_box *box, double *quasi_p) {
    long inside = 0, hits = 0;
    pl_prim_mark(prim, box);
    long *n = PL_ARRAY(prim->arena, prim->limit_count + 1, long), *k = PL_ARRAY(prim->arena, prim->limit_count + 1, long);
    for (int i = 0; i < 2 * prim->cases->factor_count; i++) quasi_p[i] = NAN;
    for (long i = 0; i < prim->cases->count; i++) {
        int limit, breaks = prim->remains[i] ? pl_prim_breaks(prim, i, &limit) : 2;
        if (breaks == 0) inside++, hits += prim->cases->interest[i];
        if (breaks == 1) n[limit]++, k[limit] += prim->cases->interest[i];
    }
    for (int i = 0; i < prim->limit_count; i++) {
        double share = (double)(hits + k[i]) / (double)(inside + n[i]);
        quasi_p[2 * prim->limits[i].factor + prim->limits[i].side] = pl_binomial_at_least(hits, inside, share);
    }
}
