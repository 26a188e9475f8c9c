/* How well courses hold up, to read: for each actor its courses by the criteria, what dominates what, where the ranking
 * changes, who gains and who loses.  JSON and CSV are in weigh_json.c. */
#include "report/weigh.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS = 3, NAME_WIDTH = 38 };

static const pl_actor *actor_of(const pl_weighing *w, const pl_weighed *a) {
    return &w->ensemble->situation->actors[a->actor];
}

static const char *course_title(const pl_weighing *w, const pl_weighed *a, int course) {
    return pl_course_title(&actor_of(w, a)->courses[course], PL_EN);
}

static const char *want_title(const pl_weighing *w, const pl_weighed *a, int want) {
    return pl_measure_title(&w->ensemble->situation->measures[actor_of(w, a)->wants[want].measure], PL_EN);
}

/* ---- cells ------------------------------------------------------------------------------------------------ */

static int decimals_of(double largest) { return pl_rounding(largest, DIGITS); }

/* "0.53 (0.41 to 0.62)", or the estimate alone where it has no interval; `times` as a percentage is 100. */
static const char *interval_text(pl_interval v, double times, int decimals, char out[160]) {
    char number[3][PL_ROUNDED_ROOM];
    pl_rounded(times * v.estimate, decimals, number[0]);
    if (isnan(v.low)) snprintf(out, 160, "%s", number[0]);
    else
        snprintf(out, 160, "%s (%s to %s)", number[0], pl_rounded(times * v.low, decimals, number[1]),
                 pl_rounded(times * v.high, decimals, number[2]));
    return out;
}

/* The decimals that all values of a criterion share. */
static int criterion_decimals(const pl_scores *s, const pl_outcomes *o, int criterion) {
    double largest = 0;
    for (int k = 0; k < o->options; k++) {
        double value = fabs(pl_score_of(s, o, criterion, k)->value.estimate);
        if (value > largest) largest = value;
    }
    return decimals_of(largest);
}

static void put_percent(pl_text *out, double share) {
    if (isnan(share)) pl_text_put(out, "-");
    else pl_text_format(out, "%.0f %%", 100 * share);
}

/* ---- courses by the criteria -------------------------------------------------------------------------------- */

static void put_expected(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    int decimals = criterion_decimals(&a->scores, &a->outcomes, PL_CRITERION_EXPECTED);
    char text[160], best[PL_ROUNDED_ROOM];
    pl_text_put(out, "   ");
    pl_text_cut_left(out, "course", NAME_WIDTH);
    pl_text_format(out, "  %-26s  %-26s  %6s\n", "expected (95 % interval)", "behind the best, paired", "first");
    for (int k = 0; k < a->outcomes.options; k++) {
        const pl_score *s = pl_score_of(&a->scores, &a->outcomes, PL_CRITERION_EXPECTED, k);
        pl_text_put(out, "   ");
        pl_text_cut_left(out, course_title(w, a, k), NAME_WIDTH);
        pl_text_format(out, "  %-26s", interval_text(s->value, 1, decimals, text));
        bool is_best = k == a->scores.best[PL_CRITERION_EXPECTED];
        pl_text_format(out, "  %-26s", is_best ? "best" : interval_text(s->behind, 1, decimals, text));
        snprintf(best, sizeof best, "%.0f %%", 100 * s->first);
        pl_text_format(out, "  %6s\n", isnan(s->first) ? "-" : best);
    }
}

/* Whether an option is as good as the best by a criterion, but for rounding in its payoffs. */
static bool is_best(const pl_scores *s, const pl_outcomes *o, int criterion, int option) {
    if (s->best[criterion] < 0) return false;
    double value = pl_score_of(s, o, criterion, option)->value.estimate;
    double best = pl_score_of(s, o, criterion, s->best[criterion])->value.estimate;
    return fabs(value - best) <= 1e-9 * fmax(1, fabs(best));
}

