/* The builtins of XMILE whose arguments, defaults or meaning are not those of the table's rows: each becomes an
 * expression of functions that the table has.  What the XMILE column of the table names needs no row here. */
#include <math.h>
#include <string.h>

#include "model/xmile.h"

typedef struct call {
    pl_xmile *x;
    const char *key, *name;
    pl_expr **args;
    int count;
    pl_position at;
} call;

/* ---- helpers ------------------------------------------------------------------------------------------- */

static pl_expr *number(const call *c, double value) { return pl_xmile_number(c->x, value, c->at); }

static pl_expr *control(const call *c, pl_variable *variable) { return pl_xmile_reference(c->x, variable, c->at); }

/* An argument, or what stands for it where it is left out. */
static pl_expr *given(const call *c, int place, pl_expr *otherwise) {
    return place < c->count ? c->args[place] : otherwise;
}

static pl_expr *make(const call *c, pl_function_id id, pl_expr **args, int count) {
    return pl_xmile_call(c->x, id, c->name, args, count, c->at);
}

static pl_expr *operate(const call *c, pl_function_id id, pl_expr *a, pl_expr *b) {
    pl_expr *args[2] = {a, b};
    return pl_xmile_call(c->x, id, NULL, args, 2, c->at);
}

/* ---- delays and averages ------------------------------------------------------------------------------- */

static pl_expr *delay(const call *c) {
    pl_expr *args[3] = {c->args[0], c->args[1], given(c, 2, c->args[0])};
    return make(c, PL_FN_DELAY_FIXED, args, 3);
}

/* (input, time[, initial]) has two rows: without and with an initial value. */
static pl_expr *with_initial(const call *c, pl_function_id plain, pl_function_id initial) {
    return make(c, c->count == 3 ? initial : plain, c->args, c->count);
}

static pl_expr *delay1(const call *c) { return with_initial(c, PL_FN_DELAY1, PL_FN_DELAY1I); }
static pl_expr *delay3(const call *c) { return with_initial(c, PL_FN_DELAY3, PL_FN_DELAY3I); }
static pl_expr *smooth1(const call *c) { return with_initial(c, PL_FN_SMOOTH, PL_FN_SMOOTHI); }
static pl_expr *smooth3(const call *c) { return with_initial(c, PL_FN_SMOOTH3, PL_FN_SMOOTH3I); }

/* (input, time, order[, initial]) */
static pl_expr *of_order(const call *c, pl_function_id id) {
    pl_expr *args[4] = {c->args[0], c->args[1], given(c, 3, c->args[0]), c->args[2]};
    return make(c, id, args, 4);
}

static pl_expr *delay_n(const call *c) { return of_order(c, PL_FN_DELAY_N); }
static pl_expr *smooth_n(const call *c) { return of_order(c, PL_FN_SMOOTH_N); }

static pl_expr *trend(const call *c) {
    pl_expr *args[3] = {c->args[0], c->args[1], given(c, 2, number(c, 0.0))};
    return make(c, PL_FN_TREND, args, 3);
}

/* input * (1 + trend * horizon) */
static pl_expr *forecast(const call *c) {
    pl_expr *args[3] = {c->args[0], c->args[1], given(c, 3, number(c, 0.0))};
    pl_expr *growth = operate(c, PL_FN_MULTIPLY, make(c, PL_FN_TREND, args, 3), c->args[2]);
    return operate(c, PL_FN_MULTIPLY, c->args[0], operate(c, PL_FN_ADD, number(c, 1.0), growth));
}

/* ---- inputs over time ---------------------------------------------------------------------------------- */

static pl_expr *pulse(const call *c) {
    pl_expr *args[3] = {c->args[0], given(c, 1, control(c, c->x->reader->model->initial_time)),
                        given(c, 2, number(c, 0.0))};
    return make(c, PL_FN_PULSE_VOLUME, args, 3);
}

static pl_expr *ramp(const call *c) {
    pl_expr *args[3] = {c->args[0], given(c, 1, control(c, c->x->reader->model->initial_time)),
                        given(c, 2, number(c, INFINITY))};
    return make(c, PL_FN_RAMP, args, 3);
}

