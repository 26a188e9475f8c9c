/* Whether the units of a model's equations agree.  Each expression gets units, from the leaves up; a number fits any
 * units where things are added or compared, and has none where they are multiplied.  A variable without units, or a
 * function that nothing is known of, gives unknown units, which fit everything.  Functions of the prelude and macros
 * are checked where they are called.  Each equation gets one warning at most: what stands innermost comes first. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "model/reader.h"
#include "model/rules.h"
#include "model/units.h"

typedef enum value_kind { UNSET, ANY_NUMBER, UNKNOWN, UNITS } value_kind;

typedef struct value {
    value_kind kind;
    const pl_units *units; /* UNITS */
} value;

typedef struct unit_check {
    const pl_model *model;
    pl_findings *findings;
    pl_arena arena;
    pl_unit_system system;
    value *own; /* [variable] */
    value time;
    bool said; /* a warning of this equation */
    int warnings;
    jmp_buf out_of_memory;
} unit_check;

enum { TEXT = 200 };

/* ---- warnings ------------------------------------------------------------------------------------------- */

static void find(unit_check *c, pl_severity severity, pl_position at, const char *message) {
    const pl_model *model = c->model;
    pl_place place = {model->file, model->text, model->length, at.line, at.column, NULL};
    pl_error found;
    pl_error_at(&found, PL_OK, place, "units: %s", message);
    if (!pl_findings_add(c->findings, severity, &found)) longjmp(c->out_of_memory, 1);
}

static void warn(unit_check *c, pl_position at, const char *format, ...) PL_FORMAT(3, 4);

static void warn(unit_check *c, pl_position at, const char *format, ...) {
    char message[sizeof((pl_error *)0)->message];
    va_list arguments;
    if (c->said) return;
    c->said = true;
    if (c->warnings++ >= PL_MOST_FINDINGS) return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    find(c, PL_WARNING, at, message);
}

/* The units of a value as a text: what it is in, or that it has none. */
static const char *text_of(value v, char out[TEXT]) { return pl_units_text(v.units, out, TEXT); }

static bool differ(value a, value b) {
    return a.kind == UNITS && b.kind == UNITS && !pl_units_equal(a.units, b.units);
}

/* ---- algebra of values ---------------------------------------------------------------------------------- */

static value units_value(const pl_units *units) {
    return units ? (value){UNITS, units} : (value){UNKNOWN, NULL};
}

static value power(unit_check *c, value a, double p) {
    return a.kind == UNITS ? units_value(pl_units_combine(&c->arena, a.units, p, &pl_dimensionless, 1.0)) : a;
}

/* a * b^sign */
static value multiply(unit_check *c, value a, value b, double sign) {
    if (a.kind == UNKNOWN || b.kind == UNKNOWN || a.kind == UNSET || b.kind == UNSET) return (value){UNKNOWN, NULL};
    if (b.kind == ANY_NUMBER) return a;
    if (a.kind == ANY_NUMBER) return power(c, b, sign);
    return units_value(pl_units_combine(&c->arena, a.units, 1.0, b.units, sign));
}

/* ---- the rules of calls --------------------------------------------------------------------------------- */

static value check_expr(unit_check *c, const pl_expr *expr);

typedef struct matching {
    const pl_expr *call;
    value letters[26];
    int given_by[26]; /* the argument that said what a letter is */
} matching;

/* The value of a word of a rule: "u*t", "1/t", "?". */
static value word_value(unit_check *c, const matching *m, const char *word) {
    value v = {ANY_NUMBER, NULL};
    double sign = 1.0;
    for (; *word && *word != ' '; word++) {
        if (*word == '*' || *word == '/') sign = *word == '*' ? 1.0 : -1.0;
        else if (*word == '?') return (value){UNKNOWN, NULL};
        else if (*word == '1') v = multiply(c, v, (value){UNITS, &pl_dimensionless}, sign);
        else v = multiply(c, v, *word == 't' ? c->time : m->letters[*word - 'a'], sign);
    }
    return v;
}