/* Criteria side by side; an asterisk marks the best, all of them where several are equal. */
static void put_criteria(pl_text *out, const pl_weighing *w, const pl_scores *s, const pl_outcomes *o,
                         const char *(*name)(const pl_weighing *, const void *, int, char *), const void *context,
                         const char *head, const int *criteria, int count, bool mark) {
    char text[PL_NAME_ROOM], number[PL_ROUNDED_ROOM + 2];
    pl_text_put(out, "   ");
    pl_text_cut_left(out, head, NAME_WIDTH);
    for (int i = 0; i < count; i++) pl_text_format(out, "  %11s", pl_criteria[criteria[i]].heading);
    pl_text_put(out, "\n");
    for (int k = 0; k < o->options; k++) {
        pl_text_put(out, "   ");
        pl_text_cut_left(out, name(w, context, k, text), NAME_WIDTH);
        for (int i = 0; i < count; i++) {
            double value = pl_score_of(s, o, criteria[i], k)->value.estimate;
            bool share = pl_criteria[criteria[i]].basis == PL_BY_SHARE;
            char rounded[PL_ROUNDED_ROOM];
            if (share) snprintf(rounded, sizeof rounded, "%.0f %%", 100 * value);
            else pl_rounded(value, criterion_decimals(s, o, criteria[i]), rounded);
            snprintf(number, sizeof number, "%s%s", mark && is_best(s, o, criteria[i], k) ? "*" : "",
                     isnan(value) ? "-" : rounded);
            pl_text_format(out, "  %11s", number);
        }
        pl_text_put(out, "\n");
    }
}

static const char *name_course(const pl_weighing *w, const void *context, int course, char *out) {
    (void)out;
    return course_title(w, context, course);
}

static const char *name_row(const pl_weighing *w, const void *context, int row, char *out) {
    (void)context;
    return pl_comparison_row_name(w->comparison, row, PL_EN, out);
}

static const int robust[] = {PL_CRITERION_MAXIMIN, PL_CRITERION_MAXIMAX, PL_CRITERION_HURWICZ, PL_CRITERION_REGRET,
                             PL_CRITERION_REGRET_90};
static const int spread[] = {PL_CRITERION_SATISFICING, PL_CRITERION_MEAN_VARIANCE, PL_CRITERION_SIGNAL_TO_NOISE,
                             PL_CRITERION_DEVIATIONS, PL_CRITERION_SKEWNESS, PL_CRITERION_PEAKEDNESS};
enum { ROBUST = sizeof robust / sizeof *robust, SPREAD = sizeof spread / sizeof *spread };

static void put_courses(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    put_expected(out, w, a);
    pl_text_put(out, "\n");
    put_criteria(out, w, &a->scores, &a->outcomes, name_course, a, "course", robust, ROBUST, true);
    pl_text_put(out, "\n");
    put_criteria(out, w, &a->scores, &a->outcomes, name_course, a, "course", spread, SPREAD, true);
    pl_text_put(out, "   (* the best; intervals of all of these are in --json)\n");
}

/* ---- what the others do ------------------------------------------------------------------------------------- */

static void put_answer(pl_text *out, const pl_weighing *w, const pl_weighed *a, const pl_answer *answer) {
    const pl_situation *s = w->ensemble->situation;
    const char *separator = "";
    for (int j = 0; j < s->actor_count; j++) {
        if (j == a->actor) continue;
        const pl_course *course = &s->actors[j].courses[pl_situation_course(s, answer->profile[0], j)];
        pl_text_format(out, "%s%s", separator, pl_course_title(course, PL_EN));
        separator = "; ";
    }
    if (answer->count > 1)
        pl_text_format(out, " (%.0f %%), and %d other%s mixed with it", 100 * answer->weight[0], answer->count - 1,
                       pl_plural(answer->count - 1));
}

