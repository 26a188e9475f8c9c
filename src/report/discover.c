/* What `parley discover` found, to read at 100 columns. */
#include "report/discover.h"

#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "report/boxes.h"
#include "report/json.h"
#include "report/measures.h"

enum { WIDEST_NAME = 38, CELL = 64 };

static void put_share(pl_text *out, pl_interval i) {
    if (isnan(i.low)) pl_text_format(out, "%.1f %%", 100 * i.estimate);
    else pl_text_format(out, "%.1f %% (%.1f to %.1f)", 100 * i.estimate, 100 * i.low, 100 * i.high);
}

/* A name cut to the column. */
static void put_name(pl_text *out, const char *name, int room) {
    int width = pl_text_width(name), shown = 0;
    for (const char *s = name; *s; s++) {
        bool starts = ((unsigned char)*s & 0xC0) != 0x80;
        if (starts && width > room && shown == room - 3) break;
        shown += starts;
        pl_text_put_bytes(out, s, 1);
    }
    if (width > room) pl_text_put(out, "...");
    pl_text_repeat(out, ' ', room - width);
}

static void put_head(pl_text *out, const pl_discovery *d) {
    const pl_cases *c = &d->cases;
    pl_text_format(out, "Where %s", c->where);
    if (c->profile) pl_text_format(out, ", under the profile '%s'", c->profile);
    pl_text_format(out, ":\n%ld of %ld cases are of interest: ", c->hits, c->count);
    put_share(out, d->share);
    if (c->missing) pl_text_format(out, "; %ld more lack a value and are left out", c->missing);
    pl_text_format(out, ".\n%d input%s; PRIM by the objective %s, peels of %g, pastes of %g, boxes of at least %g of the cases.\n",
                   c->factor_count, pl_plural(c->factor_count), pl_objective_names[d->settings.objective],
                   d->settings.peel_alpha, d->settings.paste_alpha, d->settings.mass_min);
    for (int i = 0; i < c->left_out_count; i++)
        pl_text_format(out, "Left out: %s (%s).\n", c->left_out[i].name, c->left_out[i].why);
}

/* ---- the trajectory --------------------------------------------------------------------------------------- */

/* The factor whose limits a step moved, or "". */
static const char *moved(const pl_discovery *d, const pl_found *f, int number) {
    for (int i = 0; number > 0 && i < d->cases.factor_count; i++) {
        const pl_prim_box *a = &f->trajectory.boxes[number - 1], *b = &f->trajectory.boxes[number];
        const pl_factor *factor = &d->cases.factors[i];
        bool same = a->low[i] == b->low[i] && a->high[i] == b->high[i];
        for (int c = 0; factor->kind == PL_FACTOR_CATEGORY && c < factor->category_count; c++)
            same = same && a->holds[factor->first + c] == b->holds[factor->first + c];
        if (!same) return factor->name;
    }
    return "";
}

static void put_trajectory(pl_text *out, const pl_discovery *d, const pl_found *f) {
    pl_text_put(out, "\n    box  coverage                density                    mass  inputs  step\n");
    for (int b = 0; b < f->trajectory.count; b++) {
        const pl_prim_box *box = &f->trajectory.boxes[b];
        pl_text cell[2] = {{0}, {0}};
        put_share(&cell[0], f->coverage[b]);
        put_share(&cell[1], f->density[b]);
        pl_text_format(out, "  %s %3d  ", b == f->chosen ? "*" : " ", b);
        for (int i = 0; i < 2; i++) {
            pl_text_left(out, cell[i].data ? cell[i].data : "", 24);
            out->failed |= cell[i].failed;
            pl_release(cell[i].data);
        }
        pl_text_format(out, "%6.1f %%  %6d  %s", 100 * (double)box->count / (double)d->cases.count, box->restricted,
                       b >= f->trajectory.peeled ? "paste " : "");
        put_name(out, moved(d, f, b), 30);
        pl_text_put(out, "\n");
    }
}

/* ---- the chosen box --------------------------------------------------------------------------------------- */

