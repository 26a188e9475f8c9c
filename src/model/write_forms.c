/* What each builtin is called in the other dialect: by its name in the table of functions.h where the arguments are the
 * same, else by a row here, each a text that gives the same numbers.  A function that has neither is refused. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/write.h"
#include "model/xmile.h"

#define TRUNCATED "(IF #1 / #2 < 0 THEN -INT(-(#1 / #2)) ELSE INT(#1 / #2))"
#define FLOORED "(INTEGER(#1 / #2) - IF THEN ELSE(#1 / #2 < INTEGER(#1 / #2), 1, 0))"
#define LATE "%T + %D / 2"
#define FORM(id, power, text) {PL_FN_##id, power, false, text, NULL},
#define CALL(id, text) FORM(id, PL_POWER_ATOM, text)
#define DRAW(id, text, needs) {PL_FN_##id, PL_POWER_ATOM, false, text, needs},
#define STEP(id, power, text) {PL_FN_##id, power, true, text, NULL},

static const pl_form in_xmile[] = {
    FORM(IF_THEN_ELSE, 0, "IF %1 THEN $2 ELSE $3")
    FORM(SQUARE, 80, "#1 ^ 2")
    FORM(POWER, 80, "#1 ^ #2")
    CALL(MIN, "MIN(%1, %2)")
    CALL(MAX, "MAX(%1, %2)")
    FORM(LOG, 60, "LN(%1) / LN(%2)")
    FORM(SINH, 60, "(EXP(%1) - EXP(-#1)) / 2")
    FORM(COSH, 60, "(EXP(%1) + EXP(-#1)) / 2")
    FORM(TANH, 50, "1 - 2 / (EXP(2 * #1) + 1)")
    FORM(INTEGER, 0, "IF %1 < 0 THEN -INT(-#1) ELSE INT(%1)")
    FORM(MODULO, 50, "#1 - #2 * " TRUNCATED)
    FORM(QUANTUM, 0, "IF #2 > 0 THEN #2 * " TRUNCATED " ELSE %1")
    CALL(SAFEDIV, "SAFEDIV(%1, %2, %3)")
    FORM(ZIDZ, 0, "IF ABS(%2) < 1e-6 THEN 0 ELSE #1 / #2")
    FORM(XIDZ, 0, "IF ABS(%2) < 1e-6 THEN %3 ELSE #1 / #2")
    CALL(RAMP, "RAMP(%1, %2, %3)")
    STEP(PULSE, 0, "IF " LATE " > #1 AND " LATE " < #1 + MAX(%2, %D) THEN 1 ELSE 0")
    STEP(PULSE_TRAIN, 0, "IF " LATE " > #1 AND " LATE " < #4 + %D AND (#3 < #2 OR " LATE " - #1 - #3 * INT((" LATE
     " - #1) / #3) < MAX(%2, %D)) THEN 1 ELSE 0")
    FORM(TIME_BASE, 50, "#1 + #2 * %T")
    CALL(SMOOTH, "SMTH1(%1, %2)")
    CALL(SMOOTHI, "SMTH1(%1, %2, %3)")
    CALL(SMOOTH3, "SMTH3(%1, %2)")
    CALL(SMOOTH3I, "SMTH3(%1, %2, %3)")
    CALL(SMOOTH_N, "SMTHN(%1, %2, %4, %3)")
    CALL(DELAY1, "DELAY1(%1, %2)")
    CALL(DELAY1I, "DELAY1(%1, %2, %3)")
    CALL(DELAY3, "DELAY3(%1, %2)")
    CALL(DELAY3I, "DELAY3(%1, %2, %3)")
    CALL(DELAY_N, "DELAYN(%1, %2, %4, %3)")
    CALL(TREND, "TREND(%1, %2, %3)")
    FORM(FORECAST, 60, "#1 * (1 + (IF ABS(#2 * SMTH1(%1, %2)) < 1e-6 THEN 0 ELSE "
     "(#1 - SMTH1(%1, %2)) / (#2 * SMTH1(%1, %2))) * #3)")
    CALL(INITIAL, "INIT(%1)")
    CALL(GAME, "(%1)")
    CALL(DELAY_FIXED, "DELAY(%1, %2, %3)")
    CALL(RANDOM_0_1, "RANDOM(0, 1)")
    CALL(RANDOM_UNIFORM, "RANDOM(%1, %2, %3)")
    CALL(RANDOM_NORMAL, "NORMAL(%3, %4, %5, %1, %2)")
    DRAW(RANDOM_EXPONENTIAL, "EXPRND(%4, %5, %1, %2)", "30")
    DRAW(RANDOM_BETA, "BETA(%3, %4, %7, %1, %2)", "5061")
    DRAW(RANDOM_BINOMIAL, "BINOMIAL(%4, %3, %7, %1, %2)", "5061")
    DRAW(RANDOM_NEGATIVE_BINOMIAL, "NEGBINOMIAL(%4, %3, %7, %1, %2)", "5061")
    DRAW(RANDOM_POISSON, "POISSON(#3 / %D, %6, %1, %2)", "4051")
    CALL(RANDOM_TRIANGULAR, "TRIANGULAR(%3, %4, %5, %6, %1, %2)")
};

static const pl_form in_vensim[] = {
    FORM(SQUARE, 80, "#1 ^ 2")
    FORM(INT, 50, "INTEGER(%1) - IF THEN ELSE(%1 < INTEGER(%1), 1, 0)")
    FORM(MOD, 50, "#1 - #2 * " FLOORED)
    FORM(ROUND, 50, "INTEGER(#1 + 0.5) - IF THEN ELSE(#1 + 0.5 < INTEGER(#1 + 0.5), 1, 0)")
    CALL(LOG10, "LOG(%1, 10)")
    CALL(SAFEDIV, "IF THEN ELSE(#2 = 0, %3, #1 / #2)")
    STEP(PULSE_VOLUME, PL_POWER_ATOM, "IF THEN ELSE(" LATE " >= #2 :AND: " LATE
     " - #2 - IF THEN ELSE(#3 > 0, #3 * INTEGER((" LATE " - #2) / #3), 0) < %D, #1 / %D, 0)")
    CALL(PREVIOUS, "DELAY FIXED(%1, %D, %2)")
};

/* Functions of Vensim that XMILE has to be taught: macros under a name that nobody else takes. */
static const struct helper {
    pl_function_id id;
    const char *name, *text;
} helpers[] = {
    {PL_FN_SAMPLE_IF_TRUE, "Vensim_SAMPLE_IF_TRUE",
     "<parm>condition</parm><parm>input</parm><parm>start</parm>"
     "<eqn>IF condition THEN input ELSE PREVIOUS(SELF, start)</eqn>"},
    {PL_FN_NPV, "Vensim_NPV",
     "<parm>stream</parm><parm>rate</parm><parm>start</parm><parm>factor</parm>"
     "<eqn>(sum + stream * DT * discount) * factor</eqn><variables>"
     "<stock name=\"discount\"><eqn>1</eqn><inflow>discounting</inflow></stock>"
     "<flow name=\"discounting\"><eqn>-discount * rate / (1 + rate * DT)</eqn></flow>"
     "<stock name=\"sum\"><eqn>start</eqn><inflow>adding</inflow></stock>"
     "<flow name=\"adding\"><eqn>stream * discount</eqn></flow></variables>"},
    {PL_FN_NPVE, "Vensim_NPVE",
     "<parm>stream</parm><parm>rate</parm><parm>start</parm><parm>factor</parm>"
     "<eqn>(sum + stream * DT * discount) * factor</eqn><variables>"
     "<stock name=\"discount\"><eqn>1 / (1 + rate * DT)</eqn><inflow>discounting</inflow></stock>"
     "<flow name=\"discounting\"><eqn>-discount * rate / (1 + rate * DT)</eqn></flow>"
     "<stock name=\"sum\"><eqn>start</eqn><inflow>adding</inflow></stock>"
     "<flow name=\"adding\"><eqn>stream * discount</eqn></flow></variables>"},
};
enum { HELPER_COUNT = sizeof helpers / sizeof *helpers };