static void put_against(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    const pl_against *against = &a->against;
    if (w->play->game->player_count == 1) return;
    pl_text_format(out, "   Against: %s\n",
                   against->kind == PL_OTHERS_PROFILE ? w->against : pl_others_texts[against->kind]);
    if (against->kind == PL_OTHERS_MEAN || against->kind == PL_OTHERS_WORST) return;
    if (against->kind != PL_OTHERS_RESPONSE) {
        pl_text_put(out, "      ");
        put_answer(out, w, a, &against->answers[0]);
        pl_text_put(out, "\n");
        return;
    }
    for (int k = 0; k < a->outcomes.options; k++) {
        pl_text_put(out, "      ");
        pl_text_cut_left(out, course_title(w, a, k), NAME_WIDTH - 3);
        pl_text_put(out, "  ");
        put_answer(out, w, a, &against->answers[k]);
        if (!against->answers[k].found) pl_text_put(out, " (no equilibrium was found: the nearest to one)");
        pl_text_put(out, "\n");
    }
}

static void put_treatments(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    char text[160];
    if (a->treatment_count < 2) return;
    pl_text_put(out, "\n   What the others do decides: the best expected value where they ...\n");
    for (int i = 0; i < a->treatment_count; i++) {
        const pl_treatment *t = &a->treatments[i];
        pl_text_format(out, "      %-12s  ", pl_others_names[t->kind]);
        pl_text_cut_left(out, course_title(w, a, t->best), NAME_WIDTH);
        pl_text_format(out, "  %s\n", interval_text(t->mean[t->best], 1, decimals_of(fabs(t->mean[t->best].estimate)),
                                                    text));
    }
}

/* ---- where the ranking changes ------------------------------------------------------------------------------ */

static void put_alphas(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    char number[PL_ROUNDED_ROOM];
    pl_text_format(out, "\n   Hurwicz: %s from alpha 0", course_title(w, a, a->alphas.best));
    for (int i = 0; i < a->alphas.count; i++)
        pl_text_format(out, "; %s from %s", course_title(w, a, a->alphas.items[i].to),
                       pl_rounded(a->alphas.items[i].at.estimate, 3, number));
    pl_text_put(out, " to 1 (only the worst future counts)\n");
}

static void put_switch(pl_text *out, const pl_weighing *w, const pl_weighed *a, const pl_switch *s, const char *where) {
    char text[160];
    pl_text_format(out, "         %s%s%s: ", where, interval_text(s->at, 1, decimals_of(fabs(s->at.estimate)), text),
                   isnan(s->at.low) && w->replicates ? " (not in every resample)" : "");
    pl_text_cut(out, course_title(w, a, s->to), NAME_WIDTH);
    pl_text_put(out, "\n");
}

static void put_want(pl_text *out, const pl_weighing *w, const pl_weighed *a, int want) {
    const pl_want_ranking *r = &a->ranking.wants[want];
    char low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
    int decimals = decimals_of(fmax(fabs(r->low), fabs(r->high)));
    pl_text_put(out, "      ");
    pl_text_cut_left(out, want_title(w, a, want), NAME_WIDTH);
    pl_text_format(out, "  %s to %s: ", pl_rounded(r->low, decimals, low), pl_rounded(r->high, decimals, high));
    pl_text_cut(out, course_title(w, a, r->within.best), NAME_WIDTH);
    pl_text_put(out, r->within.count ? "\n" : " throughout\n");
    for (int i = 0; i < r->within.count; i++) put_switch(out, w, a, &r->within.items[i], "from ");
    if (r->below.from >= 0) {
        pl_switch down = {r->below.to, r->below.from, r->below.at};
        put_switch(out, w, a, &down, "beyond this range, below ");
    }
    if (r->above.from >= 0) put_switch(out, w, a, &r->above, "beyond this range, above ");
}

static void put_weights(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    char text[160];
    if (a->ranking.draws) {
        pl_text_format(out, "\n   First in the means, over %ld draws of the weights (95 %% interval):\n",
                       a->ranking.draws);
        for (int k = 0; k < a->outcomes.options; k++) {
            if (!(a->ranking.first[k].estimate > 0)) continue;
            pl_text_put(out, "      ");
            pl_text_cut_left(out, course_title(w, a, k), NAME_WIDTH);
            pl_text_format(out, "  %s %%\n", interval_text(a->ranking.first[k], 100, 0, text));
        }
    }
    pl_text_put(out, "\n   Where the weight of one want changes the best course, the other weights at their means:\n");
    for (int j = 0; j < actor_of(w, a)->want_count; j++) put_want(out, w, a, j);
}

