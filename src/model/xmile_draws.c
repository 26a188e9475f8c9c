/* The random builtins of XMILE and Stella: NAME(parameters[, seed[, min[, max]]]).  A row says how the arguments of the
 * function of the table (functions.h) are made of them; to add a distribution is to add a row.  The seed is not used.
 */
#include <math.h>
#include <string.h>

#include "model/xmile.h"

/* arguments: a, b, c the parameters (a left out one is 1), A the first times DT, m and x the limits, 0 and 1 numbers.
 */
static const struct row {
    const char *key;
    pl_function_id id;
    int least, most;       /* parameters */
    const char *arguments; /* with the seed at the end */
} rows[] = {
    {"random", PL_FN_RANDOM_UNIFORM, 2, 2, "ab0"},
    {"uniform", PL_FN_RANDOM_UNIFORM, 2, 2, "ab0"},
    {"normal", PL_FN_RANDOM_NORMAL, 2, 2, "mxab0"},
    {"lognormal", PL_FN_DRAW_LOGNORMAL, 2, 2, "mxab0"},
    {"exprnd", PL_FN_RANDOM_EXPONENTIAL, 1, 1, "mx0a0"},
    {"poisson", PL_FN_RANDOM_POISSON, 1, 1, "mxA010"},
    {"montecarlo", PL_FN_DRAW_BERNOULLI, 1, 1, "mxA0"},
    {"beta", PL_FN_RANDOM_BETA, 2, 2, "mxab010"},
    {"binomial", PL_FN_RANDOM_BINOMIAL, 2, 2, "mxba010"},
    {"gamma", PL_FN_DRAW_GAMMA, 1, 2, "mxa0b0"},
    {"geometric", PL_FN_DRAW_GEOMETRIC, 1, 1, "mxa0"},
    {"logistic", PL_FN_DRAW_LOGISTIC, 2, 2, "mxab0"},
    {"negbinomial", PL_FN_RANDOM_NEGATIVE_BINOMIAL, 2, 2, "mxba010"},
    {"pareto", PL_FN_DRAW_PARETO, 2, 2, "mxa0b0"},
    {"triangular", PL_FN_RANDOM_TRIANGULAR, 3, 3, "mxabc0"},
    {"weibull", PL_FN_DRAW_WEIBULL, 2, 2, "mxa0b0"},
};

typedef struct call {
    pl_xmile *x;
    const struct row *row;
    pl_expr **args;
    int count, parameters; /* arguments; those that are no seed and no limit */
    pl_position at;
} call;

static pl_expr *number(const call *c, double value) { return pl_xmile_number(c->x, value, c->at); }

/* A parameter, which may be left out at the end where no seed follows. */
static pl_expr *parameter(const call *c, int place) { return place < c->parameters ? c->args[place] : number(c, 1.0); }

/* The seed is place 0 behind the parameters, the limits 1 and 2. */
static pl_expr *limit(const call *c, int place, double otherwise) {
    return c->parameters + place < c->count ? c->args[c->parameters + place] : number(c, otherwise);
}

static pl_expr *argument(const call *c, char kind) {
    switch (kind) {
    case 'm': return limit(c, 1, -INFINITY);
    case 'x': return limit(c, 2, INFINITY);
    case '0': return number(c, 0.0);
    case '1': return number(c, 1.0);
    case 'A': {
        pl_expr *dt = pl_xmile_reference(c->x, c->x->reader->model->time_step, c->at);
        return pl_xmile_call(c->x, PL_FN_MULTIPLY, NULL, (pl_expr *[]){parameter(c, 0), dt}, 2, c->at);
    }
    default: return parameter(c, kind - 'a');
    }
}

static void check_count(const call *c, const char *name) {
    bool limits = strchr(c->row->arguments, 'm') != NULL;
    int most = c->row->most + (limits ? 3 : 1);
    if (c->count == most + 1 && limits)
        pl_xmile_fail(c->x, PL_UNSUPPORTED, c->at, "how often %.60s is sampled, its last argument, is not supported",
                      name);
    if (c->count < c->row->least || c->count > most)
        pl_xmile_fail(c->x, PL_INVALID, c->at, "%.60s takes %d to %d arguments, here it has %d", name, c->row->least,
                      most, c->count);
}

pl_expr *pl_xmile_draw(pl_xmile *x, const char *key, const char *name, pl_expr **args, int count, pl_position at) {
    const struct row *row = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && !row; i++)
        if (strcmp(rows[i].key, key) == 0) row = &rows[i];
    if (!row) return NULL;
    call c = {x, row, args, count, count < row->most ? count : row->most, at};
    check_count(&c, name);
    pl_expr *made[8];
    int length = (int)strlen(row->arguments);
    for (int i = 0; i < length; i++) made[i] = argument(&c, row->arguments[i]);
    return pl_xmile_call(x, row->id, name, made, length, at);
}
