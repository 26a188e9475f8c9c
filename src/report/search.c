/* The search for robust policies: as text, a choice of the policies found beside the named profiles, and how the search
 * went; as CSV, a row for each policy; as JSON, everything. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "study/search.h"

enum { NAME_WIDTH = 34, COLUMN_WIDTH = 16, MOST_SHOWN = 5, DIGITS = 4, SHOWN_POINTS = 8 };

static const char *actor_of(const pl_policy_search *r, const pl_search_variable *v) {
    return v->actor < 0 ? "" : r->s->actors[v->actor].name;
}

static const char *profile_name(const pl_compared_profile *p) { return p->name ? p->name : "(base)"; }

static const char *take_name(const pl_search_objective *o, char out[32]) {
    static const char *const names[] = {
#define X(id, name, text) name,
        PL_ROBUSTS(X)
#undef X
    };
    if (o->take == PL_ROBUST_QUANTILE) snprintf(out, 32, "p%g", 100 * o->quantile);
    else snprintf(out, 32, "%s", names[o->take]);
    return out;
}

/* ---- which policies the text shows ------------------------------------------------------------------------ */

/* Over the other futures; where there are none yet over those of the search. */
static double value_of(const pl_policy_search *r, const pl_found_policy *p, int objective) {
    return r->checked ? p->checked.objectives[objective].estimate : p->searched[objective];
}

static double worth(const pl_policy_search *r, const pl_found_policy *p, int objective) {
    double value = value_of(r, p, objective);
    return r->search->objectives[objective].maximise ? value : -value;
}

/* How far a policy is from the best of each objective, the farthest of them, in the objectives' ranges. */
static double shortfall(const pl_policy_search *r, const pl_found_policy *p) {
    double most = 0;
    for (int k = 0; k < r->search->objective_count; k++) {
        double low = INFINITY, high = -INFINITY;
        for (int i = 0; i < r->policy_count; i++) {
            double x = worth(r, &r->policies[i], k);
            if (x < low) low = x;
            if (x > high) high = x;
        }
        double short_of = high > low ? (high - worth(r, p, k)) / (high - low) : 0;
        if (short_of > most) most = short_of;
    }
    return most;
}

static int best_in(const pl_policy_search *r, int objective) {
    int best = -1;
    for (int i = 0; i < r->policy_count; i++) {
        if (r->policies[i].dominated) continue;
        if (best < 0 || worth(r, &r->policies[i], objective) > worth(r, &r->policies[best], objective)) best = i;
    }
    return best;
}

static int most_balanced(const pl_policy_search *r) {
    int best = -1;
    double least = INFINITY;
    for (int i = 0; i < r->policy_count; i++) {
        double s = r->policies[i].dominated ? INFINITY : shortfall(r, &r->policies[i]);
        if (s < least) least = s, best = i;
    }
    return best;
}

/* The best in each objective, as many as there is room for, and before them the one that falls least short in any. */
static int choose(const pl_policy_search *r, int chosen[MOST_SHOWN]) {
    int count = 0, candidate = most_balanced(r);
    for (int k = -1; k < r->search->objective_count && count < MOST_SHOWN; k++) {
        if (k >= 0) candidate = best_in(r, k);
        bool known = candidate < 0;
        for (int i = 0; i < count; i++) known = known || chosen[i] == candidate;
        if (!known) chosen[count++] = candidate;
    }
    return count;
}

/* ---- text ------------------------------------------------------------------------------------------------- */

static void put_number(pl_text *out, double value, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_text_right(out, pl_rounded(value, decimals, number), COLUMN_WIDTH);
}