static void put_limit(pl_text *out, const pl_discovery *d, const pl_found *f, int factor) {
    const pl_prim_box *box = &f->trajectory.boxes[f->chosen];
    const pl_factor *what = &d->cases.factors[factor];
    const double *p = &f->quasi_p[f->chosen][2 * factor];
    char low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
    int decimals = pl_rounding(fmax(fabs(what->low), fabs(what->high)), 4);
    pl_text_put(out, "    ");
    put_name(out, what->name, WIDEST_NAME);
    bool limits_low = what->kind != PL_FACTOR_CATEGORY && !isnan(p[0]);
    pl_text_right(out, limits_low ? pl_rounded(box->low[factor], decimals, low) : "-", 12);
    pl_text_right(out, !isnan(p[1]) ? pl_rounded(box->high[factor], decimals, high) : "-", 12);
    pl_text_format(out, "  %8.2g", isnan(p[0]) ? p[1] : isnan(p[1]) ? p[0] : fmax(p[0], p[1]));
    if (f->reproduced)
        pl_text_format(out, "  %8.0f %%  %6.0f %%", 100 * f->reproduced[factor].coverage, 100 * f->reproduced[factor].density);
    pl_text_put(out, "\n");
    if (what->kind != PL_FACTOR_CATEGORY) return;
    pl_text_put(out, "      ");
    pl_prim_limit_words(out, d, box, factor, PL_EN);
    pl_text_put(out, "\n");
}

static void put_rule(pl_text *out, const pl_found *f) {
    static const char *const texts[][2] = {
        {"balanced", "the smaller one of coverage and density is the largest"},
        {"last", "the last one"},
        {"given", "as asked for"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i][0][0] == f->rule[0]) pl_text_put(out, texts[i][1]);
}

static void put_words(pl_text *out, const pl_discovery *d, const pl_prim_box *box, pl_interval coverage, pl_interval density) {
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text_put(out, "  ");
        pl_prim_words(out, d, box, coverage.estimate, density.estimate, (pl_language)language);
        pl_text_put(out, "\n");
    }
}

static void put_kept(pl_text *out, const pl_discovery *d, const pl_found *f) {
    const pl_prim_box *box = &f->trajectory.boxes[f->chosen];
    if (f->kept.restricted == box->restricted) return;
    pl_text_format(out, "\nOf %d limited input%s %d stand%s up (quasi-p at most 0.05%s)", box->restricted,
                   pl_plural(box->restricted), f->kept.restricted, f->kept.restricted == 1 ? "s" : "",
                   f->reproduced ? ", again in half of the halves by density" : "");
    if (f->kept.restricted == 0) {
        pl_text_put(out, ".\n");
        return;
    }
    pl_text_put(out, "; with only those: coverage ");
    put_share(out, f->kept_coverage);
    pl_text_put(out, ", density ");
    put_share(out, f->kept_density);
    pl_text_put(out, "\n");
    put_words(out, d, &f->kept, f->kept_coverage, f->kept_density);
}

static void put_chosen(pl_text *out, const pl_discovery *d, const pl_found *f) {
    const pl_prim_box *box = &f->trajectory.boxes[f->chosen];
    int *list = pl_allocate(((size_t)d->cases.factor_count + 1) * sizeof *list);
    int count = list ? pl_prim_limited(d, box, list) : 0;
    if (!list) out->failed = true;
    pl_text_format(out, "\nBox %d (", f->chosen);
    put_rule(out, f);
    pl_text_put(out, "): coverage ");
    put_share(out, f->coverage[f->chosen]);
    pl_text_put(out, ", density ");
    put_share(out, f->density[f->chosen]);
    pl_text_put(out, "\n");
    if (count) {
        pl_text_put(out, "    ");
        pl_text_left(out, "input", WIDEST_NAME);
        pl_text_format(out, "%12s%12s   quasi-p%s\n", "low", "high",
                       f->reproduced ? "  again by coverage, density" : "");
    }
    for (int i = 0; i < count; i++) put_limit(out, d, f, list[i]);
    pl_release(list);
    if (f->reproduced && !isnan(f->outside[PL_DENSITY].estimate))
        pl_text_format(out, "  Boxes of random halves, in the other half: coverage %.0f %% (%.0f to %.0f), density %.0f %% (%.0f to "
                       "%.0f), mean and range.\n",
                       100 * f->outside[PL_COVERAGE].estimate, 100 * f->outside[PL_COVERAGE].low,
                       100 * f->outside[PL_COVERAGE].high, 100 * f->outside[PL_DENSITY].estimate,
                       100 * f->outside[PL_DENSITY].low, 100 * f->outside[PL_DENSITY].high);
    if (f->doubtful && isnan(f->outside[PL_DENSITY].estimate))
        pl_text_put(out, "  Doubtful: boxes of random halves hold no case of the other half.\n");
    else if (f->doubtful)
        pl_text_put(out, "  Doubtful: less than half of this box's coverage, or of what its density is above the share of\n"
                         "  interest, is left there: it may fit these cases rather than the condition.\n");
    put_words(out, d, box, f->coverage[f->chosen], f->density[f->chosen]);
    put_kept(out, d, f);
}

