/* Pivoting with whole numbers, and the simplex method in two phases.  See tableau.h. */
#include "study/tableau.h"

void pl_tableau_start(pl_tableau *t, int rows, int columns, pl_arena *arena, pl_rationals *rationals) {
    t->rows = rows;
    t->columns = columns;
    t->cells = pl_integers_new(rationals, arena, (size_t)rows * (size_t)columns);
    t->scale = pl_integers_new(rationals, arena, 1);
    mpz_set_ui(*t->scale, 1);
    t->basic = PL_ARRAY(arena, rows, int);
    t->cobasic = PL_ARRAY(arena, columns, int);
}

void pl_tableau_set_row(pl_tableau *t, int row, mpq_t *const values) {
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (int j = 0; j < t->columns; j++) mpz_lcm(common, common, mpq_denref(values[j]));
    for (int j = 0; j < t->columns; j++) {
        mpz_t *cell = pl_tableau_cell(t, row, j);
        mpz_divexact(*cell, common, mpq_denref(values[j]));
        mpz_mul(*cell, *cell, mpq_numref(values[j]));
    }
    mpz_clear(common);
}

static void negate(pl_tableau *t) {
    for (long k = 0; k < (long)t->rows * t->columns; k++) mpz_neg(t->cells[k], t->cells[k]);
    mpz_neg(*t->scale, *t->scale);
}

/* The cells of a row other than the pivot's: (cell * pivot - of its column * of the pivot's row) / scale. */
static void reduce_row(pl_tableau *t, int i, int row, int column) {
    mpz_t *own = pl_tableau_cell(t, i, column), *pivot = pl_tableau_cell(t, row, column);
    for (int j = 0; j < t->columns; j++) {
        if (j == column) continue;
        mpz_t *cell = pl_tableau_cell(t, i, j);
        mpz_mul(*cell, *cell, *pivot);
        mpz_submul(*cell, *own, *pl_tableau_cell(t, row, j));
        mpz_divexact(*cell, *cell, *t->scale);
    }
    mpz_neg(*own, *own);
}

void pl_tableau_pivot(pl_tableau *t, int row, int column) {
    for (int i = 0; i < t->rows; i++)
        if (i != row) reduce_row(t, i, row, column);
    mpz_swap(*pl_tableau_cell(t, row, column), *t->scale);
    if (mpz_sgn(*t->scale) < 0) negate(t);
    int variable = t->basic[row];
    t->basic[row] = t->cobasic[column];
    t->cobasic[column] = variable;
}

/* ---- the simplex method ------------------------------------------------------------------------------- */

/* Variables 0 .. columns-1 are the program's; behind them one artificial for each row. The last two rows of the tableau
 * are the objectives of the first and the second phase, as basic variables that grow. */
enum { PATIENCE = 20 }; /* pivots that change nothing before Bland's rule */

typedef struct simplex {
    const pl_linear_program *lp;
    pl_tableau t;
    int objective, stalled;
} simplex;

/* The column that enters: the most negative cell of the objective, or after a while of no progress the variable of
 * least number (Bland, Mathematics of Operations Research 2:103, 1977). -1: none. Artificials never come back. */
static int choose_column(const simplex *s) {
    const pl_tableau *t = &s->t;
    int best = -1;
    for (int j = 0; j + 1 < t->columns; j++) {
        mpz_t *cell = pl_tableau_cell(t, s->objective, j);
        if (t->cobasic[j] >= s->lp->columns || mpz_sgn(*cell) >= 0) continue;
        bool better = best < 0 || (s->stalled > PATIENCE ? t->cobasic[j] < t->cobasic[best]
                                                         : mpz_cmp(*cell, *pl_tableau_cell(t, s->objective, best)) < 0);
        if (better) best = j;
    }
    return best;
}

/* right[i] / cell[i] against right[k] / cell[k], both cells > 0. */
static int compare_ratios(const pl_tableau *t, int i, int k, int column, mpz_t x, mpz_t y) {
    mpz_mul(x, *pl_tableau_cell(t, i, t->columns - 1), *pl_tableau_cell(t, k, column));
    mpz_mul(y, *pl_tableau_cell(t, k, t->columns - 1), *pl_tableau_cell(t, i, column));
    return mpz_cmp(x, y);
}

