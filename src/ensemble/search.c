/* Reading `search`: see search.h.  Its settings and rules are read as those of a course; what that adds to the situation's
 * lists (inputs, drawn values, rules, overrides) becomes the search's own, and the situation's are what they were. */
#include "ensemble/search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ensemble/condition.h"
#include "ensemble/reading.h"

enum { MOST_VARIABLES = 1000, MOST_OBJECTIVES = 10, MOST_CONSTRAINTS = 100, MOST_SEEDS = 100 };
static const double most_evaluations = 1e7;

static const char *const robust_names[PL_ROBUST_COUNT] = {
#define X(id, name, text) name,
    PL_ROBUSTS(X)
#undef X
};

/* ---- ranges --------------------------------------------------------------------------------------------- */

static bool read_range(pl_reading *r, const pl_yaml *node, const char *what, double number[3]) {
    if (node->kind != PL_YAML_SEQUENCE || node->count < 2 || node->count > 3) {
        pl_reading_error(r, node, "%s takes a range, [low, high] or [low, high, step]", what);
        return false;
    }
    number[2] = 0;
    for (int i = 0; i < node->count; i++)
        if (!pl_reading_number(r, node->items[i], "the end of a range", &number[i])) return false;
    const char *fault = NULL;
    if (!(number[0] < number[1])) fault = "low must be below high";
    else if (!isfinite(number[1] - number[0])) fault = "it is too wide";
    else if (node->count == 3 && !(number[2] > 0 && number[2] <= number[1] - number[0]))
        fault = "the step must be above 0 and at most the width";
    if (fault) pl_reading_error(r, node, "[low, high]: %s", fault);
    return !fault;
}

bool pl_reading_range(pl_reading *r, const pl_yaml *node, const char *what, pl_quantity *quantity) {
    bool of_rule = r->search->policy.rules != NULL; /* which are read last */
    if (of_rule && node->kind == PL_YAML_SCALAR) return pl_reading_number(r, node, what, &quantity->value);
    pl_distribution *d = PL_NEW(&r->s->arena, pl_distribution);
    *d = (pl_distribution){.kind = PL_DIST_UNIFORM, .count = 2, .number = PL_ARRAY(&r->s->arena, 3, double)};
    if (!read_range(r, node, what, d->number)) return false;
    quantity->distribution = d, quantity->value = pl_distribution_mean(d);
    return true;
}

/* ---- variables ------------------------------------------------------------------------------------------ */

static pl_search_variable *add_variable(pl_reading *r, const pl_yaml *at, const double number[3]) {
    pl_search *search = r->search;
    if (search->variable_count == MOST_VARIABLES) {
        pl_reading_error(r, at, "a search has at most %d variables", MOST_VARIABLES);
        return NULL;
    }
    search->variables = pl_arena_grow(&r->s->arena, search->variables, search->variable_count, &search->variable_room,
                                      search->variable_count + 1, sizeof *search->variables);
    pl_search_variable *v = &search->variables[search->variable_count++];
    *v = (pl_search_variable){.actor = -1, .low = number[0], .high = number[1], .step = number[2]};
    return v;
}

/* Whose courses set an input. */
static int owner_of(const pl_situation *s, int input) {
    for (int a = 0; a < s->actor_count; a++)
        for (int c = 0; c < s->actors[a].course_count; c++)
            for (int i = 0; pl_course_setting(&s->actors[a].courses[c], i); i++)
                if (pl_course_setting(&s->actors[a].courses[c], i)->input == input) return a;
    return -1;
}

static const char *name_value(pl_reading *r, const pl_setting *setting, int k, int rule) {
    char before[40] = "", behind[48] = "", time[32];
    if (rule) snprintf(before, sizeof before, "when %d: ", rule);
    if (!isnan(setting->times[k])) {
        pl_number_print(setting->times[k], time);
        snprintf(behind, sizeof behind, " from %s", time);
    }
    size_t room = strlen(setting->lever) + sizeof before + sizeof behind;
    char *name = pl_arena_take(&r->s->arena, room);
    snprintf(name, room, "%s%s%s", before, setting->lever, behind);
    return name;
}

/* The values that a setting leaves open. */
static void note_setting(pl_reading *r, const pl_setting *setting, int rule) {
    pl_yaml at = {.line = setting->at.line, .column = setting->at.column};
    for (int k = 0; k < setting->count; k++) {
        if (setting->drawn[k] < 0) continue;
        const pl_uncertainty *u = &r->s->uncertainties[setting->drawn[k]];
        pl_search_variable *v = add_variable(r, &at, u->distribution.number);
        if (!v) return;
        v->name = name_value(r, setting, k, rule), v->lever = setting->lever;
        v->actor = owner_of(r->s, setting->input), v->input = u->input;
        v->units = r->s->inputs[setting->input].variable->units;
    }
}