/* ---- the tree --------------------------------------------------------------------------------------------- */

static void put_leaf(pl_text *out, const pl_discovery *d, int leaf) {
    const pl_prim_box *box = &d->cart.leaves[leaf];
    int *list = pl_allocate(((size_t)d->cases.factor_count + 1) * sizeof *list);
    int count = list ? pl_prim_limited(d, box, list) : 0;
    if (!list) out->failed = true;
    pl_text_put(out, "    coverage ");
    put_share(out, d->cart_coverage[leaf]);
    pl_text_put(out, ", density ");
    put_share(out, d->cart_density[leaf]);
    pl_text_put(out, ":\n      ");
    for (int i = 0; i < count; i++) {
        if (i) pl_text_put(out, ", ");
        pl_prim_limit_words(out, d, box, list[i], PL_EN);
    }
    pl_text_put(out, "\n");
    pl_release(list);
}

static void put_tree(pl_text *out, const pl_discovery *d) {
    int most = 0;
    bool single = d->cart.count == 1;
    for (int l = 0; l < d->cart.count; l++) most += 2 * d->cart.leaves[l].hits > d->cart.leaves[l].count;
    pl_text_format(out, "\nA classification tree of %d %s: ", d->cart.count, single ? "leaf" : "leaves");
    if (!most) {
        pl_text_format(out, "%s more than half of the cases are of interest.\n", single ? "in it no" : "in none of them");
        return;
    }
    const char *together = most > 1 ? "together " : "";
    if (single) pl_text_put(out, "in it most cases are of interest; coverage ");
    else pl_text_format(out, "in %d of them most cases are of interest; %scoverage ", most, together);
    put_share(out, d->cart_both[PL_COVERAGE]);
    pl_text_put(out, ", density ");
    put_share(out, d->cart_both[PL_DENSITY]);
    pl_text_format(out, ".\n  Of the cases in these or in the first box, %.0f %% are in both.\n", 100 * d->agreement);
    for (int l = 0; l < d->cart.count; l++)
        if (2 * d->cart.leaves[l].hits > d->cart.leaves[l].count) put_leaf(out, d, l);
}

/* ---- all -------------------------------------------------------------------------------------------------- */

static void put_all(pl_text *out, const pl_discovery *d) {
    put_head(out, d);
    for (int b = 0; b < d->count; b++) {
        if (b) pl_text_format(out, "\nSearch %d, among the cases that are left:\n", b + 1);
        put_trajectory(out, d, &d->found[b]);
        if (!d->found[b].meets) pl_text_put(out, "\nThe last box stays below the threshold: no further search.\n");
        put_chosen(out, d, &d->found[b]);
    }
    if (d->exhausted) pl_text_put(out, "\nNo case of interest is left for a further box.\n");
    put_tree(out, d);
    pl_text_put(out, "\nIntervals are of 95 %");
    pl_text_put(out, d->cases.cluster ? " (between futures)" : "");
    pl_text_put(out, " and take each box as given; random halves show how far the search itself\ndepends on the sample. A mass is "
                     "counted, not estimated. Quasi-p: how likely as many cases of interest\nwould be were the limit of no use; "
                     "each is looked at alone, and of two the larger one is shown.\n");
}

pl_status pl_discovery_print(const pl_discovery *discovery, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) return pl_json_finish(pl_discovery_json(discovery), text, length);
    if (format == PL_FORMAT_CSV) return PL_UNSUPPORTED;
    pl_text out = {0};
    put_all(&out, discovery);
    return pl_text_finish(&out, text, length);
}