/* ---- dominance, fronts, risks -------------------------------------------------------------------------------- */

/* The courses that dominate one, by the strongest relation that holds of each. */
static int put_dominators(pl_text *out, const pl_weighing *w, const pl_weighed *a, int course) {
    int courses = a->outcomes.options, found = 0;
    char text[160];
    for (int other = 0; other < courses; other++) {
        const pl_pair *pair = &a->pairs[other * courses + course];
        if (other == course || pair->holds == PL_DOMINANCE_COUNT) continue;
        if (!found++) {
            pl_text_put(out, "      ");
            pl_text_cut(out, course_title(w, a, course), 2 * NAME_WIDTH);
            pl_text_put(out, " is dominated by\n");
        }
        pl_text_put(out, "         ");
        pl_text_cut_left(out, course_title(w, a, other), NAME_WIDTH);
        pl_text_format(out, "  %-12s ", pl_dominance_names[pair->holds]);
        put_percent(out, pair->share[pair->holds]);
        pl_text_format(out, "; better in %s %% of futures\n", interval_text(pair->better, 100, 0, text));
    }
    return found;
}

static void put_dominance(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    int found = 0;
    pl_text_put(out, "\n   Dominance over the futures, and in what share of resamples it, or a stronger one, holds\n");
    for (int k = 0; k < a->outcomes.options; k++) found += put_dominators(out, w, a, k);
    if (!found) pl_text_put(out, "      none\n");
}

static void put_front(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    pl_text_format(out, "\n   Pareto front of the courses in the means of %d measure%s: %ld of %d are on it\n",
                   a->front.goals,
                   pl_plural(a->front.goals), a->front.count, a->outcomes.options);
    for (int k = 0; k < a->outcomes.options; k++) {
        if (a->front.on[k] && !(a->front.share[k] < 1)) continue; /* for certain */
        pl_text_put(out, "      ");
        pl_text_cut_left(out, course_title(w, a, k), NAME_WIDTH);
        pl_text_put(out, a->front.on[k] ? "  on it; in " : "  off it; on it in ");
        put_percent(out, a->front.share[k]);
        pl_text_put(out, " of resamples\n");
    }
    pl_text_format(out, "   Of all %ld profiles %ld are on the front of these measures\n", a->profiles.options,
                   a->profiles.count);
}

static void put_extreme_risk(pl_text *out, const pl_weighing *w, const pl_weighed *a, int risk, int course) {
    char text[160];
    pl_text_format(out, "  %-16s  ", interval_text(a->risks[risk * a->outcomes.options + course], 100, 0, text));
    pl_text_cut_left(out, course_title(w, a, course), NAME_WIDTH - 16);
}

/* The rarest and the most frequent; equal ones: the first. */
static void put_course_risks(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    const pl_situation *s = w->ensemble->situation;
    int courses = a->outcomes.options, never = 0;
    if (!s->risk_count) return;
    pl_text_put(out, "\n   Risks: in what share of futures, % (95 % interval), at the course with the least and at that "
                     "with the most\n");
    for (int r = 0; r < s->risk_count; r++) {
        int low = 0, high = 0;
        for (int k = 1; k < courses; k++) {
            if (a->risks[r * courses + k].estimate < a->risks[r * courses + low].estimate) low = k;
            if (a->risks[r * courses + k].estimate > a->risks[r * courses + high].estimate) high = k;
        }
        never += a->risks[r * courses + high].estimate == 0;
        if (a->risks[r * courses + high].estimate == 0) continue;
        pl_text_put(out, "      ");
        pl_text_cut_left(out, s->risks[r].name, NAME_WIDTH - 14);
        put_extreme_risk(out, w, a, r, low);
        put_extreme_risk(out, w, a, r, high);
        while (out->data && out->length && out->data[out->length - 1] == ' ') out->length--;
        pl_text_put(out, "\n");
    }
    if (never) pl_text_format(out, "      %d more happen%s in no future at any course\n", never, never == 1 ? "s" : "");
}

/* ---- profiles ------------------------------------------------------------------------------------------------- */