const pl_form *pl_form_find(pl_function_id id, pl_dialect dialect) {
    const pl_form *rows = dialect == PL_XMILE ? in_xmile : in_vensim;
    size_t count = dialect == PL_XMILE ? sizeof in_xmile / sizeof *in_xmile : sizeof in_vensim / sizeof *in_vensim;
    for (size_t i = 0; i < count; i++)
        if (rows[i].id == id) return &rows[i];
    return NULL;
}

/* ---- draws ---------------------------------------------------------------------------------------------- */

/* Whether an expression draws, so that it may not be written twice; macros may. */
static bool draws(const pl_writer *w, const pl_expr *expr) {
    const pl_function *function = pl_writer_function(w, expr);
    if (function && (pl_function_draws(function) || function->id == PL_FN_RANDOM_PINK_NOISE)) return true;
    if (!function && expr->kind == PL_EXPR_NAME && expr->args && pl_name_table_get(&w->macros, expr->key)) return true;
    for (int i = 0; i < expr->arg_count; i++)
        if (draws(w, expr->args[i])) return true;
    return false;
}

/* ---- forms ---------------------------------------------------------------------------------------------- */

static int count_uses(const char *text, char digit) {
    int count = 0;
    for (; *text; text++) count += (*text == '%' || *text == '#') && text[1] == digit;
    return count;
}