/* amplitude * SIN(2 pi time / period), or COS */
static pl_expr *wave(const call *c, pl_function_id id) {
    const double turn = 6.283185307179586;
    pl_expr *time = pl_xmile_name(c->x, "time", NULL, 0, c->at);
    pl_expr *angle = operate(c, PL_FN_DIVIDE, operate(c, PL_FN_MULTIPLY, number(c, turn), time), c->args[1]);
    return operate(c, PL_FN_MULTIPLY, c->args[0], pl_xmile_call(c->x, id, NULL, &angle, 1, c->at));
}

static pl_expr *sine_wave(const call *c) { return wave(c, PL_FN_SIN); }
static pl_expr *cosine_wave(const call *c) { return wave(c, PL_FN_COS); }

/* ---- the rest ------------------------------------------------------------------------------------------ */

static pl_expr *safe_division(const call *c) {
    pl_expr *args[3] = {c->args[0], c->args[1], given(c, 2, number(c, 0.0))};
    return make(c, PL_FN_SAFEDIV, args, 3);
}

static pl_expr *percent(const call *c) { return operate(c, PL_FN_MULTIPLY, c->args[0], number(c, 100.0)); }

/* ---- whole arrays -------------------------------------------------------------------------------------- */

/* How many elements the subscripts marked as whole dimensions in an expression have together; 0 where there are none.
 * The same dimension counts once. */
typedef struct marks {
    const char *keys[PL_MOST_AXES];
    int count;
    double elements;
} marks;

static void find_marks(const call *c, const pl_expr *expr, marks *found) {
    for (int i = 0; i < expr->name_count; i++) {
        const char *key = expr->names[i].key;
        const pl_raw_dimension *raw = expr->names[i].reduced ? pl_name_table_get(&c->x->reader->dimensions, key) : NULL;
        bool known = !raw || found->count == PL_MOST_AXES;
        for (int j = 0; j < found->count && !known; j++) known = strcmp(found->keys[j], key) == 0;
        if (known) continue;
        found->keys[found->count++] = key;
        found->elements *= raw->name_count;
    }
    for (int i = 0; i < expr->arg_count; i++) find_marks(c, expr->args[i], found);
}

static double marked_elements(const call *c, const pl_expr *expr) {
    pl_reader *reader = c->x->reader;
    if (!pl_reader_spend(reader, expr->size, c->at)) longjmp(reader->next_equation, 1);
    marks found = {.elements = 1.0};
    find_marks(c, expr, &found);
    return found.count ? found.elements : 0.0;
}

static double count_elements(const call *c) {
    double elements = marked_elements(c, c->args[0]);
    if (elements == 0.0) pl_xmile_fail(c->x, PL_INVALID, c->at, "%.60s takes an array", c->name);
    return elements;
}

static pl_expr *fold(const call *c, pl_function_id id, pl_expr *array) { return make(c, id, &array, 1); }

static pl_expr *reduce(const call *c, pl_function_id id) {
    count_elements(c);
    return fold(c, id, c->args[0]);
}

/* The sum over a conveyor or a queue is what it holds. */
static pl_expr *sum(const call *c) {
    const pl_expr *name = c->args[0];
    bool belt = name->kind == PL_EXPR_NAME && !name->args && pl_name_table_get(&c->x->belts, name->key);
    return belt && marked_elements(c, name) == 0.0 ? c->args[0] : reduce(c, PL_FN_SUM);
}

static pl_expr *product(const call *c) { return reduce(c, PL_FN_PROD); }
static pl_expr *size(const call *c) { return number(c, count_elements(c)); }

/* Any mix of arrays and single values. */
static pl_expr *extreme(const call *c, pl_function_id array, pl_function_id both) {
    pl_expr *found = NULL;
    for (int i = 0; i < c->count; i++) {
        pl_expr *one = marked_elements(c, c->args[i]) > 0.0 ? fold(c, array, c->args[i]) : c->args[i];
        found = found ? operate(c, both, found, one) : one;
    }
    return found;
}

