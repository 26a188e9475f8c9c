/* Vertex enumeration: see polytope.h.
 *
 * The right-hand sides are thought of as 1 + e, 1 + e^2, ... for an infinitely small e, so that the polytope is simple
 * and bounded: its bases are joined by pivots, one leaving variable for each entering one (the lexicographic rule;
 * Avis, Rosenberg, Savani and von Stengel, Economic Theory 42:9, 2010). From the origin all bases are visited, breadth
 * first. Each is solved from scratch in doubles, with a bound on the error that is proved afresh (Rump, Acta Numerica
 * 19:287, 2010, sec. 10); a basis with any decision closer than that bound is decided in integers. So no step
 * depends on rounding, and a tie is a tie. */
#include "study/polytope.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = PL_POLYTOPE_MOST };

/* What a basis says: basic variables = last column - the others times the nonbasic variables. */
typedef struct tableau {
    int basic[MOST], nonbasic[MOST]; /* [rows], [columns] variables */
    double t[MOST][MOST + 1];        /* [row][column], right-hand side last */
    double radius;                   /* no entry is off by more */
} tableau;

typedef struct integer_tableau {
    int basic[MOST], nonbasic[MOST];
    mpz_t *t;       /* [rows][columns + 1], times the denominator */
    mpz_t *d;       /* the denominator, positive */
    mpz_t *product; /* [2] for products */
} integer_tableau;

typedef pl_polytope_search search;

/* A set of masks that are not 0, in the order in which they came. */
typedef struct mask_set {
    uint64_t *order, *slot;
    int count, room;
    size_t slots;
} mask_set;

struct pl_polytope_search {
    const pl_polytope *p;
    pl_arena *arena;
    tableau f;
    integer_tableau z;
    mask_set bases, vertices;
    uint64_t *cobasis; /* [vertices.room] */
    int cobasis_room;
    double inverse[MOST][MOST], product[MOST][MOST];
};

static uint64_t bit(int variable) { return (uint64_t)1 << variable; }

static int bits_of(uint64_t mask) { return __builtin_popcountll(mask); }

/* ---- sets --------------------------------------------------------------------------------------------- */

static size_t place(const mask_set *set, uint64_t mask) {
    size_t at = (size_t)((mask * 0x9E3779B97F4A7C15u) >> 20) & (set->slots - 1);
    while (set->slot[at] && set->slot[at] != mask) at = (at + 1) & (set->slots - 1);
    return at;
}

static void widen(mask_set *set, pl_arena *arena) {
    set->slots = set->slots ? set->slots * 2 : 1024;
    set->slot = PL_ARRAY(arena, set->slots, uint64_t);
    for (int k = 0; k < set->count; k++) set->slot[place(set, set->order[k])] = set->order[k];
}

/* False where it was there. */
static bool insert(mask_set *set, uint64_t mask, pl_arena *arena) {
    if (2 * (size_t)set->count >= set->slots) widen(set, arena);
    size_t at = place(set, mask);
    if (set->slot[at]) return false;
    set->slot[at] = mask;
    set->order = pl_arena_grow(arena, set->order, set->count, &set->room, set->count + 1, sizeof *set->order);
    set->order[set->count++] = mask;
    return true;
}

/* ---- a basis in doubles ------------------------------------------------------------------------------- */

/* Lists the variables of a basis: basic z before basic slacks, nonbasic slacks before nonbasic z. Returns how many z
 * are basic: they and the tight rows make a square system. */
static int list_variables(const pl_polytope *p, uint64_t cobasis, int *basic, int *nonbasic) {
    int inside = 0, outside = 0, tight;
    for (int v = 0; v < p->columns; v++)
        if (!(cobasis & bit(v))) basic[inside++] = v;
    for (int v = p->columns; v < p->columns + p->rows; v++)
        if (cobasis & bit(v)) nonbasic[outside++] = v;
    tight = outside;
    for (int v = p->columns; v < p->columns + p->rows; v++)
        if (!(cobasis & bit(v))) basic[inside++] = v;
    for (int v = 0; v < p->columns; v++)
        if (cobasis & bit(v)) nonbasic[outside++] = v;
    return tight;
}

static double entry(const pl_polytope *p, int slack, int z) { return p->matrix[(slack - p->columns) * p->columns + z]; }