static bool is_letter(const char *word) { return word[0] >= 'u' && word[0] <= 'z' && (word[1] == ' ' || !word[1]); }

/* The first spelling of a function, or the name of a macro. */
static const char *call_name(const unit_check *c, const pl_expr *call, char out[60]) {
    const char *name = !call->function                     ? call->name
                       : call->name                        ? call->name
                       : c->model->dialect == PL_VENSIM    ? call->function->vensim
                                                           : call->function->xmile;
    snprintf(out, 60, "%.*s", (int)(call->name ? strlen(name) : strcspn(name, "|")), name);
    return out;
}

static bool is_operator(const pl_expr *call) { return call->arg_count == 2 && call->function->id <= PL_FN_OR; }

static void warn_different(unit_check *c, const matching *m, int first, value a, int second, value b) {
    char left[TEXT], right[TEXT], name[60];
    const pl_expr *call = m->call;
    call_name(c, call, name);
    text_of(a, left), text_of(b, right);
    if (is_operator(call)) warn(c, call->args[second]->at, "%s on the left of '%s', %s on the right", left, name, right);
    else
        warn(c, call->args[second]->at, "argument %d of %s is in %s, argument %d in %s", first + 1, name, left,
             second + 1, right);
}

static void warn_wanted(unit_check *c, const matching *m, int index, value have, value want, const char *word) {
    char is[TEXT], must[TEXT], name[60];
    const pl_expr *call = m->call;
    call_name(c, call, name);
    text_of(have, is), text_of(want, must);
    const char *in = want.units->count ? "in " : "dimensionless", *why = *word == 't' ? ", the time unit" : "";
    if (want.units->count == 0) *must = 0;
    if (is_operator(call))
        warn(c, call->args[index]->at, "%s on the %s of '%s' must be %s%s", is, index ? "right" : "left", name, in, must);
    else
        warn(c, call->args[index]->at, "argument %d of %s is in %s and must be %s%s%s", index + 1, name, is, in, must,
             why);
}

/* Holds an argument against its word. */
static void match(unit_check *c, matching *m, int index, value have, const char *word) {
    if (is_letter(word)) {
        value *letter = &m->letters[*word - 'a'];
        if (differ(*letter, have)) warn_different(c, m, m->given_by[*word - 'a'], *letter, index, have);
        if (have.kind <= letter->kind) return;
        *letter = have, m->given_by[*word - 'a'] = index;
    } else {
        value want = word_value(c, m, word);
        if (differ(want, have)) warn_wanted(c, m, index, have, want, word);
    }
}

static const char *next_word(const char *rule) {
    rule += strcspn(rule, " ");
    return rule + strspn(rule, " ");
}

static value by_rule(unit_check *c, const pl_expr *call, const value *values) {
    matching m = {.call = call};
    const char *word = call->function ? pl_function_rule(call->function)->units : "";
    for (int i = 0; *word && *word != '='; i++, word = next_word(word))
        if (i < call->arg_count) match(c, &m, i, values[i], word);
    return *word == '=' ? word_value(c, &m, next_word(word)) : (value){UNKNOWN, NULL};
}

/* ---- calls that are no row ------------------------------------------------------------------------------ */

/* The number that an exponent is in the text ("2", "-1", "1/2"); NaN where it is none. */
static double literal(const pl_expr *expr) {
    if (expr->kind == PL_EXPR_NUMBER) return expr->number;
    if (expr->kind != PL_EXPR_CALL) return NAN;
    if (expr->function->id == PL_FN_NEGATE) return -literal(expr->args[0]);
    return expr->function->id == PL_FN_DIVIDE ? literal(expr->args[0]) / literal(expr->args[1]) : NAN;
}