static pl_expr *least(const call *c) { return extreme(c, PL_FN_VMIN, PL_FN_MIN); }
static pl_expr *largest(const call *c) { return extreme(c, PL_FN_VMAX, PL_FN_MAX); }

/* The sum of all, of (x - from) ^ 2 where from is given; how many they are is *count. */
static pl_expr *sum_all(const call *c, pl_expr *from, double *count) {
    pl_expr *total = NULL;
    *count = 0.0;
    for (int i = 0; i < c->count; i++) {
        double elements = marked_elements(c, c->args[i]);
        pl_expr *way = from ? operate(c, PL_FN_SUBTRACT, c->args[i], from) : c->args[i];
        pl_expr *one = from ? pl_xmile_call(c->x, PL_FN_SQUARE, NULL, &way, 1, c->at) : way;
        if (elements > 0.0) one = fold(c, PL_FN_SUM, one);
        total = total ? operate(c, PL_FN_ADD, total, one) : one;
        *count += elements > 0.0 ? elements : 1.0;
    }
    return total;
}

static pl_expr *mean(const call *c) {
    double count;
    pl_expr *total = sum_all(c, NULL, &count);
    return operate(c, PL_FN_DIVIDE, total, number(c, count));
}

/* The root of the mean square distance from the mean. */
static pl_expr *deviation(const call *c) {
    double count;
    pl_expr *squares = sum_all(c, mean(c), &count), *variance = operate(c, PL_FN_DIVIDE, squares, number(c, count));
    return pl_xmile_call(c->x, PL_FN_SQRT, NULL, &variance, 1, c->at);
}

/* The place (from 1) of the element of a rank: a hidden array holds the order of all. */
static pl_expr *rank(const call *c) {
    pl_xmile *x = c->x;
    pl_expr *array = c->args[0];
    if (array->kind != PL_EXPR_NAME || array->args || array->name_count != 1 || !array->names[0].reduced)
        pl_xmile_fail(x, PL_UNSUPPORTED, c->at, "%.60s takes the name of an array of one dimension", c->name);
    pl_subscript_name over = array->names[0];
    over.reduced = false;
    pl_variable *order = pl_reader_hidden(x->reader, "order", c->at);
    order->kind = PL_AUXILIARY, order->used = true;
    pl_expr *args[2] = {pl_xmile_name(x, array->key, &over, 1, c->at), number(c, 1.0)};
    pl_equation *equation = pl_reader_equation(x->reader, order, c->at);
    equation->names = args[0]->names, equation->name_count = 1;
    equation->expr = pl_xmile_call(x, PL_FN_VECTOR_SORT_ORDER, NULL, args, 2, c->at);
    const pl_raw_dimension *raw = pl_name_table_get(&x->reader->dimensions, over.key);
    if (!raw || raw->name_count == 0) pl_xmile_fail(x, PL_INVALID, c->at, "%.60s takes an array", c->name);
    pl_expr *first = pl_xmile_name(x, "order", raw->names, 1, c->at);
    first->kind = PL_EXPR_REFERENCE, first->variable = order;
    pl_expr *place = operate(c, PL_FN_SUBTRACT, c->args[1], number(c, 1.0));
    return operate(c, PL_FN_ADD, operate(c, PL_FN_VECTOR_ELM_MAP, first, place), number(c, 1.0));
}

/* The n-th root. */
static pl_expr *root(const call *c) {
    return operate(c, PL_FN_RAISE, c->args[0], operate(c, PL_FN_DIVIDE, number(c, 1.0), c->args[1]));
}

/* ---- the rows ------------------------------------------------------------------------------------------ */

enum { MOST_VALUES = 200 };

