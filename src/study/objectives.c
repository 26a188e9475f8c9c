/* See objectives.h.  Policies run in batches whose measures fit into a bounded piece of memory; a batch changes no
 * value. base(m) in a condition is the base profile's value in the same future, which is run once. */
#include "study/objectives.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "ensemble/condition.h"
#include "program/math.h"
#include "study/probability.h"
#include "study/statistics.h"

enum { BATCH_BYTES = 64 << 20 };
static const double missing_weight = 1e6; /* beyond what constraints add up to */
static const double least_violation = 1e-9;

struct pl_objectives {
    pl_arena arena;
    const pl_situation *s;
    const pl_search *search;
    pl_objectives_options o;
    pl_policies *policies;
    bool random;
    int *measures, *place;      /* [measure_count] those that are taken; [situation's measure] its place among them */
    int measure_count;
    pl_condition **conditions;  /* [objectives] of shares, else NULL; then [constraints] */
    int most_terms;
    long batch;
    double *taken, *base;       /* [batch][measure][future], [measure][future] */
    double *values, *work;      /* [batch][variable]; [4 x futures] */
    double *terms;
};

/* ---- making ---------------------------------------------------------------------------------------------- */

static int need_measure(pl_objectives *o, int measure) {
    for (int i = 0; i < o->measure_count; i++)
        if (o->measures[i] == measure) return i;
    o->measures[o->measure_count] = measure;
    return o->measure_count++;
}

static pl_status bind_one(pl_objectives *o, const pl_expr *expr, pl_position at, pl_condition **condition, pl_error *error) {
    pl_status status = pl_condition_over_measures(&o->arena, o->s, expr, condition, error);
    for (int i = 0; status == PL_OK && i < (*condition)->term_count; i++) {
        const pl_term *term = &(*condition)->terms[i];
        if (term->kind != PL_TERM_MEASURE && term->kind != PL_TERM_BASE)
            return pl_error_set(error, PL_INVALID, o->s->file, at.line, at.column,
                                "payoff() and regret() cannot be used in 'search': a condition is over measures and base()");
        need_measure(o, term->index);
    }
    if (status == PL_OK && (*condition)->term_count > o->most_terms) o->most_terms = (*condition)->term_count;
    return status;
}

static pl_status bind_all(pl_objectives *o, pl_error *error) {
    const pl_search *search = o->search;
    pl_status status = PL_OK;
    o->measures = PL_ARRAY(&o->arena, o->s->measure_count + 1, int);
    o->conditions = PL_ARRAY(&o->arena, search->objective_count + search->constraint_count, pl_condition *);
    for (int i = 0; status == PL_OK && i < search->objective_count; i++) {
        const pl_search_objective *objective = &search->objectives[i];
        if (objective->expr) status = bind_one(o, objective->expr, objective->at, &o->conditions[i], error);
        else need_measure(o, objective->measure);
    }
    for (int i = 0; status == PL_OK && i < search->constraint_count; i++)
        status = bind_one(o, search->constraints[i].expr, search->constraints[i].at,
                          &o->conditions[search->objective_count + i], error);
    o->place = PL_ARRAY(&o->arena, o->s->measure_count + 1, int);
    for (int i = 0; i < o->measure_count; i++) o->place[o->measures[i]] = i;
    return status;
}

static pl_status make_policies(pl_objectives *o, pl_error *error) {
    pl_policies_options options = {.measures = o->measures, .measure_count = o->measure_count, .design = o->o.design,
                                   .first = o->o.first, .futures = o->o.futures, .expected = o->o.expected,
                                   .threads = o->o.threads};
    pl_status status = pl_policies_new(o->s, &options, &o->policies, error);
    if (status != PL_OK) return status;
    size_t each = (size_t)o->measure_count * (size_t)o->o.futures * sizeof(double);
    o->batch = (long)(BATCH_BYTES / (each + 1)) + 1;
    if (o->batch > o->o.expected) o->batch = o->o.expected;
    o->taken = PL_ARRAY(&o->arena, (size_t)o->batch * each / sizeof(double), double);
    o->base = PL_ARRAY(&o->arena, each / sizeof(double), double);
    o->values = PL_ARRAY(&o->arena, o->batch * o->search->variable_count, double);
    o->work = PL_ARRAY(&o->arena, 4 * o->o.futures + 4, double);
    o->terms = PL_ARRAY(&o->arena, o->most_terms + 1, double);
    long base = pl_situation_combination(o->s, o->s->base_course);
    return pl_policies_run_profiles(o->policies, &base, 1, o->base, error);
}

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static pl_status make(pl_objectives *o, pl_error *error) {
    jmp_buf back;
    o->arena.out_of_memory = leave, o->arena.context = &back;
    if (setjmp(back)) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_status status = bind_all(o, error);
    if (status == PL_OK) status = make_policies(o, error);
    o->arena.out_of_memory = NULL;
    return status;
}