/* What must hold for a form; false: it was said. */
static bool check_form(pl_writer *w, const pl_form *form, const pl_function *function, const pl_expr *expr) {
    const char *name = expr->name ? expr->name : function->name;
    if (form->by_steps && w->model->method != PL_EULER) {
        pl_writer_refuse(w, expr->at,
                         "%.60s has no counterpart where the method is Runge-Kutta: it would change inside a step",
                         name);
        return false;
    }
    for (const char *need = form->needs; need && *need; need += 2) {
        const pl_expr *given = expr->args[need[0] - '1'];
        if (given->kind == PL_EXPR_NUMBER && given->number == need[1] - '0') continue;
        pl_writer_refuse(w, given->at, "%.60s has a counterpart only where this is the number %c", name, need[1]);
        return false;
    }
    for (int i = 0; i < expr->arg_count; i++)
        if (count_uses(form->text, (char)('1' + i)) > 1 && draws(w, expr->args[i])) {
            pl_writer_refuse(w, expr->args[i]->at, "a draw inside %.60s has no counterpart", name);
            return false;
        }
    return true;
}

static void put_part(pl_writer *w, const char *from, const char *to) {
    pl_writer_format(w, "%.*s", (int)(to - from), from);
}

static void write_control(pl_writer *w, char what) {
    bool vensim = w->to == PL_VENSIM;
    if (what == 'T') pl_writer_put(w, vensim ? "Time" : "TIME");
    else pl_writer_put(w, vensim ? "TIME STEP" : "DT");
    if (vensim && w->macro) pl_writer_put(w, "$");
}

static void write_form(pl_writer *w, const pl_form *form, const pl_expr *expr, int power) {
    const char *from = form->text;
    if (form->power < power) pl_writer_put(w, "(");
    for (const char *at = from; *at; at++) {
        if (*at != '%' && *at != '#' && *at != '$') continue;
        put_part(w, from, at);
        char what = *++at;
        from = at + 1;
        if (what == 'T' || what == 'D') write_control(w, what);
        else pl_writer_expression(w, expr->args[what - '1'], at[-1] == '#' ? PL_POWER_ATOM : at[-1] == '$' ? 10 : 0);
    }
    pl_writer_put(w, from);
    if (form->power < power) pl_writer_put(w, ")");
}

/* ---- sums over dimensions ------------------------------------------------------------------------------- */

typedef struct marks {
    const pl_dimension *dimensions[PL_MOST_AXES];
    int count;
    bool whole; /* each mark is the whole axis of its variable, and no variable has one twice */
} marks;