static void put_what(pl_text *out, const pl_policy_search *r) {
    const pl_search *search = r->search;
    if (r->interrupted) pl_text_put(out, "INTERRUPTED: the search was not over; this is what it had found by then\n");
    pl_text_format(out, "%ld polic%s of %d variable%s found in %d run%s of %ld evaluations, each over %ld future%s\n",
                   (long)r->policy_count, r->policy_count == 1 ? "y" : "ies", search->variable_count,
                   pl_plural(search->variable_count), r->run_count, pl_plural(r->run_count), r->evaluations, r->futures,
                   pl_plural(r->futures));
    if (!r->checked)
        pl_text_put(out, "All figures below are over the futures of the search, and so are too good (the best of many that were\n"
                         "tried there); they have no intervals\n");
    else if (!r->varies)
        pl_text_put(out, "Nothing is uncertain here: one future is all of them, and there are no intervals\n");
    else if (r->independent)
        pl_text_format(out, "All figures below are over %ld other futures, drawn independently, with 95 %% intervals: the best of\n"
                            "many policies tried on the same futures would look better there than it is\n", r->check_futures);
    else
        pl_text_put(out, "The file of futures has no more than the search used: the figures below are over the same futures, and\n"
                         "so are too good (the best of many that were tried there)\n");
    if (search->profile) pl_text_format(out, "Beside the policy everybody acts as in '%s'\n", search->profile);
    if (!r->feasible) pl_text_put(out, "No policy that was tried holds the constraints: this is the one that breaks them least\n");
}

static void put_objectives_list(pl_text *out, const pl_policy_search *r) {
    char take[32], epsilon[PL_ROUNDED_ROOM];
    pl_text_put(out, "\nObjectives\n");
    for (int k = 0; k < r->search->objective_count; k++) {
        const pl_search_objective *o = &r->search->objectives[k];
        pl_text_format(out, "  %s: %s%s, to be as %s as possible; boxes of %s\n", o->name,
                       o->expr ? "share of futures" : "", o->expr ? "" : take_name(o, take), o->maximise ? "high" : "low",
                       pl_rounded(r->epsilon[k], pl_rounding(r->epsilon[k], 3), epsilon));
    }
    for (int i = 0; i < r->search->constraint_count; i++)
        pl_text_format(out, "  must hold in %g %% of the futures: %s\n", 100 * r->search->constraints[i].share,
                       r->search->constraints[i].condition);
}

static void put_heads(pl_text *out, const pl_policy_search *r, const int *chosen, int count) {
    pl_text_put(out, "\n  ");
    pl_text_left(out, "policy", NAME_WIDTH);
    for (int i = 0; i < count; i++) {
        char head[24];
        snprintf(head, sizeof head, "%d", chosen[i] + 1);
        pl_text_right(out, head, COLUMN_WIDTH);
    }
    pl_text_put(out, "\n  ");
    pl_text_left(out, "", NAME_WIDTH);
    for (int i = 0; i < count; i++) {
        bool balanced = chosen[i] == most_balanced(r);
        int best = -1;
        for (int k = 0; k < r->search->objective_count && best < 0; k++)
            if (best_in(r, k) == chosen[i]) best = k;
        char head[24];
        if (balanced) snprintf(head, sizeof head, "balanced");
        else snprintf(head, sizeof head, "best in %d", best + 1);
        pl_text_right(out, head, COLUMN_WIDTH);
    }
    pl_text_put(out, "\n");
}

static void put_levers(pl_text *out, const pl_policy_search *r, const int *chosen, int count) {
    const char *owner = NULL;
    for (int v = 0; v < r->search->variable_count; v++) {
        const pl_search_variable *variable = &r->search->variables[v];
        const char *actor = variable->lever ? *actor_of(r, variable) ? actor_of(r, variable) : "levers" : "thresholds";
        if (!owner || strcmp(owner, actor) != 0) pl_text_format(out, "  %s\n", owner = actor);
        pl_text_put(out, "    ");
        pl_text_left(out, variable->name, NAME_WIDTH - 2);
        int decimals = pl_rounding(fmax(fabs(variable->low), fabs(variable->high)), 3);
        for (int i = 0; i < count; i++) put_number(out, r->policies[chosen[i]].values[v], decimals);
        pl_text_put(out, "\n");
    }
}

static void put_range(pl_text *out, pl_interval x, int decimals) {
    char low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM], both[2 * PL_ROUNDED_ROOM + 8] = "";
    if (!isnan(x.low))
        snprintf(both, sizeof both, "%s..%s", pl_rounded(x.low, decimals, low), pl_rounded(x.high, decimals, high));
    pl_text_right(out, both, COLUMN_WIDTH);
}

