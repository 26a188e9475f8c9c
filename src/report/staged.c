/* Staged play: its value under each rule, and what is played, as a tree. */
#include <math.h>

#include "report/measures.h"
#include "report/solution.h"
#include "study/staged.h"

enum { DIGITS = 4, MOST_LINES = 60 };

static const pl_actor *actor_of(const pl_staged *g, int actor) { return &g->situation->actors[actor]; }

static const pl_course *course_of(const pl_staged *g, int actor, int choice) {
    return &actor_of(g, actor)->courses[g->courses[actor].courses[choice]];
}

static const pl_staged_rule *selected(const pl_staged *g) { return &g->rules[g->selected]; }

static const double *mixture_at(const pl_staged *g, int level, long node) {
    return selected(g)->mixture[level] + (size_t)node * (size_t)g->strategies;
}

static double probability_at(const pl_staged *g, int level, long node, long profile) {
    return selected(g)->joint[level][(size_t)node * (size_t)g->stages.profiles + (size_t)profile];
}

static const double *value_at(const pl_staged *g, int level, long node) {
    return selected(g)->value[level] + (size_t)node * (size_t)g->situation->actor_count;
}

static int choice_of(const pl_staged *g, long profile, int actor) {
    for (int a = g->situation->actor_count - 1; a > actor; a--) profile /= g->courses[a].count;
    return (int)(profile % g->courses[actor].count);
}

/* ---- to read ---------------------------------------------------------------------------------------------- */

static int decimals_for(const pl_staged *g, int actor) {
    double largest = 0;
    for (int r = 0; r < g->rule_count; r++) largest = fmax(largest, fabs(g->rules[r].root[actor].estimate));
    return pl_rounding(largest, DIGITS);
}

static void put_interval(pl_text *out, pl_interval value, int decimals) {
    char number[PL_ROUNDED_ROOM], low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
    pl_text_put(out, pl_rounded(value.estimate, decimals, number));
    if (isnan(value.low)) return;
    pl_text_format(out, " (%s to %s)", pl_rounded(value.low, decimals, low), pl_rounded(value.high, decimals, high));
}

static void put_rules(pl_text *out, const pl_staged *g) {
    pl_text_put(out, "\nThe value at the start, by which equilibrium is played where there are several\n");
    for (int r = 0; r < g->rule_count; r++) {
        const pl_staged_rule *rule = &g->rules[r];
        pl_text_put(out, r == 0 ? "   the limit of the logit branch" : r == 1 ? "   the highest sum of payoffs" : "   the best for ");
        if (r > 1) pl_text_put(out, pl_actor_title(actor_of(g, r - 2), PL_EN));
        pl_text_format(out, "%s\n", r == g->selected ? " (which is followed here)" : "");
        for (int a = 0; a < g->situation->actor_count; a++) {
            pl_text_format(out, "      %s: ", pl_actor_title(actor_of(g, a), PL_EN));
            put_interval(out, rule->root[a], decimals_for(g, a));
            pl_text_put(out, "\n");
        }
        if (rule->several) pl_text_format(out, "      %ld of the choices had several equilibria\n", rule->several);
        if (rule->lost)
            pl_text_format(out, "      in %ld choices that limit was not found, and another equilibrium was taken\n", rule->lost);
    }
    if (!selected(g)->complete)
        pl_text_put(out, "   (in some choices there may be more equilibria than were found)\n");
}

/* What each actor does at a node, and the value of that. */
static void put_node(pl_text *out, const pl_staged *g, int level, long node) {
    const double *mixture = mixture_at(g, level, node);
    pl_text_format(out, "%g: ", g->stages.at[level]);
    for (int a = 0; a < g->situation->actor_count; a++) {
        bool first = true;
        pl_text_format(out, "%s%s: ", a ? "; " : "", pl_actor_title(actor_of(g, a), PL_EN));
        for (int k = 0; k < g->courses[a].count; k++) {
            double probability = mixture[g->place[a] + k];
            if (probability <= 0) continue;
            if (!first) pl_text_put(out, " + ");
            first = false;
            if (probability < 1) pl_text_format(out, "%.3g ", probability);
            pl_text_put(out, pl_course_title(course_of(g, a, k), PL_EN));
        }
    }
    if (selected(g)->count[level][node] > 1)
        pl_text_format(out, " [of %d equilibria]", selected(g)->count[level][node]);
    pl_text_put(out, "\n");
}

static void put_profile(pl_text *out, const pl_staged *g, long profile) {
    for (int a = 0; a < g->situation->actor_count; a++)
        pl_text_format(out, "%s%s", a ? " / " : "", pl_course_title(course_of(g, a, choice_of(g, profile, a)), PL_EN));
}

static void put_values(pl_text *out, const pl_staged *g, int level, long node) {
    const double *value = value_at(g, level, node);
    char number[PL_ROUNDED_ROOM];
    for (int a = 0; a < g->situation->actor_count; a++)
        pl_text_format(out, "%s%s %s", a ? ", " : "", pl_actor_title(actor_of(g, a), PL_EN),
                       pl_rounded(value[a], decimals_for(g, a), number));
    pl_text_put(out, "\n");
}

/* The nodes that are reached, each under what led to it. */
static void put_tree(pl_text *out, const pl_staged *g, int level, long node, double reached, int *lines) {
    if (++*lines > MOST_LINES) return;
    pl_text_repeat(out, ' ', 3 + 3 * level);
    if (level == g->stages.count) {
        pl_text_put(out, "end: ");
        put_values(out, g, level, node);
        return;
    }
    put_node(out, g, level, node);
    for (long p = 0; p < g->stages.profiles; p++) {
        double probability = probability_at(g, level, node, p);
        if (probability <= 0) continue;
        if (probability < 1 && *lines < MOST_LINES) {
            pl_text_repeat(out, ' ', 3 + 3 * level);
            pl_text_format(out, "with probability %.3g, ", reached * probability);
            put_profile(out, g, p);
            pl_text_put(out, ":\n");
            ++*lines;
        }
        put_tree(out, g, level + 1, node * g->stages.profiles + p, reached * probability, lines);
    }
}