static void find_marks(const pl_writer *w, const pl_expr *expr, marks *found) {
    const pl_variable *v = expr->kind == PL_EXPR_NAME ? pl_name_table_get(&w->model->names, expr->key) : NULL;
    for (int i = 0; i < expr->name_count; i++) {
        if (!expr->names[i].reduced) continue;
        const pl_dimension *dimension = pl_name_table_get(&w->dimensions, expr->names[i].key);
        bool known = !dimension || found->count == PL_MOST_AXES;
        bool known_array = v && v->kind != PL_LOOKUP && i < v->rank && !v->defined;
        if (!known_array || v->axes[i]->dimension != dimension) found->whole = false;
        for (int j = 0; j < i; j++)
            if (expr->names[j].reduced && strcmp(expr->names[j].key, expr->names[i].key) == 0) found->whole = false;
        for (int j = 0; j < found->count && !known; j++) known = found->dimensions[j] == dimension;
        if (!known) found->dimensions[found->count++] = dimension;
    }
    for (int i = 0; i < expr->arg_count; i++) find_marks(w, expr->args[i], found);
}

/* The n-th term, the last dimension fastest. */
static void write_term(pl_writer *w, const pl_expr *expr, const marks *found, int n, int power) {
    int first = w->fixed_count;
    for (int i = found->count - 1; i >= 0; i--) {
        int count = found->dimensions[i]->count;
        w->fixed[first + i] = (pl_fixed){found->dimensions[i], n % count, true};
        n /= count;
    }
    w->fixed_count += found->count;
    pl_writer_expression(w, expr, power);
    w->fixed_count = first;
}

/* MIN(MIN(a, b), MIN(c, d)) of terms from..to-1. */
static void write_extreme(pl_writer *w, const pl_expr *expr, const marks *found, const char *name, int from, int to) {
    if (to - from == 1) {
        write_term(w, expr, found, from, 0);
        return;
    }
    pl_writer_format(w, "%s(", name);
    write_extreme(w, expr, found, name, from, from + (to - from) / 2);
    pl_writer_put(w, ", ");
    write_extreme(w, expr, found, name, from + (to - from) / 2, to);
    pl_writer_put(w, ")");
}

static void write_terms(pl_writer *w, const pl_function *function, const pl_expr *expr, const marks *found, int power) {
    double count = 1.0;
    for (int i = 0; i < found->count; i++) count *= found->dimensions[i]->count;
    if (count > PL_MOST_TERMS || w->fixed_count + found->count > PL_MOST_AXES) {
        pl_writer_refuse(w, expr->at,
                         "%.60s over more than %d elements of parts of dimensions has no counterpart in XMILE",
                         function->vensim, PL_MOST_TERMS);
        return;
    }
    bool sum = function->id == PL_FN_SUM, product = function->id == PL_FN_PROD;
    int own = sum ? 50 : product ? 60 : PL_POWER_ATOM;
    if (!sum && !product) {
        write_extreme(w, expr->args[0], found, function->id == PL_FN_VMIN ? "MIN" : "MAX", 0, (int)count);
        return;
    }
    if (own < power) pl_writer_put(w, "(");
    for (int i = 0; i < (int)count; i++) {
        if (i > 0) pl_writer_put(w, sum ? " + " : " * ");
        write_term(w, expr->args[0], found, i, i ? own + 1 : own);
    }
    if (own < power) pl_writer_put(w, ")");
}

static void write_reduction(pl_writer *w, const pl_function *function, const pl_expr *expr, int power) {
    const char *name = function->vensim;
    marks found = {.whole = true};
    find_marks(w, expr->args[0], &found);
    if (w->to == PL_XMILE && !found.whole) {
        write_terms(w, function, expr, &found, power);
        return;
    }
    if (w->to == PL_XMILE && function->id == PL_FN_VMIN) name = "MIN";
    if (w->to == PL_XMILE && function->id == PL_FN_VMAX) name = "MAX";
    pl_writer_format(w, "%s(", name);
    w->reductions++;
    pl_writer_expression(w, expr->args[0], 0);
    w->reductions--;
    pl_writer_put(w, ")");
}

/* ---- macros that XMILE is taught ------------------------------------------------------------------------ */

static int find_helper(pl_function_id id) {
    for (int i = 0; i < HELPER_COUNT; i++)
        if (helpers[i].id == id) return i;
    return -1;
}