static int decimals_of(const pl_policy_search *r, int objective) {
    double largest = 0;
    for (int i = 0; i < r->policy_count; i++) largest = fmax(largest, fabs(value_of(r, &r->policies[i], objective)));
    return pl_rounding(largest, DIGITS);
}

static void put_results(pl_text *out, const pl_policy_search *r, const int *chosen, int count) {
    pl_text_put(out, "  objectives\n");
    for (int k = 0; k < r->search->objective_count; k++) {
        char name[128];
        int decimals = decimals_of(r, k);
        bool any = false;
        snprintf(name, sizeof name, "%d %s", k + 1, r->search->objectives[k].name);
        pl_text_put(out, "    ");
        pl_text_left(out, name, NAME_WIDTH - 2);
        for (int i = 0; i < count; i++) {
            put_number(out, value_of(r, &r->policies[chosen[i]], k), decimals);
            any = any || !isnan(r->policies[chosen[i]].checked.objectives[k].low);
        }
        pl_text_put(out, "\n");
        if (!any) continue;
        pl_text_repeat(out, ' ', NAME_WIDTH + 2);
        for (int i = 0; i < count; i++) put_range(out, r->policies[chosen[i]].checked.objectives[k], decimals);
        pl_text_put(out, "\n");
    }
    for (int i = 0; i < r->search->constraint_count && r->checked; i++) {
        pl_text_put(out, "    ");
        pl_text_left(out, r->search->constraints[i].condition, NAME_WIDTH - 2);
        for (int k = 0; k < count; k++) put_number(out, r->policies[chosen[k]].checked.constraints[i].estimate, 3);
        pl_text_put(out, "\n");
    }
}

static void put_no_intervals(pl_text *out, const pl_policy_search *r) {
    bool extreme = false;
    for (int k = 0; k < r->search->objective_count; k++)
        extreme = extreme || r->search->objectives[k].take == PL_ROBUST_WORST || r->search->objectives[k].take == PL_ROBUST_BEST;
    if (extreme && r->varies && r->checked)
        pl_text_put(out, "  A worst or a best has no interval: with more futures it only gets worse, or better\n");
}

static void put_policies(pl_text *out, const pl_policy_search *r) {
    int chosen[MOST_SHOWN], count = choose(r, chosen), dominated = 0, broken = 0;
    for (int i = 0; i < r->policy_count; i++) {
        dominated += r->policies[i].dominated;
        broken += !r->policies[i].checked.feasible;
    }
    put_heads(out, r, chosen, count);
    put_levers(out, r, chosen, count);
    put_results(out, r, chosen, count);
    put_no_intervals(out, r);
    pl_text_format(out, "  %d of %d policies shown: the one that falls least short of the best in any objective, and the best in each;\n"
                        "  --output FILE.csv has all\n", count, r->policy_count);
    if (r->varies && dominated)
        pl_text_format(out, "  Over the other futures %d of them %s dominated by another policy\n", dominated, dominated == 1 ? "is" : "are");
    if (r->varies && r->checked && r->feasible && broken)
        pl_text_format(out, "  Over the other futures %d of them break%s a constraint\n", broken, broken == 1 ? "s" : "");
}

static void put_profiles(pl_text *out, const pl_policy_search *r) {
    if (!r->profile_count) return;
    pl_text_put(out, "\nNamed profiles over the same futures\n  ");
    pl_text_left(out, "", NAME_WIDTH);
    for (int k = 0; k < r->search->objective_count; k++) {
        char head[24];
        snprintf(head, sizeof head, "%d", k + 1);
        pl_text_right(out, head, COLUMN_WIDTH - 4);
    }
    pl_text_put(out, "  dominated by\n");
    for (int i = 0; i < r->profile_count; i++) {
        const pl_compared_profile *p = &r->profiles[i];
        char number[PL_ROUNDED_ROOM];
        pl_text_put(out, "  ");
        pl_text_left(out, profile_name(p), NAME_WIDTH);
        for (int k = 0; k < r->search->objective_count; k++)
            pl_text_right(out, pl_rounded(p->checked.objectives[k].estimate, decimals_of(r, k), number), COLUMN_WIDTH - 4);
        pl_text_format(out, "  %d of the policies%s\n", p->dominators, p->checked.feasible ? "" : "; breaks a constraint");
    }
}

