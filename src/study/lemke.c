/* Lemke's algorithm on a tableau of whole numbers.  Variables: w of row i is i, z of column j is size + j, the
 * artificial one is 2 size.  The tableau is w - M z - (artificial) = b.  See tableau.h. */
#include "study/tableau.h"

enum { MOST_PIVOTS = 20000 };

typedef struct lemke {
    int size;
    pl_tableau t;
    int *column_of; /* [w] its column, -1 while it is basic */
    int *row_of;    /* [w] its row while it is basic */
    mpz_t x, y;
} lemke;

static void set_rows(lemke *l, mpq_t *const m, mpq_t *const b, pl_arena *arena, pl_rationals *rationals) {
    int size = l->size;
    mpq_t *row = pl_rationals_new(rationals, arena, (size_t)size + 2);
    for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) mpq_neg(row[j], m[(size_t)i * (size_t)size + (size_t)j]);
        mpq_set_si(row[size], -1, 1);
        mpq_set(row[size + 1], b[i]);
        pl_tableau_set_row(&l->t, i, row);
        l->t.basic[i] = i;
        l->column_of[i] = -1;
        l->row_of[i] = i;
    }
    for (int j = 0; j < size; j++) l->t.cobasic[j] = size + j;
    l->t.cobasic[size] = 2 * size;
}

/* The cell of a row in the column that w would have, basic or not. */
static void cell_of(const lemke *l, int row, int w, mpz_t out) {
    if (l->column_of[w] >= 0) mpz_set(out, *pl_tableau_cell(&l->t, row, l->column_of[w]));
    else if (l->row_of[w] == row) mpz_set(out, *l->t.scale);
    else mpz_set_ui(out, 0);
}

/* Compares two rows, each divided by its cell in the column: first the right-hand sides, then the columns of the w. */
static int compare_rows(lemke *l, int i, int k, int column) {
    mpz_t *by_i = pl_tableau_cell(&l->t, i, column), *by_k = pl_tableau_cell(&l->t, k, column);
    for (int w = -1; w < l->size; w++) {
        if (w < 0) mpz_set(l->x, *pl_tableau_cell(&l->t, i, l->size + 1)), mpz_set(l->y, *pl_tableau_cell(&l->t, k, l->size + 1));
        else cell_of(l, i, w, l->x), cell_of(l, k, w, l->y);
        mpz_mul(l->x, l->x, *by_k);
        mpz_mul(l->y, l->y, *by_i);
        int order = mpz_cmp(l->x, l->y);
        if (order) return order;
    }
    return 0;
}

static int choose_row(lemke *l, int column) {
    int best = -1;
    for (int i = 0; i < l->size; i++)
        if (mpz_sgn(*pl_tableau_cell(&l->t, i, column)) > 0 && (best < 0 || compare_rows(l, i, best, column) < 0)) best = i;
    return best;
}

/* The first row that leaves: the least right-hand side against the covering 1, the last of ties. The rows were scaled
 * by their own denominators, so ratios are compared. */
static int first_row(lemke *l) {
    int best = -1;
    for (int i = 0; i < l->size; i++) {
        if (mpz_sgn(*pl_tableau_cell(&l->t, i, l->size + 1)) >= 0) continue;
        if (best >= 0) { /* both cells of the covering column are < 0 */
            mpz_mul(l->x, *pl_tableau_cell(&l->t, i, l->size + 1), *pl_tableau_cell(&l->t, best, l->size));
            mpz_mul(l->y, *pl_tableau_cell(&l->t, best, l->size + 1), *pl_tableau_cell(&l->t, i, l->size));
            if (mpz_cmp(l->x, l->y) < 0) continue;
        }
        best = i;
    }
    return best;
}

static int find_column(const lemke *l, int variable) {
    for (int j = 0; j <= l->size; j++)
        if (l->t.cobasic[j] == variable) return j;
    return -1;
}

static void pivot(lemke *l, int row, int column) {
    int leaves = l->t.basic[row], enters = l->t.cobasic[column];
    pl_tableau_pivot(&l->t, row, column);
    if (leaves < l->size) l->column_of[leaves] = column;
    if (enters < l->size) l->column_of[enters] = -1, l->row_of[enters] = row;
}

/* Follows the path until the artificial variable leaves. */
static bool follow(lemke *l) {
    int row = first_row(l), column = l->size;
    for (int k = 0; row >= 0 && k < MOST_PIVOTS; k++) {
        int leaves = l->t.basic[row];
        pivot(l, row, column);
        if (leaves == 2 * l->size) return true;
        column = find_column(l, leaves < l->size ? leaves + l->size : leaves - l->size);
        row = choose_row(l, column);
    }
    return false;
}

static bool needs_none(const lemke *l) {
    for (int i = 0; i < l->size; i++)
        if (mpz_sgn(*pl_tableau_cell(&l->t, i, l->size + 1)) < 0) return false;
    return true;
}

bool pl_lemke_solve(int size, mpq_t *const m, mpq_t *const b, mpq_t *z, pl_arena *arena, pl_rationals *rationals) {
    lemke l = {.size = size, .column_of = PL_ARRAY(arena, size, int), .row_of = PL_ARRAY(arena, size, int)};
    pl_tableau_start(&l.t, size, size + 2, arena, rationals);
    set_rows(&l, m, b, arena, rationals);
    mpz_init(l.x), mpz_init(l.y);
    bool solved = needs_none(&l) || follow(&l);
    mpz_clear(l.x), mpz_clear(l.y);
    for (int j = 0; j < size; j++) mpq_set_ui(z[j], 0, 1);
    for (int i = 0; i < size && solved; i++) {
        if (l.t.basic[i] < size || l.t.basic[i] == 2 * size) continue;
        mpq_t *value = &z[l.t.basic[i] - size];
        mpq_set_num(*value, *pl_tableau_cell(&l.t, i, size + 1));
        mpq_set_den(*value, *l.t.scale);
        mpq_canonicalize(*value);
    }
    return solved;
}