static void read_levers(pl_reading *r, const pl_yaml *node, void *object) {
    pl_course *policy = object;
    pl_set_target target = {0};
    r->owner = "search";
    pl_reading_set(r, node, &target);
    policy->settings = target.settings, policy->setting_count = target.count;
    for (int i = 0; i < target.count; i++) note_setting(r, &policy->settings[i], 0);
}

static void read_thresholds(pl_reading *r, const pl_yaml *node, void *object) {
    pl_search *search = r->search;
    (void)object;
    if (!pl_reading_is(r, node, PL_YAML_MAPPING, "'thresholds'")) return;
    search->thresholds = PL_ARRAY(&r->s->arena, node->count, pl_variable *);
    for (int i = 0; i < node->count; i++) {
        const pl_yaml *key = node->keys[i];
        double number[3];
        pl_variable *other;
        int element;
        if (pl_model_find_element(r->s->model, key->text, &other, &element, NULL) == PL_OK) {
            pl_reading_error(r, key, "'%.80s' is a variable of the model: a threshold needs a name of its own", key->text);
            continue;
        }
        pl_search_variable *v = read_range(r, node->items[i], "a threshold", number) ? add_variable(r, key, number) : NULL;
        if (!v) continue;
        v->name = key->text, v->units = "";
        v->input = pl_reading_own_input(r, key->text, "", PL_INPUT_UNCERTAINTY);
        search->thresholds[search->threshold_count++] = r->s->inputs[v->input].variable;
    }
}

/* The height of expressions is bounded by the reader. */
void pl_reading_thresholds(pl_reading *r, pl_expr *expr) {
    for (int i = 0; i < expr->arg_count; i++) pl_reading_thresholds(r, expr->args[i]);
    if (expr->kind != PL_EXPR_NAME || expr->args || expr->name_count) return;
    for (int i = 0; i < r->search->threshold_count; i++)
        if (pl_names_equal(r->search->thresholds[i]->name, expr->name))
            expr->kind = PL_EXPR_REFERENCE, expr->variable = r->search->thresholds[i];
}

static void read_when(pl_reading *r, const pl_yaml *node, void *object) {
    pl_course *policy = object;
    pl_reading_when(r, node, policy);
    for (int i = 0; i < policy->rule_count; i++)
        for (int k = 0; k < policy->rules[i].setting_count; k++)
            note_setting(r, &policy->rules[i].settings[k], i + 1);
}

/* ---- objectives ----------------------------------------------------------------------------------------- */

static void read_name(pl_reading *r, const pl_yaml *node, void *object) {
    pl_reading_text(r, node, "'name'", &((pl_search_objective *)object)->name);
}
static void read_of(pl_reading *r, const pl_yaml *node, void *object) {
    const char *name;
    if (pl_reading_text(r, node, "'of'", &name))
        ((pl_search_objective *)object)->measure = pl_reading_measure(r, node, name);
}
static void read_if(pl_reading *r, const pl_yaml *node, void *object) {
    pl_search_objective *o = object;
    o->expr = pl_reading_condition(r, node, false, &o->condition, &o->at, NULL);
    o->take = PL_ROBUST_SHARE;
}
static void read_aim(pl_reading *r, const pl_yaml *node, void *object) {
    const char *aim;
    if (!pl_reading_text(r, node, "'aim'", &aim)) return;
    ((pl_search_objective *)object)->maximise = strcmp(aim, "max") == 0;
    if (strcmp(aim, "max") != 0 && strcmp(aim, "min") != 0) pl_reading_error(r, node, "'aim' is max or min");
}
static void read_take(pl_reading *r, const pl_yaml *node, void *object) {
    pl_search_objective *o = object;
    const char *take;
    double percent;
    if (!pl_reading_text(r, node, "'take'", &take)) return;
    pl_yaml number = {.kind = PL_YAML_SCALAR, .text = take + 1};
    if (take[0] == 'p' && pl_yaml_number(&number, &percent) && percent > 0 && percent < 100) {
        o->take = PL_ROBUST_QUANTILE, o->quantile = percent / 100;
        return;
    }
    for (int i = 0; i < PL_ROBUST_COUNT; i++)
        if (i != PL_ROBUST_QUANTILE && strcmp(robust_names[i], take) == 0) {
            o->take = (pl_robust)i;
            return;
        }
    pl_reading_error(r, node, "'take' is mean, median, worst, best, share (with 'if'), or a percentile such as p90");
}
static void read_epsilon(pl_reading *r, const pl_yaml *node, void *object) {
    double *epsilon = &((pl_search_objective *)object)->epsilon;
    if (pl_reading_number(r, node, "'epsilon'", epsilon) && !(*epsilon > 0))
        pl_reading_error(r, node, "'epsilon' must be above 0");
}
static void read_reference(pl_reading *r, const pl_yaml *node, void *object) {
    pl_reading_number(r, node, "'reference'", &((pl_search_objective *)object)->reference);
}