static const char *volume_text(double volume, char out[32]) {
    if (isnan(volume)) snprintf(out, 32, "-");
    else snprintf(out, 32, "%.5g", volume);
    return out;
}

static void put_runs(pl_text *out, const pl_policy_search *r) {
    char number[32];
    pl_text_put(out, "\nRuns of the search\n  seed  evaluations  restarts  archive  in the result  hypervolume   operators at the end\n");
    for (int i = 0; i < r->run_count; i++) {
        const pl_search_run *run = &r->runs[i];
        double last = run->point_count ? run->hypervolume[run->point_count - 1] : NAN;
        pl_text_format(out, "  %4d  %11ld  %8d  %7d  %13d  %11s  ", i + 1, run->evaluations, run->restarts, run->archive,
                       run->contributed, volume_text(last, number));
        for (int k = 0; k < PL_OPERATOR_COUNT; k++)
            pl_text_format(out, " %s %.2f", pl_operator_name((pl_operator)k), run->probability[k]);
        pl_text_put(out, "\n");
    }
    pl_text_format(out, "  all together %45s\n", volume_text(r->hypervolume, number));
    pl_text_put(out, "\nHypervolume over evaluations\n");
    for (int i = 0; i < r->run_count; i++) {
        const pl_search_run *run = &r->runs[i];
        int step = (run->point_count + SHOWN_POINTS - 1) / SHOWN_POINTS;
        pl_text_format(out, "  %4d ", i + 1);
        for (int k = run->point_count ? (run->point_count - 1) % step : 0; k < run->point_count; k += step)
            pl_text_format(out, "  %ld: %s", run->at[k], volume_text(run->hypervolume[k], number));
        pl_text_put(out, "\n");
    }
    pl_text_put(out, "  against the reference");
    for (int k = 0; k < r->search->objective_count; k++) pl_text_format(out, "%s %g", k ? "," : "", r->reference[k]);
    pl_text_put(out, "; of the futures of the search\n");
}

static pl_status print_text(const pl_policy_search *r, char **text, size_t *length) {
    pl_text out = {0};
    put_what(&out, r);
    put_objectives_list(&out, r);
    put_policies(&out, r);
    put_profiles(&out, r);
    put_runs(&out, r);
    return pl_text_finish(&out, text, length);
}

/* ---- CSV -------------------------------------------------------------------------------------------------- */

static void put_head(pl_text *out, const char *name, const char *behind) {
    char text[512];
    snprintf(text, sizeof text, "%s%s", name, behind);
    pl_text_put(out, ",");
    pl_text_csv(out, text);
}

static void put_csv_number(pl_text *out, double value) {
    pl_text_put(out, ",");
    if (!isnan(value)) pl_text_number(out, value);
}

static void put_csv_interval(pl_text *out, pl_interval x) {
    put_csv_number(out, x.estimate), put_csv_number(out, x.low), put_csv_number(out, x.high);
}

static void put_csv_heads(pl_text *out, const pl_policy_search *r) {
    const pl_search *search = r->search;
    pl_text_put(out, "policy");
    for (int v = 0; v < search->variable_count; v++) put_head(out, search->variables[v].name, "");
    for (int k = 0; k < search->objective_count; k++) {
        put_head(out, search->objectives[k].name, ""), put_head(out, search->objectives[k].name, " low");
        put_head(out, search->objectives[k].name, " high"), put_head(out, search->objectives[k].name, " searched");
    }
    for (int i = 0; i < search->constraint_count; i++) {
        const char *condition = search->constraints[i].condition;
        put_head(out, condition, ""), put_head(out, condition, " low"), put_head(out, condition, " high");
    }
    pl_text_put(out, ",missing,feasible,dominated,seed,evaluation\n");
}