/* The inverse of the square system by elimination with row pivots; false where a pivot vanishes. */
static bool invert(search *s, int k) {
    double a[MOST][MOST];
    for (int i = 0; i < k; i++)
        for (int j = 0; j < k; j++) {
            a[i][j] = entry(s->p, s->f.nonbasic[i], s->f.basic[j]);
            s->inverse[i][j] = i == j;
        }
    for (int c = 0; c < k; c++) {
        int at = c;
        for (int i = c + 1; i < k; i++)
            if (fabs(a[i][c]) > fabs(a[at][c])) at = i;
        if (!(fabs(a[at][c]) > 1e-200)) return false;
        for (int j = 0; j < k; j++) {
            double swap = a[c][j], other = s->inverse[c][j];
            a[c][j] = a[at][j], a[at][j] = swap;
            s->inverse[c][j] = s->inverse[at][j], s->inverse[at][j] = other;
        }
        double pivot = 1 / a[c][c];
        for (int j = 0; j < k; j++) a[c][j] *= pivot, s->inverse[c][j] *= pivot;
        for (int i = 0; i < k; i++) {
            double factor = a[i][c];
            if (i == c || factor == 0) continue;
            for (int j = 0; j < k; j++) a[i][j] -= factor * a[c][j], s->inverse[i][j] -= factor * s->inverse[c][j];
        }
    }
    return true;
}

/* A bound on the error of every entry of the tableau: with K the square system, X its computed inverse and E = 1 - K X,
 * the inverse is off by at most |X| |E| / (1 - |E|) in row sums; the rest is the rounding of the products. */
static double error_bound(const search *s, int k) {
    const double unit = 0x1p-52;
    double e = 0, x = 0, sum = 0;
    for (int i = 0; i < k; i++) {
        double row_e = 0, row_x = 0;
        for (int j = 0; j < k; j++) {
            double product = i == j ? -1 : 0;
            for (int c = 0; c < k; c++) product += entry(s->p, s->f.nonbasic[i], s->f.basic[c]) * s->inverse[c][j];
            row_e += fabs(product);
            row_x += fabs(s->inverse[i][j]);
        }
        e = fmax(e, row_e);
        x = fmax(x, row_x);
        sum += row_x;
    }
    e += 4 * (k + 8) * unit * (sum + 1);
    if (!(e < 0.5)) return INFINITY;
    return 8 * k * x * e + 64 * (k + 2) * (k + 1) * unit * (1 + x);
}

/* The tableau from the inverse; false where nothing can be said in doubles. */
static bool solve(search *s, uint64_t cobasis) {
    tableau *f = &s->f;
    const pl_polytope *p = s->p;
    int k = list_variables(p, cobasis, f->basic, f->nonbasic);
    if (!invert(s, k)) return false;
    f->radius = error_bound(s, k);
    if (!(f->radius < 1)) return false;
    for (int i = 0; i < k; i++) {
        double sum = 0;
        for (int j = 0; j < k; j++) sum += f->t[i][j] = s->inverse[i][j];
        f->t[i][p->columns] = sum;
        for (int j = k; j < p->columns; j++) f->t[i][j] = 0;
        for (int c = 0; c < k; c++)
            for (int j = k; j < p->columns; j++)
                f->t[i][j] += s->inverse[i][c] * entry(p, f->nonbasic[c], f->nonbasic[j]);
    }
    for (int i = k; i < p->rows; i++) {
        for (int j = 0; j <= p->columns; j++)
            f->t[i][j] = j == p->columns ? 1 : j < k ? 0 : entry(p, f->basic[i], f->nonbasic[j]);
        for (int c = 0; c < k; c++) {
            double factor = entry(p, f->basic[i], f->basic[c]);
            for (int j = 0; j <= p->columns; j++) f->t[i][j] -= factor * f->t[c][j];
        }
    }
    return true;
}

/* The row that leaves where a column enters: the least ratio; -1 where the bound cannot tell. */
static int leaving(const search *s, int column) {
    const tableau *f = &s->f;
    int rhs = s->p->columns, best = -1;
    double least = INFINITY;
    for (int i = 0; i < s->p->rows; i++) {
        double a = f->t[i][column];
        if (a <= f->radius) continue;
        double most = (f->t[i][rhs] + f->radius) / (a - f->radius);
        if (most < least) least = most, best = i;
    }
    for (int i = 0; best >= 0 && i < s->p->rows; i++) {
        double a = f->t[i][column] + f->radius;
        if (i != best && a > 0 && (f->t[i][rhs] - f->radius) / a <= least * (1 + 0x1p-40)) return -1;
    }
    return best;
}

/* ---- a basis in integers ------------------------------------------------------------------------------ */

static mpz_t *cell(const search *s, int row, int column) { return &s->z.t[row * (s->p->columns + 1) + column]; }

