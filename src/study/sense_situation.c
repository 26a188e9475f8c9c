/* Sensitivity of a situation: the designs that the methods need are run in memory, under one profile and the base.  Without a
 * design of the caller's choice there are three parts: a sample of what may come (the results that are there, or 500 random
 * futures), Morris' trajectories over all inputs, and Saltelli's blocks.  Where there are many inputs, those of the largest
 * elementary effects move alone in these blocks and the rest move together, as one group: so its index says what was left
 * out.  How many runs that takes depends on the number of inputs only, so that results are the same everywhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble/explore.h"
#include "ensemble/variation.h"
#include "study/deviation.h"
#include "study/sense.h"

enum { RANDOM_RUNS = 500, MORRIS_RUNS = 20000, MOST_TRAJECTORIES = 100, SALTELLI_RUNS = 32768, MOST_BLOCKS = 4096,
       LEADING = 15, MOST_ALONE = 20 };
static const char rest[] = "all others";

typedef struct run {
    pl_sense *sense;
    const pl_sense_options *options;
    pl_situation s;        /* a copy: with the design, and measures over time behind the situation's */
    int measures;          /* its own */
    double *times;         /* [time_count] of the variable over time */
    int time_count;
    const char *variable;
    long profile, base;
    const char *profile_name;
    pl_design design;
    double *values;        /* [variation][measure][future] */
} run;

/* ---- over time ------------------------------------------------------------------------------------------- */

/* Times from run.from (or the start) to the end, at steps of the model. */
static pl_status find_times(run *r, pl_error *error) {
    pl_program *program;
    pl_arena *arena = &r->sense->arena;
    pl_status status = pl_situation_compile(&r->s, true, NULL, 0, &program, error);
    if (status != PL_OK) return status;
    int last = pl_program_steps(program), first = isnan(r->s.run_from) ? 0 : pl_program_step_of(program, r->s.run_from);
    int steps = last - first;
    r->time_count = steps + 1 < PL_SENSE_TIMES ? steps + 1 : PL_SENSE_TIMES;
    if (r->time_count < 1) r->time_count = 1;
    r->times = PL_ARRAY(arena, r->time_count, double);
    for (int k = 0; k < r->time_count; k++)
        r->times[k] = pl_program_time(program, first + (r->time_count > 1 ? (int)((long)k * steps / (r->time_count - 1)) : 0));
    pl_program_free(program);
    return PL_OK;
}

static pl_status add_times(run *r, pl_error *error) {
    pl_variable *variable;
    pl_arena *arena = &r->sense->arena;
    int element;
    char name[300];
    pl_status status = pl_model_find_element(r->s.model, r->options->over_time, &variable, &element, error);
    if (status != PL_OK && error) error->status = PL_USAGE;
    if (status != PL_OK) return PL_USAGE;
    if (element < 0 && variable->size > 1)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "'%.80s' is an array: name an element", variable->name);
    status = find_times(r, error);
    if (status != PL_OK) return status;
    pl_variable_element_name(variable, variable->size > 1 ? element : -1, name, sizeof name);
    r->variable = pl_arena_text(arena, name, strlen(name));
    pl_measure *measures = PL_ARRAY(arena, r->measures + r->time_count, pl_measure);
    if (r->measures) memcpy(measures, r->s.measures, (size_t)r->measures * sizeof *measures);
    for (int k = 0; k < r->time_count; k++)
        measures[r->measures + k] =
            (pl_measure){.name = r->variable, .units = "", .title = {{"", ""}}, .text = {{"", ""}},
                         .spec = {.variable = variable, .element = element < 0 ? 0 : element, .take = PL_TAKE_AT,
                                  .from = r->times[k], .to = NAN, .threshold = NAN}};
    r->s.measures = measures, r->s.measure_count = r->measures + r->time_count;
    return PL_OK;
}

/* ---- running --------------------------------------------------------------------------------------------- */

static const double **columns_of(run *r, int variation) {
    const double **columns = PL_ARRAY(&r->sense->arena, r->s.measure_count + 1, const double *);
    for (int m = 0; m < r->s.measure_count; m++)
        columns[m] = r->values + ((size_t)variation * (size_t)r->s.measure_count + (size_t)m) * (size_t)r->s.futures;
    return columns;
}

static const double **payoffs_of(run *r, int variation) {
    const double **columns = PL_ARRAY(&r->sense->arena, r->s.actor_count + 1, const double *);
    size_t futures = (size_t)r->s.futures;
    for (int a = 0; a < r->s.actor_count; a++) {
        double *payoff = PL_ARRAY(&r->sense->arena, futures, double);
        pl_actor_payoff(&r->s.actors[a], &r->design, columns_of(r, variation)[0], futures, 0, futures, payoff);
        columns[a] = payoff;
    }
    return columns;
}