static const pl_key_row objective_rows[] = {
    {"name", false, read_name}, {"of", false, read_of},           {"if", false, read_if},
    {"aim", true, read_aim},    {"take", false, read_take},       {"epsilon", false, read_epsilon},
    {"reference", false, read_reference}};

/* "measure", "measure worst", "measure p90", or the condition. */
static const char *name_objective(pl_reading *r, const pl_search_objective *o, const pl_yaml *node) {
    if (o->take == PL_ROBUST_SHARE) return o->condition;
    const char *measure = r->s->measures[o->measure].name, *take = robust_names[o->take];
    const pl_yaml *given = pl_yaml_get(node, "take");
    if (o->take == PL_ROBUST_MEAN) return measure;
    if (given && given->kind == PL_YAML_SCALAR) take = given->text;
    size_t room = strlen(measure) + strlen(take) + 2;
    char *name = pl_arena_take(&r->s->arena, room);
    snprintf(name, room, "%s %s", measure, take);
    return name;
}

static void read_objective(pl_reading *r, const pl_yaml *node, pl_search_objective *o) {
    int errors = r->errors;
    *o = (pl_search_objective){.measure = -1, .reference = NAN, .at = {node->line, node->column}};
    pl_reading_mapping(r, node, PL_ROWS(objective_rows), "an objective", o, NULL);
    if (r->errors > errors) return;
    if ((o->measure < 0) == !o->expr) pl_reading_error(r, node, "an objective is 'of' a measure, or the share of futures 'if' a condition holds: one of the two");
    else if ((o->take == PL_ROBUST_SHARE) != (o->expr != NULL)) pl_reading_error(r, node, "'share' goes with 'if'");
    else if (!o->name) o->name = name_objective(r, o, node);
}

static void read_objectives(pl_reading *r, const pl_yaml *node, void *object) {
    pl_search *search = object;
    if (!pl_reading_is(r, node, PL_YAML_SEQUENCE, "'objectives'")) return;
    if (!node->count || node->count > MOST_OBJECTIVES) {
        pl_reading_error(r, node, "a search has from 1 to %d objectives", MOST_OBJECTIVES);
        return;
    }
    search->objectives = PL_ARRAY(&r->s->arena, node->count, pl_search_objective);
    int errors = r->errors;
    for (int i = 0; i < node->count; i++) read_objective(r, node->items[i], &search->objectives[i]);
    search->objective_count = node->count;
    for (int i = 0; i < node->count && r->errors == errors; i++)
        for (int j = 0; j < i; j++)
            if (pl_names_equal(search->objectives[i].name, search->objectives[j].name))
                pl_reading_error(r, node->items[i], "another objective has the name '%.80s'", search->objectives[i].name);
}

/* ---- constraints ---------------------------------------------------------------------------------------- */

static void read_constraint_if(pl_reading *r, const pl_yaml *node, void *object) {
    pl_search_constraint *c = object;
    c->expr = pl_reading_condition(r, node, false, &c->condition, &c->at, NULL);
}
static void read_share(pl_reading *r, const pl_yaml *node, void *object) {
    double *share = &((pl_search_constraint *)object)->share;
    if (pl_reading_number(r, node, "'share'", share) && !(*share > 0 && *share <= 1))
        pl_reading_error(r, node, "'share' lies above 0 and is at most 1");
}
static const pl_key_row constraint_rows[] = {{"if", true, read_constraint_if}, {"share", false, read_share}};

static void read_constraints(pl_reading *r, const pl_yaml *node, void *object) {
    pl_search *search = object;
    if (pl_yaml_is_empty(node) || !pl_reading_is(r, node, PL_YAML_SEQUENCE, "'constraints'")) return;
    if (node->count > MOST_CONSTRAINTS) {
        pl_reading_error(r, node, "a search has at most %d constraints", MOST_CONSTRAINTS);
        return;
    }
    search->constraints = PL_ARRAY(&r->s->arena, node->count, pl_search_constraint);
    search->constraint_count = node->count;
    for (int i = 0; i < node->count; i++) {
        search->constraints[i].share = 1;
        if (node->items[i]->kind == PL_YAML_MAPPING)
            pl_reading_mapping(r, node->items[i], PL_ROWS(constraint_rows), "a constraint", &search->constraints[i], NULL);
        else read_constraint_if(r, node->items[i], &search->constraints[i]);
    }
}