/* cell = (cell * pivot - left * above) / d, which divides (Edmonds 1967, Bareiss 1968). */
static void update(search *s, int i, int j, mpz_t *pivot, mpz_t *left, mpz_t *above) {
    mpz_t *product = s->z.product;
    if (mpz_sgn(*left) == 0 || mpz_sgn(*above) == 0) {
        mpz_mul(product[0], *cell(s, i, j), *pivot);
    } else {
        mpz_mul(product[0], *cell(s, i, j), *pivot);
        mpz_submul(product[0], *left, *above);
    }
    mpz_divexact(*cell(s, i, j), product[0], *s->z.d);
}

/* Exchanges the variables of a row and a column. */
static void exchange(search *s, int row, int column) {
    integer_tableau *z = &s->z;
    mpz_t *pivot = cell(s, row, column);
    for (int i = 0; i < s->p->rows; i++) {
        if (i == row) continue;
        mpz_t *left = cell(s, i, column);
        for (int j = 0; j <= s->p->columns; j++)
            if (j != column) update(s, i, j, pivot, left, cell(s, row, j));
        mpz_neg(*left, *left);
    }
    mpz_swap(*pivot, *z->d);
    if (mpz_sgn(*z->d) < 0) {
        mpz_neg(*z->d, *z->d);
        for (int k = 0; k < s->p->rows * (s->p->columns + 1); k++) mpz_neg(z->t[k], z->t[k]);
    }
    int swap = z->basic[row];
    z->basic[row] = z->nonbasic[column];
    z->nonbasic[column] = swap;
}

static void start_integers(search *s) {
    const pl_polytope *p = s->p;
    for (int i = 0; i < p->rows; i++) {
        s->z.basic[i] = p->columns + i;
        for (int j = 0; j < p->columns; j++) mpz_set(*cell(s, i, j), p->integers[i * p->columns + j]);
        mpz_set(*cell(s, i, p->columns), *p->unit);
    }
    for (int j = 0; j < p->columns; j++) s->z.nonbasic[j] = j;
    mpz_set_ui(*s->z.d, 1);
}

/* The first pair of a slack that should leave the basis and a z that should enter it. */
static bool find_exchange(const search *s, uint64_t cobasis, int *row, int *column) {
    for (*row = 0; *row < s->p->rows; ++*row) {
        if (!(cobasis & bit(s->z.basic[*row]))) continue;
        for (*column = 0; *column < s->p->columns; ++*column)
            if (!(cobasis & bit(s->z.nonbasic[*column])) && mpz_sgn(*cell(s, *row, *column))) return true;
    }
    return false;
}

static void solve_integers(search *s, uint64_t cobasis) {
    int row, column;
    start_integers(s);
    while (find_exchange(s, cobasis, &row, &column)) exchange(s, row, column);
}

/* The sign of a * d - b * c. */
static int sign_of(const search *s, mpz_t *a, mpz_t *d, mpz_t *b, mpz_t *c) {
    if (mpz_sgn(*a) == 0 && mpz_sgn(*b) == 0) return 0;
    mpz_mul(s->z.product[0], *a, *d);
    mpz_mul(s->z.product[1], *b, *c);
    return mpz_cmp(s->z.product[0], s->z.product[1]);
}

/* What the perturbation of a row's right-hand side adds to a basic variable: an entry of its slack's column. */
static mpz_t *perturbation(search *s, int row, int slack, mpz_t *zero) {
    for (int j = 0; j < s->p->columns; j++)
        if (s->z.nonbasic[j] == slack) return cell(s, row, j);
    return s->z.basic[row] == slack ? s->z.d : zero;
}

static bool leaves_before(search *s, int i, int other, int column) {
    mpz_t *zero = &s->z.product[2];
    mpz_t *a = cell(s, i, column), *b = cell(s, other, column);
    int rhs = s->p->columns, sign = sign_of(s, cell(s, i, rhs), b, cell(s, other, rhs), a);
    for (int slack = s->p->columns; sign == 0 && slack < s->p->columns + s->p->rows; slack++)
        sign = sign_of(s, perturbation(s, i, slack, zero), b, perturbation(s, other, slack, zero), a);
    return sign < 0;
}

static int leaving_exactly(search *s, int column) {
    int best = -1;
    for (int i = 0; i < s->p->rows; i++)
        if (mpz_sgn(*cell(s, i, column)) > 0 && (best < 0 || leaves_before(s, i, best, column))) best = i;
    return best;
}

/* ---- the search --------------------------------------------------------------------------------------- */