static void add_outputs(run *r, pl_sense_sample *sample) {
    bool base = r->profile == r->base;
    pl_situation own = r->s;
    const double **measures = columns_of(r, 0), **others = base ? NULL : columns_of(r, 1);
    pl_sense_view view = {measures, others, payoffs_of(r, 0), base ? NULL : payoffs_of(r, 1)};
    char name[600];
    own.measure_count = r->measures;
    pl_sense_add_view(sample, &own, &view);
    for (int k = 0; k < r->time_count; k++) {
        pl_sense_add(sample, r->variable, measures[r->measures + k], NULL)->time = r->times[k];
        snprintf(name, sizeof name, "%.280s - base(%.280s)", r->variable, r->variable);
        if (others) pl_sense_add(sample, name, measures[r->measures + k], others[r->measures + k])->time = r->times[k];
    }
}

/* Runs a design of so many futures; the part's sample is filled. */
static pl_status run_design(run *r, pl_design_kind kind, long futures, const char *text, pl_sense_part **part,
                            pl_error *error) {
    pl_variations *variations;
    const pl_variation list[2] = {{.profile = r->profile}, {.profile = r->base}};
    int count = r->profile == r->base ? 1 : 2;
    r->s.design = pl_design_name(kind), r->s.futures = futures;
    if (kind != PL_DESIGN_GIVEN) r->s.given = NULL;
    r->design = pl_design_of(&r->s);
    r->values = PL_ARRAY(&r->sense->arena, (size_t)count * (size_t)(r->s.measure_count + 1) * (size_t)futures, double);
    pl_status status = pl_variations_new(&r->s, NULL, 0, r->options->threads, &variations, error);
    if (status != PL_OK) return status;
    status = pl_variations_run(variations, list, count, futures, r->values, r->options->progress, r->options->context, error);
    pl_variations_free(variations);
    if (status != PL_OK) return status;
    *part = pl_sense_part_new(r->sense, kind, futures, r->s.seed, r->profile_name);
    (*part)->sample.runs = futures * count;
    (*part)->sample.text = text;
    pl_sense_add_inputs(&(*part)->sample, &r->s, &r->design, futures);
    add_outputs(r, &(*part)->sample);
    return PL_OK;
}

/* ---- leading inputs -------------------------------------------------------------------------------------- */

typedef struct lead {
    double score;
    int input;
} lead;

static int larger_score(const void *a, const void *b) {
    const lead *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return (x->input > y->input) - (x->input < y->input);
}

/* An input's score: the largest share that its effect has in all inputs' effects on one output. */
static void score(const pl_sense_part *part, lead *leads) {
    int inputs = part->sample.input_count;
    for (int i = 0; i < inputs; i++) leads[i] = (lead){0, i};
    for (int o = 0; o < part->sample.output_count; o++) {
        const pl_interval *effects = part->morris[o].mu_star;
        double sum = 0;
        for (int i = 0; i < inputs; i++) sum += effects[i].estimate;
        for (int i = 0; sum > 0 && i < inputs; i++) leads[i].score = fmax(leads[i].score, effects[i].estimate / sum);
    }
    qsort(leads, (size_t)inputs, sizeof *leads, larger_score);
}

/* The leading inputs (or groups) each alone, the rest together. */
static void group_rest(run *r, const pl_sense_part *morris) {
    pl_arena *arena = &r->sense->arena;
    int inputs = morris->sample.input_count;
    lead *leads = PL_ARRAY(arena, inputs, lead);
    int *part = PL_ARRAY(arena, inputs, int), *group = PL_ARRAY(arena, r->s.uncertainty_count, int);
    const char **names = PL_ARRAY(arena, LEADING + 1, const char *);
    score(morris, leads);
    for (int i = 0; i < inputs; i++) part[i] = LEADING;
    for (int k = 0; k < LEADING; k++) {
        part[leads[k].input] = k;
        names[k] = morris->sample.inputs[leads[k].input];
    }
    names[LEADING] = rest;
    for (int u = 0; u < r->s.uncertainty_count; u++) group[u] = part[r->s.input_group ? r->s.input_group[u] : u];
    r->s.input_group = group, r->s.input_groups = names, r->s.input_group_count = LEADING + 1;
    pl_sense_note(r->sense,
                  "Sobol' indices are of the %d of %d inputs that lead by Morris' effects; the others move as one, '%s'.",
                  LEADING, inputs, rest);
}

/* ---- the parts ------------------------------------------------------------------------------------------- */

static long whole_units(long most, long unit, long least) {
    long units = most / unit;
    return (units < least ? least : units) * unit;
}