static value raise(unit_check *c, const pl_expr *call, const value *values) {
    char text[TEXT];
    double p = literal(call->args[1]);
    if (differ(values[1], (value){UNITS, &pl_dimensionless}))
        warn(c, call->args[1]->at, "the exponent is in %s and must be dimensionless", text_of(values[1], text));
    if (values[0].kind != UNITS || values[0].units->count == 0) return values[0];
    if (!isnan(p)) return power(c, values[0], p);
    warn(c, call->at, "%s to a power that is no number in the text", text_of(values[0], text));
    return (value){UNKNOWN, NULL};
}

static value call_value(unit_check *c, const pl_expr *call, const value *values) {
    switch (call->function->id) {
    case PL_FN_RAISE:
    case PL_FN_POWER: return raise(c, call, values);
    case PL_FN_SQRT: return power(c, values[0], 0.5);
    case PL_FN_PROD: /* of any number of factors: only no dimension stays what it is */
        return values[0].kind == UNITS && values[0].units->count > 0 ? (value){UNKNOWN, NULL} : values[0];
    default: return by_rule(c, call, values);
    }
}

/* The units of a macro's result, where its own equation states them in terms of the arguments: "input/time". */
static value macro_value(unit_check *c, const pl_expr *call, const value *values) {
    const pl_macro *macro = call->macro;
    const pl_variable *result = pl_name_table_get(&macro->names, macro->key);
    pl_name_table locals = {0};
    for (int i = 0; i < macro->input_count && i < call->arg_count; i++) {
        if (values[i].kind != UNITS) return (value){UNKNOWN, NULL};
        const char *key = pl_unit_key(&c->arena, macro->inputs[i], strlen(macro->inputs[i]));
        pl_name_table_set(&c->arena, &locals, key, (void *)values[i].units);
    }
    c->system.locals = &locals;
    value v = units_value(result ? pl_units_read(&c->system, result->units) : NULL);
    c->system.locals = NULL;
    return v;
}

static value check_call(unit_check *c, const pl_expr *call) {
    value *values = PL_ARRAY(&c->arena, call->arg_count, value);
    bool said = c->said;
    for (int i = 0; i < call->arg_count; i++) values[i] = check_expr(c, call->args[i]);
    value v = call->function ? call_value(c, call, values) : macro_value(c, call, values);
    return c->said && !said ? (value){UNKNOWN, NULL} : v;
}

static value check_expr(unit_check *c, const pl_expr *expr) {
    switch (expr->kind) {
    case PL_EXPR_TIME: return c->time;
    case PL_EXPR_REFERENCE: return expr->origin ? check_call(c, expr->origin) : c->own[expr->variable->index];
    case PL_EXPR_CALL: return check_call(c, expr);
    default: return (value){ANY_NUMBER, NULL};
    }
}

/* ---- equations ------------------------------------------------------------------------------------------ */

static void check_stock(unit_check *c, const pl_equation *equation, value left) {
    char stock[TEXT], need[TEXT], text[TEXT];
    value rate = check_expr(c, equation->expr), want = multiply(c, left, c->time, -1.0);
    if (differ(want, rate))
        warn(c, equation->expr->at, "%s on the left, so the rate must be in %s; it is in %s", text_of(left, stock),
             text_of(want, need), text_of(rate, text));
    value initial = check_expr(c, equation->initial);
    if (differ(left, initial))
        warn(c, equation->initial->at, "%s on the left, %s in the initial value", text_of(left, stock),
             text_of(initial, text));
}

/* What the modeller wrote: the reader of XMILE puts limits around the equation of a non-negative flow, at the place of
 * the whole element. */
static const pl_expr *written(const pl_equation *equation) {
    const pl_expr *expr = equation->expr;
    while (expr->kind == PL_EXPR_CALL && (expr->function->id == PL_FN_MIN || expr->function->id == PL_FN_MAX) &&
           expr->at.line == equation->at.line && expr->at.column == equation->at.column)
        expr = expr->args[0];
    return expr;
}

