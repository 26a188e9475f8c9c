/* What `parley discover` found, as JSON: docs/discover.md says what each key holds. */
#include "report/boxes.h"
#include "report/discover.h"
#include "report/json.h"

static json_t *range_of(pl_interval i) { return json_pack("[o,o]", pl_json_number(i.low), pl_json_number(i.high)); }

/* [low, high], or the categories that are in. */
static json_t *limit_of(const pl_discovery *d, const pl_prim_box *box, int factor) {
    const pl_factor *f = &d->cases.factors[factor];
    if (f->kind != PL_FACTOR_CATEGORY)
        return json_pack("[o,o]", pl_json_number(box->low[factor]), pl_json_number(box->high[factor]));
    json_t *list = json_array();
    for (int c = 0; c < f->category_count; c++)
        if (box->holds[f->first + c]) pl_json_append(&list, pl_json_text(f->categories[c]));
    return list;
}

static json_t *limits_of(const pl_discovery *d, const pl_prim_box *box, bool all) {
    json_t *limits = json_object();
    for (int f = 0; f < d->cases.factor_count; f++)
        if (all || pl_prim_restricts(&d->prim, box, f))
            pl_json_set(&limits, d->cases.factors[f].name, limit_of(d, box, f));
    return limits;
}

static json_t *quasi_p_of(const pl_discovery *d, const pl_prim_box *box, const double *quasi_p) {
    json_t *object = json_object();
    for (int f = 0; f < d->cases.factor_count; f++)
        if (pl_prim_restricts(&d->prim, box, f))
            pl_json_set(&object, d->cases.factors[f].name,
                        json_pack("[o,o]", pl_json_number(quasi_p[2 * f]), pl_json_number(quasi_p[2 * f + 1])));
    return object;
}

static json_t *words_of(const pl_discovery *d, const pl_prim_box *box, pl_interval coverage, pl_interval density) {
    static const char *const codes[PL_LANGUAGES] = {"en", "es"};
    json_t *words = json_object();
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text text = {0};
        pl_prim_words(&text, d, box, coverage.estimate, density.estimate, (pl_language)language);
        pl_json_set(&words, codes[language], text.failed ? NULL : pl_json_text(text.data));
        pl_release(text.data);
    }
    return words;
}

static json_t *box_object(const pl_discovery *d, const pl_found *found, int number) {
    const pl_prim_box *box = &found->trajectory.boxes[number];
    json_t *o = json_object();
    pl_json_set(&o, "id", json_integer(number));
    pl_json_set(&o, "phase", json_string(number < found->trajectory.peeled ? "peel" : "paste"));
    pl_json_set(&o, "coverage", pl_json_number(found->coverage[number].estimate));
    pl_json_set(&o, "density", pl_json_number(found->density[number].estimate));
    pl_json_set(&o, "mass", pl_json_number((double)box->count / (double)d->cases.count));
    pl_json_set(&o, "mean", pl_json_number(found->density[number].estimate));
    pl_json_set(&o, "res_dim", json_integer(box->restricted));
    pl_json_set(&o, "n", json_integer(box->count));
    pl_json_set(&o, "k", json_integer(box->hits));
    pl_json_set(&o, "coverage_interval", range_of(found->coverage[number]));
    pl_json_set(&o, "density_interval", range_of(found->density[number]));
    pl_json_set(&o, "quasi_p", quasi_p_of(d, box, found->quasi_p[number]));
    pl_json_set(&o, "limits", limits_of(d, box, true));
    return o;
}

static json_t *trajectory_of(const pl_discovery *d, const pl_found *found) {
    json_t *list = json_array();
    for (int b = 0; b < found->trajectory.count; b++) pl_json_append(&list, box_object(d, found, b));
    return list;
}

static json_t *reproduced_of(const pl_discovery *d, const pl_found *found) {
    json_t *object = json_object();
    for (int f = 0; f < d->cases.factor_count; f++) {
        const pl_reproduced *r = &found->reproduced[f];
        if (r->coverage > 0 || r->density > 0 || pl_prim_restricts(&d->prim, &found->trajectory.boxes[found->chosen], f))
            pl_json_set(&object, d->cases.factors[f].name,
                        json_pack("[o,o]", pl_json_number(r->coverage), pl_json_number(r->density)));
    }
    return object;
}

static json_t *kept_of(const pl_discovery *d, const pl_found *found) {
    json_t *o = json_object();
    pl_json_set(&o, "coverage", pl_json_interval(found->kept_coverage));
    pl_json_set(&o, "density", pl_json_interval(found->kept_density));
    pl_json_set(&o, "mass", pl_json_number((double)found->kept.count / (double)d->cases.count));
    pl_json_set(&o, "limits", limits_of(d, &found->kept, false));
    pl_json_set(&o, "words", words_of(d, &found->kept, found->kept_coverage, found->kept_density));
    return o;
}