static void put_profiles(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    pl_text_put(out, "\n   Profiles; regret is against the actor's other courses, the others as they are\n");
    static const int shown[] = {PL_CRITERION_EXPECTED, PL_CRITERION_MAXIMIN, PL_CRITERION_MAXIMAX, PL_CRITERION_REGRET,
                                PL_CRITERION_REGRET_90, PL_CRITERION_SATISFICING};
    put_criteria(out, w, &a->row_scores, &a->row_outcomes, name_row, a, "profile", shown, sizeof shown / sizeof *shown,
                 false);
}

static void put_actor(pl_text *out, const pl_weighing *w, const pl_weighed *a) {
    pl_text_format(out, "\n%s\n", pl_actor_title(actor_of(w, a), PL_EN));
    put_against(out, w, a);
    pl_text_put(out, "\n");
    put_courses(out, w, a);
    put_alphas(out, w, a);
    put_treatments(out, w, a);
    put_weights(out, w, a);
    put_dominance(out, w, a);
    put_front(out, w, a);
    put_course_risks(out, w, a);
    put_profiles(out, w, a);
}

/* ---- who gains and who loses ------------------------------------------------------------------------------------ */

static void put_gain(pl_text *out, const pl_weighing *w, const pl_weighed *a, int row, int decimals) {
    char text[160], number[PL_ROUNDED_ROOM], other[PL_ROUNDED_ROOM];
    const pl_gain *g = &a->gains[row];
    pl_text_put(out, "      ");
    pl_text_cut_left(out, pl_actor_title(actor_of(w, a), PL_EN), 20);
    pl_text_format(out, "  %-28s  ", interval_text(g->difference.median, 1, decimals, text));
    snprintf(text, sizeof text, "%s to %s", pl_rounded(g->difference.low, decimals, number),
             pl_rounded(g->difference.high, decimals, other));
    pl_text_format(out, "%-20s  ", text);
    pl_text_format(out, "%-20s", interval_text(g->wins, 100, 0, text));
    pl_text_format(out, "  %s\n", interval_text(g->loses, 100, 0, text));
}

static void put_gains(pl_text *out, const pl_weighing *w) {
    char name[PL_NAME_ROOM];
    pl_text_put(out, "\nWho gains and who loses against the base, in the same futures: the payoff's median difference, its\n"
                     "5-95 % range, and the share of futures with more and with less, in %, with 95 % intervals\n");
    pl_text_format(out, "      %-20s  %-28s  %-20s  %-20s  %s\n", "", "median difference", "5-95 % of futures",
                   "gains", "loses");
    for (int row = 0; row < w->comparison->rows; row++) {
        if (row == w->comparison->base_row) continue;
        pl_text_format(out, "   %s\n", pl_comparison_row_name(w->comparison, row, PL_EN, name));
        for (int i = 0; i < w->actor_count; i++) {
            const pl_weighed *a = &w->actors[i];
            double largest = 0;
            for (int k = 0; k < w->comparison->rows; k++)
                largest = fmax(largest, fabs(a->gains[k].difference.median.estimate));
            put_gain(out, w, a, row, decimals_of(largest));
        }
    }
}

/* ---- who bears what ---------------------------------------------------------------------------------------------- */

enum { NEARLY_ALL = 90 }; /* % of the futures */

/* The measures by which groups are worse (or better) off in nearly all futures. */
static void put_burdens_of(pl_text *out, const pl_weighing *w, int row, bool worse) {
    const pl_situation *s = w->ensemble->situation;
    int group = -1;
    for (int i = 0; i < w->burdens.count; i++) {
        const pl_burden *b = &w->burdens.items[i];
        const pl_interval *share = worse ? &b->worse[row] : &b->better[row];
        if (!(100 * share->estimate >= NEARLY_ALL)) continue;
        if (group < 0) pl_text_format(out, "      %s: ", worse ? "worse" : "better");
        if (b->group != group) {
            const char *title = s->groups[b->group].title.in[PL_EN];
            pl_text_format(out, "%s%s: ", group < 0 ? "" : "; ", *title ? title : s->groups[b->group].name);
        } else {
            pl_text_put(out, ", ");
        }
        group = b->group;
        pl_text_put(out, s->measures[b->measure].name);
    }
    if (group >= 0) pl_text_put(out, "\n");
}