static void check_equation(unit_check *c, const pl_equation *equation) {
    const pl_variable *variable = equation->variable;
    char left[TEXT], right[TEXT];
    c->said = false;
    if (equation->initial) {
        check_stock(c, equation, c->own[variable->index]);
    } else {
        value v = check_expr(c, written(equation));
        if (differ(c->own[variable->index], v))
            warn(c, equation->at, "%s on the left, %s on the right", text_of(c->own[variable->index], left),
                 text_of(v, right));
    }
}

static void check_control(unit_check *c, const pl_variable *variable) {
    char own[TEXT], time[TEXT];
    value v = c->own[variable->index];
    c->said = variable->hidden;
    if (differ(v, c->time))
        warn(c, variable->at, "%s is in %s, TIME STEP in %s", variable->name, text_of(v, own), text_of(c->time, time));
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static bool is_control(const pl_model *model, const pl_variable *variable) {
    return variable == model->initial_time || variable == model->final_time || variable == model->time_step ||
           variable == model->saveper;
}

/* Reads all units. Some that are missing are one warning. false: no variable has any, but perhaps the time settings. */
static bool read_units(unit_check *c) {
    const pl_variable *first = NULL;
    int missing = 0, all = 0, given = 0;
    c->own = PL_ARRAY(&c->arena, c->model->variable_count + 1, value);
    for (int i = 0; i < c->model->variable_count; i++) {
        const pl_variable *variable = c->model->variables[i];
        const pl_units *units = *variable->units ? pl_units_read(&c->system, variable->units) : NULL;
        c->own[i] = units_value(units);
        if (variable->hidden) continue;
        c->said = false, all++;
        if (!units && *variable->units)
            warn(c, variable->at, "'%.80s' of '%.80s' cannot be read", variable->units, variable->name);
        given += units && !is_control(c->model, variable);
        if (!*variable->units && missing++ == 0) first = variable;
    }
    c->said = given == 0;
    if (missing > 0)
        warn(c, first->at, "%d of %d variables have none; the first is '%.80s'", missing, all, first->name);
    return given > 0;
}

static void check_all(unit_check *c) {
    const pl_model *model = c->model;
    pl_unit_system_start(&c->system, &c->arena, model);
    if (!read_units(c)) {
        find(c, PL_NOTE, (pl_position){0, 0}, "no variable has any, so they are not checked");
        return;
    }
    c->time = c->own[model->time_step->index];
    check_control(c, model->initial_time);
    check_control(c, model->final_time);
    check_control(c, model->saveper);
    for (int i = 0; i < model->variable_count; i++) {
        const pl_variable *variable = model->variables[i];
        bool computed = variable->kind == PL_AUXILIARY || variable->kind == PL_STOCK;
        for (int k = 0; k < variable->equation_count && computed && !variable->hidden; k++)
            if (variable->equations[k]->expr) check_equation(c, variable->equations[k]);
    }
    if (c->warnings <= PL_MOST_FINDINGS) return;
    char more[60];
    snprintf(more, sizeof more, "%d more equations do not agree", c->warnings - PL_MOST_FINDINGS);
    find(c, PL_WARNING, (pl_position){0, 0}, more);
}

static void jump_out(void *context) { longjmp(((unit_check *)context)->out_of_memory, 1); }

pl_status pl_model_check_units(const pl_model *model, pl_findings *findings, pl_error *error) {
    unit_check c = {.model = model, .findings = findings};
    c.arena.out_of_memory = jump_out, c.arena.context = &c;
    volatile bool fine = false;
    if (setjmp(c.out_of_memory) == 0) {
        check_all(&c);
        fine = true;
    }
    pl_arena_free(&c.arena);
    return fine ? PL_OK : pl_error_set(error, PL_MEMORY, model->file, 0, 0, "out of memory while units were checked");
}