static json_t *chosen_of(const pl_discovery *d, const pl_found *found, bool first) {
    const pl_prim_box *box = &found->trajectory.boxes[found->chosen];
    json_t *o = json_object();
    pl_json_set(&o, "chosen", json_integer(found->chosen));
    pl_json_set(&o, "rule", json_string(found->rule));
    pl_json_set(&o, "meets_threshold", json_boolean(found->meets));
    pl_json_set(&o, "coverage", pl_json_interval(found->coverage[found->chosen]));
    pl_json_set(&o, "density", pl_json_interval(found->density[found->chosen]));
    pl_json_set(&o, "mass", pl_json_number((double)box->count / (double)d->cases.count));
    pl_json_set(&o, "limits", limits_of(d, box, false));
    pl_json_set(&o, "quasi_p", quasi_p_of(d, box, found->quasi_p[found->chosen]));
    if (found->reproduced) {
        pl_json_set(&o, "reproduced", reproduced_of(d, found));
        pl_json_set(&o, "other_half", json_pack("{s:o,s:o,s:[o,o],s:b}", "coverage", pl_json_interval(found->outside[PL_COVERAGE]),
                                                "density", pl_json_interval(found->outside[PL_DENSITY]), "held",
                                                pl_json_number(found->held[PL_COVERAGE]),
                                                pl_json_number(found->held[PL_DENSITY]), "doubtful", found->doubtful));
    }
    pl_json_set(&o, "words", words_of(d, box, found->coverage[found->chosen], found->density[found->chosen]));
    pl_json_set(&o, "kept", kept_of(d, found));
    if (!first) pl_json_set(&o, "trajectory", trajectory_of(d, found));
    return o;
}

static json_t *inputs_of(const pl_discovery *d) {
    json_t *list = json_array();
    for (int f = 0; f < d->cases.factor_count; f++) {
        json_t *o = json_object();
        pl_json_set(&o, "name", pl_json_text(d->cases.factors[f].name));
        pl_json_set(&o, "kind", json_string(pl_factor_kind_names[d->cases.factors[f].kind]));
        pl_json_set(&o, "range", limit_of(d, &d->prim.initial, f));
        pl_json_append(&list, o);
    }
    return list;
}

static json_t *left_out_of(const pl_discovery *d) {
    json_t *list = json_array();
    for (int i = 0; i < d->cases.left_out_count; i++)
        pl_json_append(&list, json_pack("{s:o,s:s}", "name", pl_json_text(d->cases.left_out[i].name), "why",
                                        d->cases.left_out[i].why));
    return list;
}

static json_t *settings_of(const pl_discovery *d) {
    return json_pack("{s:s,s:o,s:o,s:o,s:o,s:i}", "objective", pl_objective_names[d->settings.objective], "peel_alpha",
                     pl_json_number(d->settings.peel_alpha), "paste_alpha", pl_json_number(d->settings.paste_alpha),
                     "mass_min", pl_json_number(d->settings.mass_min), "threshold", pl_json_number(d->threshold),
                     "resamples", d->resamples);
}

static json_t *cart_of(const pl_discovery *d) {
    json_t *o = json_object(), *leaves = json_array();
    for (int l = 0; l < d->cart.count; l++) {
        const pl_prim_box *box = &d->cart.leaves[l];
        json_t *leaf = json_object();
        pl_json_set(&leaf, "coverage", pl_json_interval(d->cart_coverage[l]));
        pl_json_set(&leaf, "density", pl_json_interval(d->cart_density[l]));
        pl_json_set(&leaf, "mass", pl_json_number((double)box->count / (double)d->cases.count));
        pl_json_set(&leaf, "res_dim", json_integer(box->restricted));
        pl_json_set(&leaf, "n", json_integer(box->count));
        pl_json_set(&leaf, "k", json_integer(box->hits));
        pl_json_set(&leaf, "limits", limits_of(d, box, false));
        pl_json_append(&leaves, leaf);
    }
    pl_json_set(&o, "leaves", leaves);
    pl_json_set(&o, "coverage", pl_json_interval(d->cart_both[PL_COVERAGE]));
    pl_json_set(&o, "density", pl_json_interval(d->cart_both[PL_DENSITY]));
    pl_json_set(&o, "agreement", pl_json_number(d->agreement));
    return o;
}

json_t *pl_discovery_json(const pl_discovery *d) {
    json_t *o = json_object(), *boxes = json_array();
    pl_json_set(&o, "where", pl_json_text(d->cases.where));
    if (d->cases.risk) pl_json_set(&o, "risk", pl_json_text(d->cases.risk->name));
    if (d->cases.profile) pl_json_set(&o, "profile", pl_json_text(d->cases.profile));
    pl_json_set(&o, "cases", json_integer(d->cases.count));
    pl_json_set(&o, "of_interest", json_integer(d->cases.hits));
    pl_json_set(&o, "share", pl_json_interval(d->share));
    pl_json_set(&o, "missing", json_integer(d->cases.missing));
    pl_json_set(&o, "settings", settings_of(d));
    pl_json_set(&o, "inputs", inputs_of(d));
    pl_json_set(&o, "left_out", left_out_of(d));
    for (int b = 0; b < d->count; b++) pl_json_append(&boxes, chosen_of(d, &d->found[b], b == 0));
    pl_json_set(&o, "boxes", boxes);
    pl_json_set(&o, "trajectory", trajectory_of(d, &d->found[0]));
    pl_json_set(&o, "cart", cart_of(d));
    return o;
}