void pl_writer_helpers(pl_writer *w) {
    for (int i = 0; i < HELPER_COUNT; i++)
        if (w->used_helpers >> i & 1u)
            pl_writer_format(w, "    <macro name=\"%s\">%s</macro>\n", helpers[i].name, helpers[i].text);
}

const pl_function *pl_writer_helper(const pl_writer *w, const char *key) {
    if (w->to != PL_VENSIM || w->model->dialect != PL_XMILE || strncmp(key, "vensim ", 7) != 0) return NULL;
    const pl_function *function = pl_function_find(key + 7, PL_VENSIM);
    return function && find_helper(function->id) >= 0 ? function : NULL;
}

/* ---- calls ---------------------------------------------------------------------------------------------- */

static void write_plain(pl_writer *w, const char *name, const pl_expr *expr) {
    size_t length = strcspn(name, "|");
    pl_writer_format(w, "%.*s(", (int)length, name);
    for (int i = 0; i < expr->arg_count; i++) {
        if (i > 0) pl_writer_put(w, ", ");
        pl_writer_expression(w, expr->args[i], 0);
    }
    pl_writer_put(w, ")");
}

/* Whether the name of the table, with the arguments in their order, is all that it takes. */
static bool is_plain(pl_writer *w, const pl_function *function) {
    const char *name = w->to == PL_XMILE ? function->xmile : function->vensim;
    if (!*name || w->to == PL_VENSIM) return *name;
    if (pl_function_draws(function)) return false;
    return !pl_xmile_rearranges(pl_name_key(&w->arena, name, strcspn(name, "|")));
}

/* The number of elements, which XMILE has no function of a dimension for. */
static void write_count(pl_writer *w, const pl_expr *expr) {
    const pl_dimension *dimension = pl_name_table_get(&w->dimensions, expr->args[0]->key);
    pl_writer_format(w, "%d", dimension->count);
}

/* A lookup that goes on outside its points is a graphical function of another type. */
static void write_extrapolation(pl_writer *w, const pl_expr *expr) {
    const pl_expr *name = expr->args[0];
    const pl_variable *lookup = name->kind == PL_EXPR_NAME ? pl_name_table_get(&w->model->names, name->key) : NULL;
    if (!lookup || lookup->kind != PL_LOOKUP || w->macro)
        pl_writer_refuse(w, expr->at, "%.60s has no counterpart here in XMILE", expr->name);
    else pl_writer_ask(w, name, lookup, expr->args[1], true);
}

static bool is_reduction(pl_function_id id) {
    return id == PL_FN_SUM || id == PL_FN_PROD || id == PL_FN_VMIN || id == PL_FN_VMAX;
}

/* A DELAY N whose order Vensim lowers is written with the order that it has; false: it is written as it stands. */
static bool write_lower_delay(pl_writer *w, const pl_expr *expr) {
    double order = pl_reader_evaluate(&w->reader, expr->args[3]);
    int lower = order < 1000.0 ? pl_reader_delay_order(&w->reader, expr->args[1], (int)order) : 0;
    if (lower < 1 || lower >= (int)order) return false;
    pl_writer_put(w, "DELAYN(");
    pl_writer_expression(w, expr->args[0], 0);
    pl_writer_put(w, ", ");
    pl_writer_expression(w, expr->args[1], 0);
    pl_writer_format(w, ", %d, ", lower);
    pl_writer_expression(w, expr->args[2], 0);
    pl_writer_put(w, ")");
    return true;
}

/* A ramp without end in Vensim. */
static bool write_special(pl_writer *w, const pl_function *function, const pl_expr *expr) {
    const pl_expr *const *a = (const pl_expr *const *)expr->args;
    if (function->id == PL_FN_RAMP && w->to == PL_VENSIM && a[2]->kind == PL_EXPR_NUMBER && isinf(a[2]->number)) {
        static const pl_form endless = {.text = "RAMP(%1, %2, FINAL TIME + %D)"};
        static const pl_form inside = {.text = "RAMP(%1, %2, FINAL TIME$ + %D)"};
        write_form(w, w->macro ? &inside : &endless, expr, 0);
        return true;
    }
    if (function->id == PL_FN_DELAY_N && w->to == PL_XMILE) return write_lower_delay(w, expr);
    return false;
}