static pl_status print_csv(const pl_policy_search *r, char **text, size_t *length) {
    pl_text out = {0};
    put_csv_heads(&out, r);
    for (int i = 0; i < r->policy_count; i++) {
        const pl_found_policy *p = &r->policies[i];
        pl_text_format(&out, "%d", i + 1);
        for (int v = 0; v < r->search->variable_count; v++) put_csv_number(&out, p->values[v]);
        for (int k = 0; k < r->search->objective_count; k++) {
            put_csv_interval(&out, p->checked.objectives[k]);
            put_csv_number(&out, p->searched[k]);
        }
        for (int k = 0; k < r->search->constraint_count; k++) put_csv_interval(&out, p->checked.constraints[k]);
        if (r->checked) pl_text_format(&out, ",%ld,%d,%d", p->checked.missing, p->checked.feasible, p->dominated);
        else pl_text_put(&out, ",,,");
        pl_text_format(&out, ",%d,%ld\n", p->seed + 1, p->evaluation + 1);
    }
    return pl_text_finish(&out, text, length);
}

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static json_t *levers_json(const pl_policy_search *r) {
    json_t *list = json_array();
    for (int i = 0; i < r->search->variable_count; i++) {
        const pl_search_variable *v = &r->search->variables[i];
        json_t *one = json_object();
        pl_json_set(&one, "name", pl_json_text(v->name));
        pl_json_set(&one, "lever", v->lever ? pl_json_text(v->lever) : json_null());
        pl_json_set(&one, "actor", v->actor < 0 ? json_null() : pl_json_text(actor_of(r, v)));
        pl_json_set(&one, "units", pl_json_text(v->units));
        pl_json_set(&one, "low", pl_json_number(v->low));
        pl_json_set(&one, "high", pl_json_number(v->high));
        pl_json_set(&one, "step", v->step > 0 ? pl_json_number(v->step) : json_null());
        pl_json_append(&list, one);
    }
    return list;
}

static json_t *objectives_json(const pl_policy_search *r) {
    json_t *list = json_array();
    char take[32];
    for (int i = 0; i < r->search->objective_count; i++) {
        const pl_search_objective *o = &r->search->objectives[i];
        json_t *one = json_object();
        pl_json_set(&one, "name", pl_json_text(o->name));
        pl_json_set(&one, o->expr ? "if" : "of", pl_json_text(o->expr ? o->condition : r->s->measures[o->measure].name));
        pl_json_set(&one, "aim", pl_json_text(o->maximise ? "max" : "min"));
        pl_json_set(&one, "take", pl_json_text(take_name(o, take)));
        pl_json_set(&one, "epsilon", pl_json_number(r->epsilon[i]));
        pl_json_set(&one, "reference", pl_json_number(r->reference[i]));
        pl_json_append(&list, one);
    }
    return list;
}

static json_t *constraints_json(const pl_policy_search *r) {
    json_t *list = json_array();
    for (int i = 0; i < r->search->constraint_count; i++) {
        json_t *one = json_object();
        pl_json_set(&one, "if", pl_json_text(r->search->constraints[i].condition));
        pl_json_set(&one, "share", pl_json_number(r->search->constraints[i].share));
        pl_json_append(&list, one);
    }
    return list;
}

static void set_assessment(json_t **object, const pl_policy_search *r, const pl_assessment *a) {
    json_t *objectives = json_object(), *constraints = json_array();
    for (int k = 0; k < r->search->objective_count; k++)
        pl_json_set(&objectives, r->search->objectives[k].name, pl_json_interval(a->objectives[k]));
    for (int k = 0; k < r->search->constraint_count; k++) pl_json_append(&constraints, pl_json_interval(a->constraints[k]));
    pl_json_set(object, "objectives", objectives);
    pl_json_set(object, "constraints", constraints);
    pl_json_set(object, "missing", r->checked ? json_integer(a->missing) : json_null());
    pl_json_set(object, "feasible", r->checked ? json_boolean(a->feasible) : json_null());
}

