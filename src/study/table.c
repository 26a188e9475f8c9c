/* Profiles x measures: how each measure lies over the futures under each profile, and its paired difference from the
 * base profile over the same futures.  Noise in the draws cancels in the difference, which is why it is what counts. */
#include "study/table.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "study/statistics.h"

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static void add_row(pl_comparison *c, long profile, const pl_profile *named) {
    if (profile == c->ensemble->base && c->base_row < 0) c->base_row = c->rows;
    c->profile[c->rows] = profile;
    c->named[c->rows++] = named;
}

static const pl_profile *name_of(const pl_situation *s, long profile) {
    for (int i = 0; i < s->profile_count; i++)
        if (pl_situation_combination(s, s->profiles[i].course) == profile) return &s->profiles[i];
    return NULL;
}

static void list_rows(pl_comparison *c, bool all) {
    const pl_ensemble *e = c->ensemble;
    const pl_situation *s = e->situation;
    size_t most = (size_t)(all || !s->profile_count ? e->profiles : s->profile_count + 1);
    c->profile = PL_ARRAY(&c->arena, most, long);
    c->named = PL_ARRAY(&c->arena, most, const pl_profile *);
    c->base_row = -1;
    if (all || !s->profile_count) {
        for (long p = 0; p < e->profiles; p++) add_row(c, p, name_of(s, p));
        return;
    }
    if (!name_of(s, e->base)) add_row(c, e->base, NULL);
    for (int i = 0; i < s->profile_count; i++)
        add_row(c, pl_situation_combination(s, s->profiles[i].course), &s->profiles[i]);
}

static pl_cell fill_cell(const pl_ensemble *e, int measure, long profile, double *work) {
    const double *values = pl_ensemble_measure(e, measure, profile), *base = pl_ensemble_measure(e, measure, e->base);
    bool random = pl_ensemble_is_random(e);
    double *differences = work + 2 * e->futures;
    pl_cell cell = {.value = pl_spread_of(values, e->futures, random, work)};
    cell.missing = e->futures - cell.value.count;
    for (long f = 0; f < e->futures; f++) differences[f] = values[f] - base[f];
    cell.difference = pl_spread_of(differences, e->futures, random, work);
    return cell;
}

static void fill(pl_comparison *c, bool all) {
    const pl_ensemble *e = c->ensemble;
    list_rows(c, all);
    c->columns = e->measure_count;
    c->cells = PL_ARRAY(&c->arena, (size_t)c->rows * (size_t)c->columns, pl_cell);
    double *work = PL_ARRAY(&c->arena, 3 * (size_t)e->futures, double);
    for (int row = 0; row < c->rows; row++)
        for (int column = 0; column < c->columns; column++)
            c->cells[row * c->columns + column] = fill_cell(e, column, c->profile[row], work);
}

pl_status pl_ensemble_compare(const pl_ensemble *ensemble, int all, pl_comparison **comparison, pl_error *error) {
    *comparison = NULL;
    if (pl_ensemble_require_sample(ensemble, error) != PL_OK) return PL_UNSUPPORTED;
    pl_comparison *c = pl_allocate(sizeof *c);
    if (!c) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    jmp_buf back;
    c->ensemble = ensemble;
    c->arena.out_of_memory = leave;
    c->arena.context = &back;
    if (setjmp(back)) {
        pl_comparison_free(c);
        return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    }
    fill(c, all != 0);
    c->arena.out_of_memory = NULL;
    *comparison = c;
    return PL_OK;
}

void pl_comparison_free(pl_comparison *comparison) {
    if (!comparison) return;
    pl_arena_free(&comparison->arena);
    pl_release(comparison);
}

int pl_comparison_rows(const pl_comparison *comparison) { return comparison->rows; }
int pl_comparison_columns(const pl_comparison *comparison) { return comparison->columns; }

const pl_cell *pl_comparison_cell(const pl_comparison *comparison, int row, int column) {
    return &comparison->cells[row * comparison->columns + column];
}

const char *pl_comparison_row_name(const pl_comparison *comparison, int row, pl_language language,
                                   char out[PL_NAME_ROOM]) {
    const pl_profile *named = comparison->named[row];
    if (named) {
        const char *title = named->title.in[language];
        snprintf(out, PL_NAME_ROOM, "%s", *title ? title : named->name);
    } else {
        pl_ensemble_profile_name(comparison->ensemble, comparison->profile[row], language, out, PL_NAME_ROOM);
    }
    return out;
}

const char *pl_comparison_row_key(const pl_comparison *c, int row, char out[PL_NAME_ROOM]) {
    const pl_situation *s = c->ensemble->situation;
    if (c->named[row]) return c->named[row]->name;
    size_t used = (size_t)snprintf(out, PL_NAME_ROOM, "%s", s->actor_count ? "" : "base");
    for (int a = 0; a < s->actor_count && used < PL_NAME_ROOM; a++) {
        const pl_course *course = &s->actors[a].courses[pl_situation_course(s, c->profile[row], a)];
        used += (size_t)snprintf(out + used, PL_NAME_ROOM - used, "%s%s", a ? " / " : "", course->name);
    }
    return out;
}