/* Whether an expression names the variable that it defines. */
static bool names_itself(const pl_writer *w, const pl_expr *expr) {
    const char *own = w->variable ? w->variable->key : w->macro ? w->macro->key : "";
    if (expr->key && strcmp(expr->key, own) == 0) return true;
    for (int i = 0; i < expr->arg_count; i++)
        if (names_itself(w, expr->args[i])) return true;
    return false;
}

static void write_helper(pl_writer *w, int helper, const pl_expr *expr) {
    if (names_itself(w, expr))
        pl_writer_refuse(w, expr->at, "%.60s that names its own value has no counterpart in XMILE", expr->name);
    for (int i = 0; i < expr->arg_count; i++)
        if (draws(w, expr->args[i]))
            pl_writer_refuse(w, expr->args[i]->at, "a draw inside %.60s has no counterpart", expr->name);
    w->used_helpers |= 1u << helper;
    write_plain(w, helpers[helper].name, expr);
}

/* In Vensim these must be the whole right side. */
static bool stands_alone(const pl_writer *w, const pl_function *function, const pl_expr *expr) {
    static const pl_function_id alone[] = {PL_FN_INITIAL, PL_FN_ACTIVE_INITIAL, PL_FN_DELAY_FIXED, PL_FN_PREVIOUS};
    if (w->to != PL_VENSIM || w->model->dialect == PL_VENSIM || expr == w->whole) return false;
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (alone[i] == function->id) return true;
    return false;
}

static void write_aside(pl_writer *w, const pl_expr *expr) {
    const pl_equation *e = w->equation;
    char base[PL_LONGEST_NAME + 20];
    const char *name = expr->name ? expr->name : "part";
    if (w->reductions > 0 || !e || w->fixed_count > 0 || draws(w, expr)) {
        pl_writer_refuse(w, expr->at, "%.60s here has no counterpart: in Vensim it must stand alone", name);
        return;
    }
    snprintf(base, sizeof base, "%.1900s %.60s", e->variable->name, name);
    pl_aside *aside = PL_NEW(&w->arena, pl_aside);
    *aside = (pl_aside){expr, e, pl_writer_new_name(w, base), NULL};
    if (w->last_aside) w->last_aside->next = aside;
    else w->first_aside = aside;
    w->last_aside = aside;
    pl_writer_name(w, aside->name);
    pl_writer_subscripts(w, e->names, e->name_count);
}

void pl_writer_call(pl_writer *w, const pl_function *function, const pl_expr *expr, int power) {
    const pl_form *form = pl_form_find(function->id, w->to);
    int helper = w->to == PL_XMILE ? find_helper(function->id) : -1;
    bool same = w->to == w->model->dialect && expr->kind == PL_EXPR_NAME;
    bool bounds = w->bounds;
    w->bounds = pl_function_draws(function);
    if (same) write_plain(w, expr->name, expr);
    else if (stands_alone(w, function, expr)) write_aside(w, expr);
    else if (is_reduction(function->id)) write_reduction(w, function, expr, power);
    else if (function->id == PL_FN_ELMCOUNT && w->to == PL_XMILE) write_count(w, expr);
    else if (function->id == PL_FN_LOOKUP_EXTRAPOLATE && w->to == PL_XMILE) write_extrapolation(w, expr);
    else if (write_special(w, function, expr)) {}
    else if (form) {
        if (check_form(w, form, function, expr)) write_form(w, form, expr, power);
    } else if (is_plain(w, function)) {
        write_plain(w, w->to == PL_XMILE ? function->xmile : function->vensim, expr);
    } else if (helper >= 0) {
        write_helper(w, helper, expr);
    } else {
        pl_writer_refuse(w, expr->at, "the function '%.80s' has no counterpart in %s",
                         expr->name ? expr->name : function->name, w->to == PL_XMILE ? "XMILE" : "Vensim");
    }
    w->bounds = bounds;
}
