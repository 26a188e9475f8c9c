/* See archive.h.  A box is the floor of objective / epsilon; within a box the member nearest to its best corner stays. */
#include "study/archive.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

/* ---- candidates ------------------------------------------------------------------------------------------ */

pl_candidate *pl_candidate_list(pl_extent extent, long count) {
    size_t numbers = (size_t)(extent.variables + extent.objectives), each = sizeof(pl_candidate) + numbers * sizeof(double);
    pl_candidate *list = pl_allocate((size_t)count * each + 1);
    if (!list) return NULL;
    double *next = (double *)(void *)(list + count);
    for (long i = 0; i < count; i++, next += numbers) list[i].x = next, list[i].f = next + extent.variables;
    return list;
}

void pl_candidate_copy(pl_extent extent, pl_candidate *to, const pl_candidate *from) {
    double *x = to->x, *f = to->f;
    memcpy(x, from->x, (size_t)extent.variables * sizeof *x);
    memcpy(f, from->f, (size_t)extent.objectives * sizeof *f);
    *to = *from;
    to->x = x, to->f = f;
}

int pl_candidate_compare(pl_extent extent, const pl_candidate *a, const pl_candidate *b) {
    if (a->violation != b->violation) return a->violation < b->violation ? -1 : 1;
    bool better = false, worse = false;
    for (int k = 0; k < extent.objectives; k++) {
        if (a->f[k] < b->f[k]) better = true;
        if (a->f[k] > b->f[k]) worse = true;
    }
    return better == worse ? 0 : better ? -1 : 1;
}

/* ---- the archive ----------------------------------------------------------------------------------------- */

pl_status pl_archive_new(pl_extent extent, const double *epsilon, pl_archive *archive) {
    *archive = (pl_archive){.extent = extent, .room = 128};
    archive->epsilon = pl_allocate((size_t)extent.objectives * sizeof *epsilon);
    archive->members = pl_candidate_list(extent, archive->room);
    if (!archive->epsilon || !archive->members) {
        pl_archive_free(archive);
        return PL_MEMORY;
    }
    memcpy(archive->epsilon, epsilon, (size_t)extent.objectives * sizeof *epsilon);
    return PL_OK;
}

void pl_archive_free(pl_archive *archive) {
    pl_release(archive->epsilon), pl_release(archive->members);
    archive->epsilon = NULL, archive->members = NULL, archive->count = 0;
}

typedef enum relation { NEITHER, SAME_BOX, BETTER, WORSE } relation;

static relation relate(const pl_archive *archive, const pl_candidate *a, const pl_candidate *b) {
    bool better = false, worse = false;
    for (int k = 0; k < archive->extent.objectives; k++) {
        double x = floor(a->f[k] / archive->epsilon[k]), y = floor(b->f[k] / archive->epsilon[k]);
        better = better || x < y, worse = worse || x > y;
    }
    if (better == worse) return better ? NEITHER : SAME_BOX;
    return better ? BETTER : WORSE;
}

/* Squared, in boxes. */
static double distance_to_corner(const pl_archive *archive, const pl_candidate *c) {
    double sum = 0;
    for (int k = 0; k < archive->extent.objectives; k++) {
        double boxes = c->f[k] / archive->epsilon[k], rest = boxes - floor(boxes);
        sum += rest * rest;
    }
    return sum;
}

/* Whether a candidate is to take the place of a member in the same box. */
static bool is_nearer(const pl_archive *archive, const pl_candidate *candidate, const pl_candidate *member) {
    int order = pl_candidate_compare(archive->extent, candidate, member);
    if (order) return order < 0;
    return distance_to_corner(archive, candidate) < distance_to_corner(archive, member);
}

static void drop(pl_archive *archive, int index) {
    pl_candidate last = archive->members[archive->count - 1];
    archive->members[--archive->count] = archive->members[index];
    archive->members[index] = last;
}

static pl_status grow(pl_archive *archive) {
    pl_candidate *more = pl_candidate_list(archive->extent, 2 * (long)archive->room);
    if (!more) return PL_MEMORY;
    for (int i = 0; i < archive->count; i++) pl_candidate_copy(archive->extent, &more[i], &archive->members[i]);
    pl_release(archive->members);
    archive->members = more, archive->room *= 2;
    return PL_OK;
}

static pl_status add(pl_archive *archive, const pl_candidate *candidate) {
    if (archive->count == archive->room && grow(archive) != PL_OK) return PL_MEMORY;
    pl_candidate_copy(archive->extent, &archive->members[archive->count++], candidate);
    return PL_OK;
}

/* No member is feasible, or the candidate is not: what breaks the constraints less counts alone. */
static pl_status offer_by_violation(pl_archive *archive, const pl_candidate *candidate, bool *taken) {
    if (archive->count && pl_candidate_compare(archive->extent, candidate, &archive->members[0]) >= 0) return PL_OK;
    *taken = true;
    archive->count = 0;
    archive->improvements++;
    return add(archive, candidate);
}

pl_status pl_archive_offer(pl_archive *archive, const pl_candidate *candidate, bool *taken) {
    bool same_box = false;
    *taken = false;
    if (candidate->violation > 0 || (archive->count && archive->members[0].violation > 0))
        return offer_by_violation(archive, candidate, taken);
    for (int i = 0; i < archive->count; i++) { /* nothing is dropped before one that keeps the candidate out */
        relation r = relate(archive, candidate, &archive->members[i]);
        if (r == WORSE || (r == SAME_BOX && !is_nearer(archive, candidate, &archive->members[i]))) return PL_OK;
    }
    for (int i = archive->count; i-- > 0;) {
        relation r = relate(archive, candidate, &archive->members[i]);
        if (r == SAME_BOX) same_box = true;
        if (r == SAME_BOX || r == BETTER) drop(archive, i);
    }
    *taken = true;
    if (!same_box) archive->improvements++;
    return add(archive, candidate);
}

pl_status pl_archive_widen(pl_archive *archive) {
    pl_archive wider;
    bool taken;
    pl_status status = pl_archive_new(archive->extent, archive->epsilon, &wider);
    for (int k = 0; status == PL_OK && k < archive->extent.objectives; k++) wider.epsilon[k] *= 2;
    for (int i = 0; status == PL_OK && i < archive->count; i++) status = pl_archive_offer(&wider, &archive->members[i], &taken);
    if (status != PL_OK) {
        pl_archive_free(&wider);
        return status;
    }
    wider.improvements = archive->improvements;
    pl_archive_free(archive);
    *archive = wider;
    return PL_OK;
}
