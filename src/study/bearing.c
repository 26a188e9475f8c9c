/* See bearing.h. */
#include "study/bearing.h"

#include <math.h>

#include "study/statistics.h"

/* The share of futures in which a difference times a sign is above 0. */
static pl_interval share_above(const pl_ensemble *e, const double *own, const double *base, int sign, double *work) {
    long count;
    for (long f = 0; f < e->futures; f++) work[f] = isnan(own[f] - base[f]) ? NAN : sign * (own[f] - base[f]) > 0;
    return pl_share_of(work, e->futures, pl_ensemble_is_random(e), &count);
}

static void fill(pl_burden *burden, pl_arena *arena, const pl_comparison *c, double *work) {
    const pl_ensemble *e = c->ensemble;
    const double *base = pl_ensemble_measure(e, burden->measure, e->base);
    burden->worse = PL_ARRAY(arena, c->rows, pl_interval);
    burden->better = PL_ARRAY(arena, c->rows, pl_interval);
    for (int row = 0; row < c->rows; row++) {
        const double *own = pl_ensemble_measure(e, burden->measure, c->profile[row]);
        burden->worse[row] = share_above(e, own, base, -burden->sign, work);
        burden->better[row] = share_above(e, own, base, burden->sign, work);
    }
}

void pl_burdens_make(pl_burdens *burdens, pl_arena *arena, const pl_comparison *c) {
    const pl_situation *s = c->ensemble->situation;
    int count = 0;
    for (int m = 0; m < s->measure_count; m++) count += s->measures[m].bearing_count;
    *burdens = (pl_burdens){.items = PL_ARRAY(arena, count, pl_burden)};
    double *work = PL_ARRAY(arena, c->ensemble->futures, double);
    for (int g = 0; g < s->group_count; g++)
        for (int m = 0; m < s->measure_count; m++)
            for (int i = 0; i < s->measures[m].bearing_count; i++) {
                const pl_bearing *bearing = &s->measures[m].bearings[i];
                if (bearing->group != g) continue;
                pl_burden *burden = &burdens->items[burdens->count++];
                *burden = (pl_burden){.group = g, .measure = m, .sign = bearing->sign};
                fill(burden, arena, c, work);
            }
}