/* ---- the rest ------------------------------------------------------------------------------------------- */

static void read_profile(pl_reading *r, const pl_yaml *node, void *object) {
    pl_search *search = object;
    const char *name;
    if (!pl_reading_text(r, node, "'profile'", &name)) return;
    pl_near near;
    char text[PL_NEAR_TEXT];
    pl_near_start(&near, name);
    for (int i = 0; i < r->s->profile_count; i++) {
        pl_near_offer(&near, r->s->profiles[i].name);
        if (pl_names_equal(r->s->profiles[i].name, name))
            search->profile = r->s->profiles[i].name, search->course = r->s->profiles[i].course;
    }
    if (!search->profile)
        pl_reading_error(r, node, "no profile is named '%.80s'%s", name, pl_near_text(&near, text));
}

static void read_count(pl_reading *r, const pl_yaml *node, const char *what, double most, long *count) {
    double number;
    if (pl_reading_whole(r, node, what, 1, most, &number)) *count = (long)number;
}
static void read_evaluations(pl_reading *r, const pl_yaml *node, void *search) {
    read_count(r, node, "'evaluations'", most_evaluations, &((pl_search *)search)->evaluations);
}
static void read_futures(pl_reading *r, const pl_yaml *node, void *search) {
    read_count(r, node, "'futures'", PL_MOST_SEARCH_FUTURES, &((pl_search *)search)->futures);
}
static void read_check_futures(pl_reading *r, const pl_yaml *node, void *search) {
    read_count(r, node, "'check futures'", PL_MOST_SEARCH_FUTURES, &((pl_search *)search)->check_futures);
}
static void read_seeds(pl_reading *r, const pl_yaml *node, void *search) {
    long seeds = 0;
    read_count(r, node, "'seeds'", MOST_SEEDS, &seeds);
    ((pl_search *)search)->seeds = (int)seeds;
}
static void read_policy_levers(pl_reading *r, const pl_yaml *node, void *search) {
    read_levers(r, node, &((pl_search *)search)->policy);
}
static void read_policy_when(pl_reading *r, const pl_yaml *node, void *search) {
    read_when(r, node, &((pl_search *)search)->policy);
}

/* In the order in which they need each other. */
static const pl_key_row rows[] = {{"profile", false, read_profile},
                                  {"levers", false, read_policy_levers},
                                  {"thresholds", false, read_thresholds},
                                  {"when", false, read_policy_when},
                                  {"objectives", true, read_objectives},
                                  {"constraints", false, read_constraints},
                                  {"evaluations", false, read_evaluations},
                                  {"futures", false, read_futures},
                                  {"check futures", false, read_check_futures},
                                  {"seeds", false, read_seeds}};

/* Takes over what the reading has added to the situation's lists. */
static void take_over(pl_situation *s, const pl_situation *before, pl_search *search) {
    search->inputs = s->inputs, search->input_count = s->input_count;
    search->rules = s->rules, search->rule_count = s->rule_count;
    search->overrides = s->overrides, search->override_count = s->override_count;
    s->input_count = before->input_count, s->rule_count = before->rule_count;
    s->override_count = before->override_count, s->uncertainty_count = before->uncertainty_count;
}

void pl_reading_search(pl_reading *r, const pl_yaml *node) {
    pl_situation *s = r->s, before = *s;
    static const pl_actor nobody = {.name = "search", .title = {{"policy", "política"}}};
    if (!node || pl_yaml_is_empty(node)) return;
    pl_search *search = r->search = PL_NEW(&s->arena, pl_search);
    *search = (pl_search){.at = {node->line, node->column}, .course = s->base_course};
    search->policy.name = "search", search->policy.title = nobody.title;
    r->actor = &nobody, r->course = &search->policy, r->late_count = 0;
    int errors = r->errors;
    pl_reading_mapping(r, node, PL_ROWS(rows), "'search'", search, NULL);
    pl_reading_join_overrides(r);
    if (!search->variable_count && r->errors == errors)
        pl_reading_error(r, node, "a search needs 'levers', or numbers in a rule of 'when', to vary");
    take_over(s, &before, search);
    r->search = NULL;
    s->search = search;
}