static pl_status run_random(run *r, pl_error *error) {
    pl_sense_part *part;
    pl_situation same = r->s;
    same.measure_count = r->measures;
    if (r->options->futures) same.futures = r->options->futures, same.given = NULL;
    pl_sense *sense = r->sense;
    if (!r->options->over_time) sense->results = pl_situation_results(&same);
    bool fits = sense->results && pl_design_basis_of(sense->results->situation->design) != PL_BASIS_NONE;
    pl_status status = fits ? pl_sense_read(sense, sense->results, r->options, error) : PL_OK;
    pl_ensemble_free(sense->results);
    sense->results = NULL;
    if (fits) return status;
    if (r->s.actor_count)
        pl_sense_note(r->sense, "Which equilibrium occurs needs results of all profiles: 'explore' makes them.");
    if (r->s.given && !r->options->futures)
        return run_design(r, PL_DESIGN_GIVEN, r->s.futures, "the given futures", &part, error);
    long futures = r->options->futures ? r->options->futures : RANDOM_RUNS;
    return run_design(r, PL_DESIGN_RANDOM, futures, "random futures", &part, error);
}

static bool is_correlated(run *r) {
    if (r->s.copula)
        pl_sense_note(r->sense, "Inputs are correlated: Sobol' indices and elementary effects, which take independent ones, are left out.");
    return r->s.copula != NULL;
}

static int parts_of(const run *r) { return r->s.input_group ? r->s.input_group_count : r->s.uncertainty_count; }

static pl_status run_morris(run *r, pl_sense_part **part, pl_error *error) {
    long unit = parts_of(r) + 1, runs = whole_units(MORRIS_RUNS, unit, 10);
    if (runs > MOST_TRAJECTORIES * unit) runs = MOST_TRAJECTORIES * unit;
    if (r->options->design && r->options->futures) runs = whole_units(r->options->futures, unit, 1);
    return run_design(r, PL_DESIGN_MORRIS, runs, "Morris' trajectories", part, error);
}

static pl_status run_saltelli(run *r, pl_error *error) {
    pl_sense_part *part;
    long unit = 2L * parts_of(r) + 2, runs = whole_units(r->options->futures ? r->options->futures : SALTELLI_RUNS, unit, 1);
    if (!r->options->futures && runs > MOST_BLOCKS * unit) runs = MOST_BLOCKS * unit;
    return run_design(r, PL_DESIGN_SALTELLI, runs, "Saltelli's blocks", &part, error);
}

static pl_status run_all(run *r, pl_error *error) {
    pl_sense_part *morris;
    pl_status status = run_random(r, error);
    if (status != PL_OK || is_correlated(r) || !r->s.uncertainty_count) return status;
    status = run_morris(r, &morris, error);
    if (status == PL_OK) status = pl_sense_study(r->sense, morris, r->options, error);
    if (status != PL_OK) return status;
    if (parts_of(r) > MOST_ALONE) group_rest(r, morris);
    return run_saltelli(r, error);
}

static pl_status run_one(run *r, pl_error *error) {
    char list[300];
    pl_sense_part *part;
    int kind = pl_design_named(r->options->design);
    if (kind < 0)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the design '%.40s' is not known: %s", r->options->design,
                            pl_design_list(list, sizeof list));
    if (kind == PL_DESIGN_FACTORIAL || kind == PL_DESIGN_ONE_AT_A_TIME || kind == PL_DESIGN_GIVEN)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0,
                            "the design '%s' allows none of the methods: saltelli, morris, random, latin or halton do",
                            r->options->design);
    if (pl_design_basis_of(r->options->design) != PL_BASIS_NONE)
        return run_design(r, (pl_design_kind)kind, r->options->futures ? r->options->futures : RANDOM_RUNS,
                          r->options->design, &part, error);
    if (r->s.copula)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the design '%s' takes no correlations", r->options->design);
    return kind == PL_DESIGN_MORRIS ? run_morris(r, &part, error) : run_saltelli(r, error);
}

static pl_status make(pl_sense *sense, const void *what, const pl_sense_options *options, pl_error *error) {
    const pl_situation *s = what;
    run r = {.sense = sense, .options = options, .s = *s, .measures = s->measure_count};
    r.base = r.profile = pl_situation_combination(s, s->base_course);
    r.profile_name = options->profile ? options->profile : "base";
    snprintf(sense->title, sizeof sense->title, "%s", s->title.in[PL_EN]);
    if (options->seed_given) r.s.seed = options->seed;
    if (!s->uncertainty_count)
        return pl_error_set(error, PL_INVALID, s->file, 0, 0, "the situation has no uncertainties: nothing can matter");
    pl_status status = options->profile ? pl_profile_find_in(s, options->profile, &r.profile, error) : PL_OK;
    if (status == PL_OK && options->over_time) status = add_times(&r, error);
    if (status != PL_OK) return status;
    return options->design ? run_one(&r, error) : run_all(&r, error);
}

pl_status pl_situation_sense(const pl_situation *situation, const pl_sense_options *options, pl_sense **sense,
                             pl_error *error) {
    return pl_sense_new(make, situation, options, sense, error);
}