static json_t *policy_json(const pl_policy_search *r, const pl_found_policy *p) {
    json_t *one = json_object(), *levers = json_object(), *searched = json_object();
    for (int v = 0; v < r->search->variable_count; v++)
        pl_json_set(&levers, r->search->variables[v].name, pl_json_number(p->values[v]));
    for (int k = 0; k < r->search->objective_count; k++)
        pl_json_set(&searched, r->search->objectives[k].name, pl_json_number(p->searched[k]));
    pl_json_set(&one, "levers", levers);
    set_assessment(&one, r, &p->checked);
    pl_json_set(&one, "searched", searched);
    pl_json_set(&one, "dominated", r->checked ? json_boolean(p->dominated) : json_null());
    pl_json_set(&one, "seed", json_integer(p->seed + 1));
    pl_json_set(&one, "evaluation", json_integer(p->evaluation + 1));
    return one;
}

static json_t *run_json(const pl_search_run *run) {
    json_t *one = json_object(), *operators = json_object(), *points = json_array();
    for (int k = 0; k < PL_OPERATOR_COUNT; k++) {
        json_t *one_operator = json_object();
        pl_json_set(&one_operator, "probability", pl_json_number(run->probability[k]));
        pl_json_set(&one_operator, "made", json_integer(run->made[k]));
        pl_json_set(&operators, pl_operator_name((pl_operator)k), one_operator);
    }
    for (int k = 0; k < run->point_count; k++) {
        json_t *point = json_array();
        pl_json_append(&point, json_integer(run->at[k]));
        pl_json_append(&point, pl_json_number(run->hypervolume[k]));
        pl_json_append(&points, point);
    }
    pl_json_set(&one, "seed", json_integer(run->number + 1));
    pl_json_set(&one, "evaluations", json_integer(run->evaluations));
    pl_json_set(&one, "restarts", json_integer(run->restarts));
    pl_json_set(&one, "archive", json_integer(run->archive));
    pl_json_set(&one, "population", json_integer(run->population));
    pl_json_set(&one, "contributed", json_integer(run->contributed));
    pl_json_set(&one, "operators", operators);
    pl_json_set(&one, "hypervolume", points);
    return one;
}

static void set_lists(json_t **root, const pl_policy_search *r) {
    json_t *policies = json_array(), *runs = json_array(), *profiles = json_array();
    for (int i = 0; i < r->policy_count; i++) pl_json_append(&policies, policy_json(r, &r->policies[i]));
    for (int i = 0; i < r->run_count; i++) pl_json_append(&runs, run_json(&r->runs[i]));
    for (int i = 0; i < r->profile_count; i++) {
        json_t *one = json_object();
        pl_json_set(&one, "name", pl_json_text(profile_name(&r->profiles[i])));
        set_assessment(&one, r, &r->profiles[i].checked);
        pl_json_set(&one, "dominated_by", json_integer(r->profiles[i].dominators));
        pl_json_append(&profiles, one);
    }
    pl_json_set(root, "policies", policies);
    pl_json_set(root, "seeds", runs);
    pl_json_set(root, "profiles", profiles);
}

static pl_status print_json(const pl_policy_search *r, char **text, size_t *length) {
    json_t *root = json_object();
    pl_json_set(&root, "levers", levers_json(r));
    pl_json_set(&root, "objectives", objectives_json(r));
    pl_json_set(&root, "constraints", constraints_json(r));
    pl_json_set(&root, "profile", r->search->profile ? pl_json_text(r->search->profile) : json_null());
    pl_json_set(&root, "seed", json_integer((json_int_t)r->seed));
    pl_json_set(&root, "evaluations", json_integer(r->evaluations));
    pl_json_set(&root, "futures", json_integer(r->futures));
    pl_json_set(&root, "check_futures", json_integer(r->check_futures));
    pl_json_set(&root, "independent", json_boolean(r->varies && r->independent));
    pl_json_set(&root, "feasible", json_boolean(r->feasible));
    pl_json_set(&root, "interrupted", json_boolean(r->interrupted));
    pl_json_set(&root, "checked", json_boolean(r->checked));
    pl_json_set(&root, "hypervolume", pl_json_number(r->hypervolume));
    set_lists(&root, r);
    return pl_json_finish(root, text, length);
}

pl_status pl_policy_search_print(const pl_policy_search *search, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) return print_json(search, text, length);
    return format == PL_FORMAT_CSV ? print_csv(search, text, length) : print_text(search, text, length);
}
