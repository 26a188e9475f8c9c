/* The double description method: rows are added one by one, and the rays of what they cut off are replaced by those
 * between a ray inside and an adjacent one outside.  See cone.h. */
#include "study/cone.h"

#include <string.h>

typedef struct ray {
    mpz_t *vector;
    uint64_t *zero; /* rows, of those added so far, that are 0 on it */
    mpz_t *value;   /* of the row that is added */
} ray;

typedef struct description {
    const pl_cone *cone;
    int words;
    ray *rays;
    int count, room;
    ray *unused; /* rays that were cut off, to be used again */
    int unused_count, unused_room;
    int *basis; /* [dimension] the rows that it began with */
    bool *added;
    uint64_t *both;
    long left;
    mpz_t *product;
    mpq_t *terms; /* two */
} description;

static const mpz_t *row_cell(const pl_cone *c, int row, int k) {
    return (const mpz_t *)&c->rows[(size_t)row * (size_t)c->dimension + (size_t)k];
}

static ray take_ray(description *d) {
    const pl_cone *c = d->cone;
    if (d->unused_count) return d->unused[--d->unused_count];
    return (ray){pl_integers_new(c->rationals, c->arena, (size_t)c->dimension), PL_ARRAY(c->arena, d->words, uint64_t),
                 pl_integers_new(c->rationals, c->arena, 1)};
}

static void keep_ray(description *d, ray r) {
    d->rays = pl_arena_grow(d->cone->arena, d->rays, d->count, &d->room, d->count + 1, sizeof *d->rays);
    d->rays[d->count++] = r;
}

static void drop_ray(description *d, ray r) {
    d->unused = pl_arena_grow(d->cone->arena, d->unused, d->unused_count, &d->unused_room, d->unused_count + 1, sizeof *d->unused);
    d->unused[d->unused_count++] = r;
}

static void make_primitive(mpz_t *vector, int dimension, mpz_t common) {
    mpz_set_ui(common, 0);
    for (int k = 0; k < dimension; k++) mpz_gcd(common, common, vector[k]);
    if (mpz_cmp_ui(common, 1) <= 0) return;
    for (int k = 0; k < dimension; k++) mpz_divexact(vector[k], vector[k], common);
}

/* ---- the first cone ----------------------------------------------------------------------------------- */

/* Takes rows that are independent, by elimination in a copy that is [dimension][2 dimension]: at the end the left half
 * is the unit matrix, and the right half the inverse of the rows taken. False: they do not span the space. */
static bool invert_basis(description *d, mpq_t *m) {
    const pl_cone *c = d->cone;
    int n = c->dimension, found = 0;
    int *pivot = PL_ARRAY(c->arena, n, int); /* [row taken] its column */
    mpq_t *factor = &d->terms[0], *term = &d->terms[1];
#define M(i, j) m[(size_t)(i) * 2 * (size_t)n + (size_t)(j)]
    for (int row = 0; row < c->row_count && found < n; row++) {
        for (int j = 0; j < 2 * n; j++) mpq_set_ui(M(found, j), 0, 1);
        for (int j = 0; j < n; j++) mpq_set_z(M(found, j), *row_cell(c, row, j));
        mpq_set_ui(M(found, n + found), 1, 1);
        for (int i = 0; i < found; i++) {
            mpq_set(*factor, M(found, pivot[i]));
            if (mpq_sgn(*factor) == 0) continue;
            for (int j = 0; j < 2 * n; j++) mpq_mul(*term, *factor, M(i, j)), mpq_sub(M(found, j), M(found, j), *term);
        }
        int column = 0;
        while (column < n && mpq_sgn(M(found, column)) == 0) column++;
        if (column == n) continue;
        mpq_inv(*factor, M(found, column));
        for (int j = 0; j < 2 * n; j++) mpq_mul(M(found, j), M(found, j), *factor);
        for (int i = 0; i < found; i++) {
            mpq_set(*factor, M(i, column));
            if (mpq_sgn(*factor) == 0) continue;
            for (int j = 0; j < 2 * n; j++) mpq_mul(*term, *factor, M(found, j)), mpq_sub(M(i, j), M(i, j), *term);
        }
        pivot[found] = column;
        d->basis[found++] = row;
        d->added[row] = true;
    }
    /* row i of m gives coordinate pivot[i]: column r of the right half, so placed, is the ray of basis row r */
    for (int r = 0; r < n && found == n; r++) {
        ray new = take_ray(d);
        mpz_set_ui(*d->product, 1);
        for (int i = 0; i < n; i++) mpz_lcm(*d->product, *d->product, mpq_denref(M(i, n + r)));
        for (int i = 0; i < n; i++) {
            mpz_t *to = &new.vector[pivot[i]];
            mpz_divexact(*to, *d->product, mpq_denref(M(i, n + r)));
            mpz_mul(*to, *to, mpq_numref(M(i, n + r)));
        }
        make_primitive(new.vector, n, *d->product);
        memset(new.zero, 0, (size_t)d->words * sizeof *new.zero);
        for (int i = 0; i < n; i++)
            if (i != r) new.zero[d->basis[i] / 64] |= UINT64_C(1) << d->basis[i] % 64;
        keep_ray(d, new);
    }
#undef M
    return found == n;
}