pl_status pl_objectives_new(const pl_situation *situation, const pl_objectives_options *options,
                            pl_objectives **objectives, pl_error *error) {
    pl_objectives *o = *objectives = pl_allocate(sizeof *o);
    if (!o) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    o->s = situation, o->search = situation->search, o->o = *options;
    o->random = options->design.kind == PL_DESIGN_RANDOM || options->design.kind == PL_DESIGN_GIVEN;
    pl_status status = make(o, error);
    if (status == PL_OK) return PL_OK;
    pl_objectives_free(o);
    *objectives = NULL;
    return status;
}

void pl_objectives_free(pl_objectives *o) {
    if (!o) return;
    pl_policies_free(o->policies);
    pl_arena_free(&o->arena);
    pl_release(o);
}

bool pl_objectives_vary(const pl_objectives *o) { return pl_policies_vary(o->policies); }

double pl_search_value(const pl_search_variable *v, double x) {
    if (v->step > 0) {
        double steps = pl_floor((v->high - v->low) / v->step * (1 + 1e-12)), k = pl_floor(x * (steps + 1));
        return v->low + (k < steps ? k : steps) * v->step;
    }
    double value = v->low + x * (v->high - v->low);
    return value > v->high ? v->high : value;
}

/* ---- conditions over the futures -------------------------------------------------------------------------- */

/* How far a condition is from holding: 0 where it holds, the gap of the comparison that fails against its size. */
static double gap(const pl_condition *c, const double *terms) {
    double value = pl_condition_value(c, terms), left, right;
    if (isnan(value)) return NAN;
    if (value != 0) return 0;
    if (!pl_condition_sides(c, terms, &left, &right)) return 1;
    double a = fabs(left), b = fabs(right), size = fabs(left - right) / (1 + (a < b ? a : b));
    return size > least_violation ? size : least_violation; /* also where a side is not a number */
}

/* The gaps in all futures, where `taken` are the policy's measures. */
static void find_gaps(const pl_objectives *o, const pl_condition *c, const double *taken, double *gaps) {
    size_t futures = (size_t)o->o.futures;
    for (size_t f = 0; f < futures; f++) {
        for (int i = 0; i < c->term_count; i++) {
            const double *from = c->terms[i].kind == PL_TERM_BASE ? o->base : taken;
            o->terms[i] = from[(size_t)o->place[c->terms[i].index] * futures + f];
        }
        gaps[f] = gap(c, o->terms);
    }
}

/* What a constraint adds to the violation: the mean gap, without as many of the futures in which it is widest as the
 * constraint lets fail. */
static double violation_of(const pl_objectives *o, const pl_search_constraint *constraint, double *gaps) {
    long futures = o->o.futures, let = (long)pl_floor((1 - constraint->share) * (double)futures + 1e-9);
    double sum = 0;
    for (long f = 0; f < futures; f++)
        if (isnan(gaps[f])) gaps[f] = 0; /* counted as missing */
    pl_sort(gaps, futures);
    for (long f = 0; f < futures - let; f++) sum += gaps[f];
    return sum / (double)futures;
}

static long count_missing(const pl_objectives *o, const double *taken) {
    long missing = 0;
    for (long f = 0; f < o->o.futures; f++) {
        bool any = false;
        for (int m = 0; m < o->measure_count; m++) any = any || isnan(taken[(size_t)m * (size_t)o->o.futures + (size_t)f]);
        missing += any;
    }
    return missing;
}