static void put_burdens(pl_text *out, const pl_weighing *w) {
    char name[PL_NAME_ROOM];
    if (!w->burdens.count) return;
    pl_text_format(out, "\nWho bears what against the base, in at least %d %% of the futures\n", NEARLY_ALL);
    for (int row = 0; row < w->comparison->rows; row++) {
        if (row == w->comparison->base_row) continue;
        pl_text_format(out, "   %s\n", pl_comparison_row_name(w->comparison, row, PL_EN, name));
        put_burdens_of(out, w, row, true);
        put_burdens_of(out, w, row, false);
    }
}

/* ---- the whole ----------------------------------------------------------------------------------------------- */

/* Where a larger spread makes a ratio of a mean better, which nobody means. */
static bool rewards_spread(const pl_weighing *w) {
    for (int i = 0; i < w->actor_count; i++)
        for (int k = 0; k < w->actors[i].outcomes.options; k++)
            if (pl_score_of(&w->actors[i].scores, &w->actors[i].outcomes, PL_CRITERION_EXPECTED, k)->value.estimate < 0)
                return true;
    return false;
}

static void put_footnote(pl_text *out, const pl_weighing *w) {
    pl_text_put(out, "\nRegret: what the actor's best course in a future would have given more. Good enough: ");
    pl_text_format(out, "%s.\n", w->where ? w->where : "a payoff no lower than under the base");
    pl_text_format(out,
                   "The best and the worst of %ld future%s have no interval; with 95 %% confidence at most %.2g %% of\n"
                   "all futures are worse than the worst of these.",
                   w->play->futures, pl_plural(w->play->futures), 100 * pl_extreme_share(w->play->futures));
    if (rewards_spread(w))
        pl_text_put(out, "\nWhere a mean is below 0, a larger spread makes its ratio to the spread better: do not rank such\n"
                         "courses by it.");
    if (w->replicates) pl_text_format(out, " First: of %d resamples of the futures.\n", w->replicates);
    else pl_text_put(out, " One future says nothing of how sure this is.\n");
    const pl_weighed *first = &w->actors[0];
    if (w->replicates && isnan(pl_score_of(&first->scores, &first->outcomes, PL_CRITERION_EXPECTED, 0)->value.low))
        pl_text_put(out, "Intervals need ten futures of this design or more: it has no independent draws.\n");
}

static pl_status print_text(const pl_weighing *w, char **text, size_t *length) {
    pl_text out = {0};
    char futures[PL_ROUNDED_ROOM];
    if (*w->ensemble->situation->title.in[PL_EN]) pl_text_format(&out, "%s\n", w->ensemble->situation->title.in[PL_EN]);
    pl_text_format(&out, "%ld profile%s over %s future%s; Hurwicz's alpha %g\n", w->ensemble->profiles,
                   pl_plural(w->ensemble->profiles), pl_rounded((double)w->play->futures, 0, futures),
                   pl_plural(w->play->futures), w->alpha);
    long missing = w->ensemble->futures - w->play->futures;
    if (missing) pl_text_format(&out, "(%ld future%s left out: a profile has no payoff there)\n", missing,
                                missing == 1 ? " is" : "s are");
    for (int i = 0; i < w->actor_count; i++) put_actor(&out, w, &w->actors[i]);
    put_gains(&out, w);
    put_burdens(&out, w);
    put_footnote(&out, w);
    return pl_text_finish(&out, text, length);
}

pl_status pl_weighing_print(const pl_weighing *weighing, pl_format format, char **text, size_t *length) {
    switch (format) {
    case PL_FORMAT_TEXT: return print_text(weighing, text, length);
    case PL_FORMAT_CSV: return pl_weighing_csv(weighing, text, length);
    case PL_FORMAT_JSON: return pl_weighing_json(weighing, text, length);
    }
    return PL_UNSUPPORTED;
}