/* The row that leaves: the least ratio, of ties an artificial or the variable of least number. -1: none. */
static int choose_row(const simplex *s, int column) {
    const pl_tableau *t = &s->t;
    mpz_t x, y;
    int best = -1;
    mpz_init(x), mpz_init(y);
    for (int i = 0; i < s->lp->rows; i++) {
        if (mpz_sgn(*pl_tableau_cell(t, i, column)) <= 0) continue;
        int order = best < 0 ? -1 : compare_ratios(t, i, best, column, x, y);
        bool artificial = t->basic[i] >= s->lp->columns, other = best >= 0 && t->basic[best] >= s->lp->columns;
        if (order < 0 || (order == 0 && (artificial != other ? artificial : t->basic[i] < t->basic[best]))) best = i;
    }
    mpz_clear(x), mpz_clear(y);
    return best;
}

/* True: at the optimum; false: the objective has no bound. */
static bool climb(simplex *s) {
    for (;;) {
        int column = choose_column(s);
        if (column < 0) return true;
        int row = choose_row(s, column);
        if (row < 0) return false;
        s->stalled = mpz_sgn(*pl_tableau_cell(&s->t, row, s->t.columns - 1)) == 0 ? s->stalled + 1 : 0;
        pl_tableau_pivot(&s->t, row, column);
    }
}

/* Artificials that are left in the basis, at 0, give way to any variable of their row. */
static void drive_out(simplex *s) {
    for (int i = 0; i < s->lp->rows; i++) {
        if (s->t.basic[i] < s->lp->columns) continue;
        for (int j = 0; j + 1 < s->t.columns; j++)
            if (s->t.cobasic[j] < s->lp->columns && mpz_sgn(*pl_tableau_cell(&s->t, i, j)) != 0) {
                pl_tableau_pivot(&s->t, i, j);
                break;
            }
    }
}

static void set_rows(simplex *s, pl_arena *arena, pl_rationals *rationals) {
    const pl_linear_program *lp = s->lp;
    int columns = lp->columns;
    mpq_t *row = pl_rationals_new(rationals, arena, (size_t)columns + 1);
    for (int i = 0; i < lp->rows; i++) {
        bool minus = mpq_sgn(lp->b[i]) < 0;
        for (int j = 0; j <= columns; j++) {
            mpq_set(row[j], j < columns ? lp->a[(size_t)i * (size_t)columns + (size_t)j] : lp->b[i]);
            if (minus) mpq_neg(row[j], row[j]);
        }
        pl_tableau_set_row(&s->t, i, row);
        s->t.basic[i] = columns + i;
        for (int j = 0; j <= columns; j++) /* the first phase minimizes the sum of the artificials */
            mpz_sub(*pl_tableau_cell(&s->t, lp->rows, j), *pl_tableau_cell(&s->t, lp->rows, j), *pl_tableau_cell(&s->t, i, j));
    }
    for (int j = 0; j < columns; j++) {
        s->t.cobasic[j] = j;
        if (lp->c) mpq_neg(row[j], lp->c[j]);
        else mpq_set_ui(row[j], 0, 1);
    }
    mpq_set_ui(row[columns], 0, 1);
    pl_tableau_set_row(&s->t, lp->rows + 1, row);
}

pl_program_end pl_linear_program_solve(const pl_linear_program *lp, mpq_t *x, pl_arena *arena, pl_rationals *rationals) {
    simplex s = {.lp = lp, .objective = lp->rows};
    pl_tableau_start(&s.t, lp->rows + 2, lp->columns + 1, arena, rationals);
    set_rows(&s, arena, rationals);
    s.t.basic[lp->rows] = s.t.basic[lp->rows + 1] = -1;
    climb(&s);
    if (mpz_sgn(*pl_tableau_cell(&s.t, lp->rows, lp->columns)) < 0) return PL_LP_INFEASIBLE;
    drive_out(&s);
    s.objective = lp->rows + 1;
    s.stalled = 0;
    if (lp->c && !climb(&s)) return PL_LP_UNBOUNDED;
    for (int j = 0; j < lp->columns && x; j++) mpq_set_ui(x[j], 0, 1);
    for (int i = 0; i < lp->rows && x; i++) {
        if (s.t.basic[i] >= lp->columns) continue;
        mpq_set_num(x[s.t.basic[i]], *pl_tableau_cell(&s.t, i, lp->columns));
        mpq_set_den(x[s.t.basic[i]], *s.t.scale);
        mpq_canonicalize(x[s.t.basic[i]]);
    }
    return PL_LP_OPTIMAL;
}