static pl_status print_text(const pl_staged *g, char **text, size_t *length) {
    pl_text out = {0};
    int lines = 0;
    pl_text_format(&out, "Staged play of %d actors who choose at %d times among %ld profiles: %ld sequences over %ld futures\n",
                   g->situation->actor_count, g->stages.count, g->stages.profiles, g->stages.leaves, g->futures);
    if (g->situation->futures > g->futures)
        pl_text_format(&out, "(%ld futures are left out: a sequence has no payoff in them)\n",
                       g->situation->futures - g->futures);
    put_rules(&out, g);
    pl_text_put(&out, "\nWhat is played, and the payoffs at the end\n");
    put_tree(&out, g, 0, 0, 1, &lines);
    if (lines > MOST_LINES) pl_text_put(&out, "   ... (--json has all)\n");
    pl_text_put(&out, "\nAt each time the actors know what was done before, not which future they are in; a value is the mean "
                      "over\nthe futures.\n");
    return pl_text_finish(&out, text, length);
}

/* ---- JSON ------------------------------------------------------------------------------------------------------ */

static json_t *values_object(const pl_staged *g, const double *values) {
    json_t *object = json_object();
    for (int a = 0; a < g->situation->actor_count; a++)
        pl_json_set(&object, actor_of(g, a)->name, pl_json_number(values[a]));
    return object;
}

static json_t *rule_object(const pl_staged *g, const pl_staged_rule *rule) {
    json_t *object = json_object(), *value = json_object();
    for (int a = 0; a < g->situation->actor_count; a++)
        pl_json_set(&value, actor_of(g, a)->name, pl_json_interval(rule->root[a]));
    pl_json_set(&object, "select", pl_json_text(rule->name));
    pl_json_set(&object, "value", value);
    pl_json_set(&object, "several", json_integer(rule->several));
    pl_json_set(&object, "limit_not_found", json_integer(rule->lost));
    pl_json_set(&object, "complete", json_boolean(rule->complete));
    return object;
}

static json_t *strategies_object(const pl_staged *g, const double *mixture) {
    json_t *object = json_object();
    for (int a = 0; a < g->situation->actor_count; a++) {
        json_t *courses = json_object();
        for (int k = 0; k < g->courses[a].count; k++)
            pl_json_set(&courses, course_of(g, a, k)->name, pl_json_number(mixture[g->place[a] + k]));
        pl_json_set(&object, actor_of(g, a)->name, courses);
    }
    return object;
}

static json_t *courses_object(const pl_staged *g, long profile) {
    json_t *object = json_object();
    for (int a = 0; a < g->situation->actor_count; a++)
        pl_json_set(&object, actor_of(g, a)->name, pl_json_text(course_of(g, a, choice_of(g, profile, a))->name));
    return object;
}

/* A node and what is reached from it. */
static json_t *node_object(const pl_staged *g, int level, long node) {
    json_t *object = json_object(), *next = json_array();
    pl_json_set(&object, "value", values_object(g, value_at(g, level, node)));
    if (level == g->stages.count) {
        json_decref(next);
        return object;
    }
    const double *mixture = mixture_at(g, level, node);
    for (long p = 0; p < g->stages.profiles; p++) {
        double probability = probability_at(g, level, node, p);
        if (probability <= 0) continue;
        json_t *branch = json_object();
        pl_json_set(&branch, "courses", courses_object(g, p));
        pl_json_set(&branch, "probability", pl_json_number(probability));
        pl_json_set(&branch, "then", node_object(g, level + 1, node * g->stages.profiles + p));
        pl_json_append(&next, branch);
    }
    pl_json_set(&object, "at", pl_json_number(g->stages.at[level]));
    pl_json_set(&object, "strategies", strategies_object(g, mixture));
    pl_json_set(&object, "equilibria", json_integer(selected(g)->count[level][node]));
    pl_json_set(&object, "branches", next);
    return object;
}

static pl_status print_json(const pl_staged *g, char **text, size_t *length) {
    json_t *tree = json_object(), *times = json_array(), *rules = json_array();
    for (int i = 0; i < g->stages.count; i++) pl_json_append(&times, pl_json_number(g->stages.at[i]));
    for (int r = 0; r < g->rule_count; r++) pl_json_append(&rules, rule_object(g, &g->rules[r]));
    pl_json_set(&tree, "at", times);
    pl_json_set(&tree, "profiles", json_integer(g->stages.profiles));
    pl_json_set(&tree, "segments", pl_json_number(g->stages.segments));
    pl_json_set(&tree, "sequences", json_integer(g->stages.leaves));
    pl_json_set(&tree, "futures", json_integer(g->futures));
    pl_json_set(&tree, "in_order", json_boolean(g->order != NULL));
    pl_json_set(&tree, "select", pl_json_text(selected(g)->name));
    pl_json_set(&tree, "rules", rules);
    pl_json_set(&tree, "tree", node_object(g, 0, 0));
    return pl_json_finish(tree, text, length);
}

pl_status pl_staged_print(const pl_staged *staged, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_CSV) return PL_UNSUPPORTED;
    return format == PL_FORMAT_JSON ? print_json(staged, text, length) : print_text(staged, text, length);
}