static double violation_in(const pl_objectives *o, const double *taken) {
    double sum = missing_weight * (double)count_missing(o, taken) / (double)o->o.futures;
    for (int i = 0; i < o->search->constraint_count; i++) {
        find_gaps(o, o->conditions[o->search->objective_count + i], taken, o->work);
        sum += violation_of(o, &o->search->constraints[i], o->work);
    }
    return sum;
}

/* ---- statistics ------------------------------------------------------------------------------------------- */

static double mean(const double *values, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) sum += values[i];
    return sum / (double)count;
}

/* The statistic of values[count], none missing, which it may reorder. */
static double statistic(const pl_search_objective *objective, double *values, long count) {
    if (objective->take == PL_ROBUST_MEAN || objective->take == PL_ROBUST_SHARE || !count) return mean(values, count);
    pl_sort(values, count);
    switch (objective->take) {
    case PL_ROBUST_MEDIAN: return pl_quantile(values, count, 0.5);
    case PL_ROBUST_QUANTILE: return pl_quantile(values, count, objective->quantile);
    case PL_ROBUST_WORST: return values[objective->maximise ? 0 : count - 1];
    default: return values[objective->maximise ? count - 1 : 0];
    }
}

/* What an objective looks at, in each future: the measure, or whether the condition holds. */
static void look(const pl_objectives *o, int index, const double *taken, double *values) {
    const pl_search_objective *objective = &o->search->objectives[index];
    size_t futures = (size_t)o->o.futures;
    if (!objective->expr) {
        memcpy(values, taken + (size_t)o->place[objective->measure] * futures, futures * sizeof *values);
        return;
    }
    find_gaps(o, o->conditions[index], taken, values);
    for (size_t f = 0; f < futures; f++) values[f] = isnan(values[f]) ? NAN : values[f] == 0;
}

/* Order statistics between which the quantile lies with at least 95 %, by binomial ranks; sorted values. */
static void quantile_interval(const double *sorted, long count, double p, pl_interval *interval) {
    long low = 0, high = count + 1;
    for (long from = 0, to = count; from < to;) { /* the most with P(fewer are below) <= 2.5 % */
        long middle = (from + to + 1) / 2;
        if (pl_binomial_at_most(middle - 1, count, p) <= 0.025) low = from = middle;
        else to = middle - 1;
    }
    for (long from = 1, to = count + 1; from < to;) {
        long middle = (from + to) / 2;
        if (pl_binomial_at_least(middle, count, p) <= 0.025) high = to = middle;
        else from = middle + 1;
    }
    if (low < 1 || high > count) return;
    interval->low = sorted[low - 1], interval->high = sorted[high - 1];
}

static void replicate_interval(const pl_objectives *o, const pl_search_objective *objective, const double *values,
                               double *work, pl_interval *interval) {
    double each[PL_REPLICATES];
    for (long f = 0; f < o->o.futures;) {
        pl_replicate replicate = pl_design_replicate(o->o.futures, f);
        each[replicate.number] = statistic(objective, work, pl_keep_known(values + f, replicate.size, 1, work));
        f += replicate.size;
    }
    double half = o->o.futures < PL_REPLICATES ? NAN : pl_replicates_half_width(each);
    interval->low = interval->estimate - half, interval->high = interval->estimate + half;
}

/* An objective with its interval over the futures. */
static pl_interval estimate(const pl_objectives *o, int index, const double *taken) {
    const pl_search_objective *objective = &o->search->objectives[index];
    double *values = o->work, *sorted = o->work + o->o.futures;
    long futures = o->o.futures;
    look(o, index, taken, values);
    if (objective->take == PL_ROBUST_MEAN) return pl_mean_of(values, futures, o->random);
    if (objective->take == PL_ROBUST_SHARE) return pl_share_of(values, futures, o->random, &(long){0});
    long count = pl_keep_known(values, futures, 1, sorted);
    pl_interval interval = {statistic(objective, sorted, count), NAN, NAN};
    bool extreme = objective->take == PL_ROBUST_WORST || objective->take == PL_ROBUST_BEST;
    double p = objective->take == PL_ROBUST_MEDIAN ? 0.5 : objective->quantile;
    if (!extreme && o->random) quantile_interval(sorted, count, p, &interval);
    else if (!extreme) replicate_interval(o, objective, values, sorted, &interval);
    return interval;
}