static const struct row {
    const char *key;
    int least, most;
    pl_expr *(*make)(const call *c);
    bool is_reduction;
} rows[] = {
    {"delay", 2, 3, delay, false},
    {"delay1", 2, 3, delay1, false},
    {"delay3", 2, 3, delay3, false},
    {"delayn", 3, 4, delay_n, false},
    {"smth1", 2, 3, smooth1, false},
    {"smth3", 2, 3, smooth3, false},
    {"smthn", 3, 4, smooth_n, false},
    {"trend", 2, 3, trend, false},
    {"forcst", 3, 4, forecast, false},
    {"pulse", 1, 3, pulse, false},
    {"ramp", 1, 3, ramp, false},
    {"sinwave", 2, 2, sine_wave, false},
    {"coswave", 2, 2, cosine_wave, false},
    {"safediv", 2, 3, safe_division, false},
    {"percent", 1, 1, percent, false},
    {"sum", 1, 1, sum, true},
    {"prod", 1, 1, product, true},
    {"mean", 1, MOST_VALUES, mean, true},
    {"stddev", 1, MOST_VALUES, deviation, true},
    {"rank", 2, 2, rank, true},
    {"size", 1, 1, size, true},
    {"min", 1, MOST_VALUES, least, true},
    {"max", 1, MOST_VALUES, largest, true},
    {"rootn", 2, 2, root, false},
};

static const struct row *find_row(const char *key) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].key, key) == 0) return &rows[i];
    return NULL;
}

bool pl_xmile_rearranges(const char *key) { return find_row(key) != NULL; }

bool pl_xmile_is_reduction(const char *key) {
    const struct row *row = find_row(key);
    return row && row->is_reduction;
}

/* Functions of XMILE and Stella that the reader knows but cannot give a meaning to. */
static bool is_unsupported(const char *key) {
    static const char *const keys[] = {
        "history",     "lookuparea",   "lookupmean",   "counter", "npv",       "irr",
        "fv",          "pmt",         "pv",           "cycletime",    "ctmean",  "ctstddev",  "ctmax",
        "ctmin",       "ctflow",      "thruput",      "qelem",        "endval",  "derivn",    "arrayelem",
        "interpolate", "factorial",   "combinations", "permutations", "invnorm",   "normalcdf",
        "allocate",    "lookupxy",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0) return true;
    return false;
}

/* Files that other programs have made of Vensim's name its functions as they are. NULL: not one of them. */
static pl_expr *vensim_call(const call *c) {
    const pl_function *function = pl_function_find(c->key, PL_VENSIM);
    bool plain = function && function->kind != PL_FUNCTION_FORM && !pl_function_find(c->key, PL_XMILE);
    return plain && !pl_name_table_get(&c->x->reader->macros, c->key) ? make(c, function->id, c->args, c->count) : NULL;
}

pl_expr *pl_xmile_builtin(pl_xmile *x, const char *key, const char *name, pl_expr **args, int count, pl_position at) {
    const struct row *row = find_row(key);
    call c = {x, key, name, args, count, at};
    if (!row && is_unsupported(key))
        pl_xmile_fail(x, PL_UNSUPPORTED, at, "the function '%.80s' is not supported", name);
    if (!row) {
        pl_expr *draw = pl_xmile_draw(x, key, name, args, count, at);
        return draw ? draw : vensim_call(&c);
    }
    if (count < row->least || count > row->most) {
        if (row->least == row->most)
            pl_xmile_fail(x, PL_INVALID, at, "%.60s takes %d argument%s, here it has %d", name, row->least,
                          row->least == 1 ? "" : "s", count);
        pl_xmile_fail(x, PL_INVALID, at, "%.60s takes %d to %d arguments, here it has %d", name, row->least, row->most,
                      count);
    }
    return row->make(&c);
}

pl_expr *pl_xmile_constant(pl_xmile *x, const char *key, pl_position at) {
    const pl_model *model = x->reader->model;
    if (strcmp(key, "pi") == 0) return pl_xmile_number(x, 3.141592653589793, at);
    if (strcmp(key, "inf") == 0) return pl_xmile_number(x, INFINITY, at);
    if (strcmp(key, "dt") == 0) return pl_xmile_reference(x, model->time_step, at);
    if (strcmp(key, "starttime") == 0) return pl_xmile_reference(x, model->initial_time, at);
    if (strcmp(key, "stoptime") == 0) return pl_xmile_reference(x, model->final_time, at);
    return NULL;
}