/* ---- adding a row ------------------------------------------------------------------------------------- */

static void evaluate(description *d, int row) {
    const pl_cone *c = d->cone;
    for (int i = 0; i < d->count; i++) {
        mpz_set_ui(*d->rays[i].value, 0);
        for (int k = 0; k < c->dimension; k++) mpz_addmul(*d->rays[i].value, *row_cell(c, row, k), d->rays[i].vector[k]);
    }
    d->left -= (long)d->count * c->dimension;
}

static int count_bits(const uint64_t *words, int count) {
    int bits = 0;
    for (int k = 0; k < count; k++) bits += __builtin_popcountll(words[k]);
    return bits;
}

/* Two rays are adjacent where no third is 0 on all rows on which both are. */
static bool are_adjacent(description *d, int a, int b, int count) {
    for (int k = 0; k < d->words; k++) d->both[k] = d->rays[a].zero[k] & d->rays[b].zero[k];
    if (count_bits(d->both, d->words) < d->cone->dimension - 2) return false;
    d->left -= (long)count;
    for (int i = 0; i < count; i++) {
        if (i == a || i == b) continue;
        int k = 0;
        while (k < d->words && (d->both[k] & ~d->rays[i].zero[k]) == 0) k++;
        if (k == d->words) return false;
    }
    return true;
}

/* value(inside) * outside - value(outside) * inside lies on the row. */
static void join(description *d, int inside, int outside, int row) {
    ray new = take_ray(d);
    const ray *in = &d->rays[inside], *out = &d->rays[outside];
    for (int k = 0; k < d->cone->dimension; k++) {
        mpz_mul(new.vector[k], *in->value, out->vector[k]);
        mpz_submul(new.vector[k], *out->value, in->vector[k]);
    }
    make_primitive(new.vector, d->cone->dimension, *d->product);
    memcpy(new.zero, d->both, (size_t)d->words * sizeof *new.zero);
    new.zero[row / 64] |= UINT64_C(1) << row % 64;
    mpz_set_ui(*new.value, 0);
    keep_ray(d, new);
}

static void remove_outside(description *d, int row) {
    int kept = 0;
    for (int i = 0; i < d->count; i++) {
        if (mpz_sgn(*d->rays[i].value) < 0) {
            drop_ray(d, d->rays[i]);
            continue;
        }
        if (mpz_sgn(*d->rays[i].value) == 0) d->rays[i].zero[row / 64] |= UINT64_C(1) << row % 64;
        d->rays[kept++] = d->rays[i];
    }
    d->count = kept;
}

static bool add_row(description *d, int row) {
    evaluate(d, row);
    int count = d->count;
    for (int a = 0; a < count; a++) {
        if (mpz_sgn(*d->rays[a].value) <= 0) continue;
        d->left -= count / 8;
        for (int b = 0; b < count; b++) {
            if (mpz_sgn(*d->rays[b].value) >= 0) continue;
            if (are_adjacent(d, a, b, count)) join(d, a, b, row);
            if (d->left < 0) return false;
        }
    }
    remove_outside(d, row);
    return d->left >= 0;
}

bool pl_cone_rays(const pl_cone *c, pl_rays *rays) {
    int n = c->dimension;
    description d = {.cone = c, .words = (c->row_count + 63) / 64, .left = c->budget};
    d.basis = PL_ARRAY(c->arena, n, int);
    d.added = PL_ARRAY(c->arena, c->row_count, bool);
    d.both = PL_ARRAY(c->arena, d.words, uint64_t);
    d.product = pl_integers_new(c->rationals, c->arena, 1);
    d.terms = pl_rationals_new(c->rationals, c->arena, 2);
    bool fine = invert_basis(&d, pl_rationals_new(c->rationals, c->arena, 2 * (size_t)n * (size_t)n));
    for (int row = 0; row < c->row_count && fine; row++)
        if (!d.added[row]) fine = add_row(&d, row);
    rays->count = fine ? d.count : 0;
    rays->vectors = PL_ARRAY(c->arena, d.count, mpz_t *);
    for (int i = 0; i < rays->count; i++) rays->vectors[i] = d.rays[i].vector;
    return fine;
}