static void add_vertex(search *s, uint64_t tight, uint64_t cobasis) {
    if (!insert(&s->vertices, tight, s->arena)) return;
    int count = s->vertices.count;
    s->cobasis = pl_arena_grow(s->arena, s->cobasis, count - 1, &s->cobasis_room, count, sizeof *s->cobasis);
    s->cobasis[count - 1] = cobasis;
}

static void add_neighbour(search *s, uint64_t cobasis, int entering, int left) {
    insert(&s->bases, (cobasis ^ bit(entering)) | bit(left), s->arena);
}

/* All of it in doubles, or nothing. */
static bool visit(search *s, uint64_t cobasis) {
    int rows[MOST], rhs = s->p->columns;
    if (!solve(s, cobasis)) return false;
    for (int i = 0; i < s->p->rows; i++)
        if (s->f.t[i][rhs] <= s->f.radius) return false;
    for (int j = 0; j < s->p->columns; j++)
        if ((rows[j] = leaving(s, j)) < 0) return false;
    for (int j = 0; j < s->p->columns; j++) add_neighbour(s, cobasis, s->f.nonbasic[j], s->f.basic[rows[j]]);
    add_vertex(s, cobasis, cobasis);
    return true;
}

static void visit_exactly(search *s, uint64_t cobasis) {
    uint64_t tight = cobasis;
    solve_integers(s, cobasis);
    for (int i = 0; i < s->p->rows; i++)
        if (mpz_sgn(*cell(s, i, s->p->columns)) == 0) tight |= bit(s->z.basic[i]);
    for (int j = 0; j < s->p->columns; j++)
        add_neighbour(s, cobasis, s->z.nonbasic[j], s->z.basic[leaving_exactly(s, j)]);
    add_vertex(s, tight, cobasis);
}

static int compare(const void *a, const void *b) {
    uint64_t x = ((const pl_vertex *)a)->tight, y = ((const pl_vertex *)b)->tight;
    return (x > y) - (x < y);
}

static pl_vertices collect(const search *s, uint64_t origin) {
    pl_vertices all = {.vertex = PL_ARRAY(s->arena, s->vertices.count, pl_vertex), .bases = s->bases.count};
    for (int k = 0; k < s->vertices.count; k++)
        if ((s->vertices.order[k] & origin) != origin)
            all.vertex[all.count++] = (pl_vertex){s->vertices.order[k], s->cobasis[k]};
    qsort(all.vertex, (size_t)all.count, sizeof *all.vertex, compare);
    return all;
}

pl_polytope_search *pl_polytope_begin(const pl_polytope *p, pl_rationals *owner, pl_arena *arena) {
    search *s = PL_NEW(arena, search);
    s->p = p;
    s->arena = arena;
    s->z.t = pl_integers_new(owner, arena, (size_t)p->rows * (size_t)(p->columns + 1));
    s->z.d = pl_integers_new(owner, arena, 1);
    s->z.product = pl_integers_new(owner, arena, 3); /* the third stays 0 */
    return s;
}

pl_vertices pl_polytope_vertices(pl_polytope_search *s, long long *left) {
    const pl_polytope *p = s->p;
    uint64_t origin = bit(p->columns) - 1;
    long long size = (long long)p->rows * (p->columns + 1), limbs = 1 + (long long)mpz_size(*p->unit);
    insert(&s->bases, origin, s->arena);
    long in_integers = 0;
    bool complete = true;
    for (int k = 0; k < s->bases.count && complete; k++) {
        uint64_t cobasis = s->bases.order[k];
        int depth = 2 + bits_of(cobasis & ~origin);
        bool done = visit(s, cobasis);
        if (!done) visit_exactly(s, cobasis);
        in_integers += !done;
        complete = (*left -= size * depth * (done ? 4 : 100 + limbs * limbs * depth * depth)) >= 0;
    }
    pl_vertices all = collect(s, origin);
    all.complete = complete;
    all.exact = in_integers;
    return all;
}

void pl_polytope_point(pl_polytope_search *s, uint64_t cobasis, mpq_t *z) {
    int columns = s->p->columns;
    solve_integers(s, cobasis);
    for (int j = 0; j < columns; j++) mpq_set_ui(z[j], 0, 1);
    for (int i = 0; i < s->p->rows; i++) {
        if (s->z.basic[i] >= columns) continue;
        mpq_set_num(z[s->z.basic[i]], *cell(s, i, columns));
        mpq_set_den(z[s->z.basic[i]], *s->z.d);
        mpq_canonicalize(z[s->z.basic[i]]);
    }
}