/* ---- policies --------------------------------------------------------------------------------------------- */

static void score(const pl_objectives *o, const double *taken, pl_candidate *c) {
    c->violation = violation_in(o, taken);
    for (int i = 0; i < o->search->objective_count; i++) {
        look(o, i, taken, o->work);
        double *present = o->work + o->o.futures;
        double value = statistic(&o->search->objectives[i], present, pl_keep_known(o->work, o->o.futures, 1, present));
        if (!isfinite(value)) value = 0, c->violation += missing_weight;
        c->f[i] = o->search->objectives[i].maximise ? -value : value;
    }
}

static pl_status run_batch(pl_objectives *o, const double *const *x, long count, pl_error *error) {
    int variables = o->search->variable_count;
    for (long i = 0; i < count; i++)
        for (int v = 0; v < variables; v++)
            o->values[i * variables + v] = pl_search_value(&o->search->variables[v], x[i][v]);
    pl_status status = pl_policies_run(o->policies, o->values, count, o->taken, error);
    if (status == PL_OK && o->o.progress && o->o.progress(o->o.context, count * o->o.futures))
        status = pl_error_set(error, PL_INTERRUPTED, NULL, 0, 0, "interrupted");
    return status;
}

static const double *taken_of(const pl_objectives *o, long index) {
    return o->taken + (size_t)index * (size_t)o->measure_count * (size_t)o->o.futures;
}

pl_status pl_objectives_evaluate(pl_objectives *o, pl_candidate *const *candidates, long count, pl_error *error) {
    const double **x = pl_allocate((size_t)(o->batch + 1) * sizeof *x);
    pl_status status = x ? PL_OK : pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    for (long first = 0, used; status == PL_OK && first < count; first += used) {
        used = count - first < o->batch ? count - first : o->batch;
        for (long i = 0; i < used; i++) x[i] = candidates[first + i]->x;
        status = run_batch(o, x, used, error);
        for (long i = 0; status == PL_OK && i < used; i++) score(o, taken_of(o, i), candidates[first + i]);
    }
    pl_release(x);
    return status;
}

static void assess(const pl_objectives *o, const double *taken, pl_assessment *a) {
    a->missing = count_missing(o, taken);
    a->feasible = violation_in(o, taken) == 0;
    for (int i = 0; i < o->search->objective_count; i++) a->objectives[i] = estimate(o, i, taken);
    for (int i = 0; i < o->search->constraint_count; i++) {
        find_gaps(o, o->conditions[o->search->objective_count + i], taken, o->work);
        for (long f = 0; f < o->o.futures; f++) o->work[f] = isnan(o->work[f]) ? NAN : o->work[f] == 0;
        a->constraints[i] = pl_share_of(o->work, o->o.futures, o->random, &(long){0});
    }
}

pl_status pl_objectives_assess(pl_objectives *o, const double *const *x, long count, pl_assessment *assessments,
                               pl_error *error) {
    pl_status status = PL_OK;
    for (long first = 0, used; status == PL_OK && first < count; first += used) {
        used = count - first < o->batch ? count - first : o->batch;
        status = run_batch(o, x + first, used, error);
        for (long i = 0; status == PL_OK && i < used; i++) assess(o, taken_of(o, i), &assessments[first + i]);
    }
    return status;
}

pl_status pl_objectives_assess_profiles(pl_objectives *o, const long *profiles, long count, pl_assessment *assessments,
                                        pl_error *error) {
    pl_status status = PL_OK;
    for (long i = 0; status == PL_OK && i < count; i++) {
        status = pl_policies_run_profiles(o->policies, &profiles[i], 1, o->taken, error);
        if (status == PL_OK) assess(o, o->taken, &assessments[i]);
    }
    return status;
}
