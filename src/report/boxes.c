/* See boxes.h. */
#include "report/boxes.h"

#include <math.h>

#include "base/arena.h"
#include "report/html.h"
#include "report/measures.h"

enum { LIMIT_DIGITS = 3 };

/* The catalogue's text with up to three values. */
static void put(pl_text *out, pl_language language, pl_word word, const char *a, const char *b, const char *c) {
    pl_word_in(out, language, word, (const char *const[PL_WORD_VALUES]){a, b, c});
}

static const char *text_of(const pl_text *text) { return text->data ? text->data : ""; }

static const char *title_of(const pl_discovery *d, const pl_factor *f, pl_language language) {
    (void)d;
    if (f->actor) return pl_actor_title(f->actor, language);
    if (f->uncertainty && *f->uncertainty->title.in[language]) return f->uncertainty->title.in[language];
    return f->name;
}

static const char *category_title(const pl_factor *f, int category, pl_language language) {
    if (f->actor) return pl_course_title(&f->actor->courses[f->courses[category]], language);
    return f->categories[category];
}

/* ---- one limit -------------------------------------------------------------------------------------------- */

/* The share of the factor's range that lies below a value. */
static double below(const pl_factor *f, double value) {
    return f->high > f->low ? (value - f->low) / (f->high - f->low) : 0;
}

static pl_word word_of(const pl_factor *f, double low, double high) {
    const double third = 1.0 / 3;
    double from = below(f, low), to = below(f, high);
    if (to >= 1) return from >= 2 * third ? PL_WORD_BOX_HIGH : from >= third ? PL_WORD_BOX_NOT_LOW : PL_WORD_BOX_NOT_LOWEST;
    if (from <= 0) return to <= third ? PL_WORD_BOX_LOW : to <= 2 * third ? PL_WORD_BOX_NOT_HIGH : PL_WORD_BOX_NOT_HIGHEST;
    if (from >= 2 * third) return PL_WORD_BOX_HIGH_BETWEEN;
    if (to <= third) return PL_WORD_BOX_LOW_BETWEEN;
    return from >= third && to <= 2 * third ? PL_WORD_BOX_MIDDLE : PL_WORD_BOX_BETWEEN;
}

static void put_number(pl_text *out, const pl_factor *f, const pl_prim_box *box, int factor, const char *title,
                       pl_language language) {
    char low[PL_ROUNDED_ROOM], high[PL_ROUNDED_ROOM];
    int decimals = pl_rounding(fmax(fabs(f->low), fabs(f->high)), LIMIT_DIGITS);
    pl_word word = word_of(f, box->low[factor], box->high[factor]);
    pl_rounded(box->low[factor], decimals, low);
    pl_rounded(box->high[factor], decimals, high);
    bool only_high = word == PL_WORD_BOX_LOW || word == PL_WORD_BOX_NOT_HIGH || word == PL_WORD_BOX_NOT_HIGHEST;
    put(out, language, word, title, only_high ? high : low, high);
}

static void put_categories(pl_text *out, const pl_discovery *d, const pl_factor *f, const pl_prim_box *box, const char *title,
                           pl_language language) {
    const unsigned char *holds = box->holds + f->first, *all = d->prim.initial.holds + f->first;
    int in = 0, of = 0, put_already = 0;
    for (int c = 0; c < f->category_count; c++) in += holds[c], of += all[c];
    bool without = 2 * in > of;
    pl_text list = {0};
    for (int c = 0; c < f->category_count; c++) {
        if (!all[c] || holds[c] == without) continue;
        if (put_already++) pl_text_put(&list, pl_word_text(PL_WORD_BOX_OR, language));
        put(&list, language, PL_WORD_BOX_QUOTED, category_title(f, c, language), NULL, NULL);
    }
    pl_word word = f->actor ? (without ? PL_WORD_BOX_CHOOSES_NOT : PL_WORD_BOX_CHOOSES)
                            : (without ? PL_WORD_BOX_IS_NOT : PL_WORD_BOX_IS);
    put(out, language, word, title, text_of(&list), NULL);
    pl_release(list.data);
}

void pl_prim_limit_words(pl_text *out, const pl_discovery *d, const pl_prim_box *box, int factor, pl_language language) {
    const pl_factor *f = &d->cases.factors[factor];
    pl_text title = {0};
    put(&title, language, PL_WORD_BOX_QUOTED, title_of(d, f, language), NULL, NULL);
    if (f->kind == PL_FACTOR_CATEGORY) put_categories(out, d, f, box, text_of(&title), language);
    else put_number(out, f, box, factor, text_of(&title), language);
    pl_release(title.data);
}

/* ---- the box ---------------------------------------------------------------------------------------------- */

/* What is left of a factor's range or categories; courses come before all others. */
static double width(const pl_discovery *d, const pl_prim_box *box, int factor) {
    const pl_factor *f = &d->cases.factors[factor];
    int in = 0;
    if (f->kind != PL_FACTOR_CATEGORY) return below(f, box->high[factor]) - below(f, box->low[factor]);
    for (int c = 0; c < f->category_count; c++) in += box->holds[f->first + c];
    return (double)in / f->category_count - (f->actor ? 2 : 0);
}

int pl_prim_limited(const pl_discovery *d, const pl_prim_box *box, int *list) {
    int count = 0;
    for (int f = 0; f < d->cases.factor_count; f++) {
        if (!pl_prim_restricts(&d->prim, box, f)) continue;
        int place = count++;
        for (; place > 0 && width(d, box, list[place - 1]) > width(d, box, f); place--) list[place] = list[place - 1];
        list[place] = f;
    }
    return count;
}

void pl_prim_percent(pl_text *out, double share) {
    char number[PL_ROUNDED_ROOM];
    bool fine = share > 0 && share < 1 && (share < 0.01 || share > 0.99);
    pl_rounded(100 * share, fine ? 1 : 0, number);
    put(out, PL_EN, PL_WORD_BOX_PERCENT, number, NULL, NULL);
}

static void put_subject(pl_text *out, const pl_discovery *d, pl_language language) {
    const pl_risk *risk = d->cases.risk;
    const char *title = !risk ? d->cases.where : *risk->title.in[language] ? risk->title.in[language] : risk->name;
    put(out, language, PL_WORD_BOX_QUOTED, title, NULL, NULL);
}

static void put_profile(pl_text *out, const pl_discovery *d, pl_language language) {
    const pl_situation *s = d->cases.situation;
    for (int p = 0; d->cases.profile && p < s->profile_count; p++) {
        const pl_profile *profile = &s->profiles[p];
        if (profile->name != d->cases.profile) continue;
        pl_text quoted = {0};
        const char *title = *profile->title.in[language] ? profile->title.in[language] : profile->name;
        put(&quoted, language, PL_WORD_BOX_QUOTED, title, NULL, NULL);
        put(out, language, PL_WORD_BOX_UNDER, text_of(&quoted), NULL, NULL);
        pl_release(quoted.data);
    }
}

static void put_limits(pl_text *out, const pl_discovery *d, const pl_prim_box *box, pl_language language) {
    int *list = pl_allocate(((size_t)d->cases.factor_count + 1) * sizeof *list);
    int count = list ? pl_prim_limited(d, box, list) : 0;
    if (!list) out->failed = true;
    for (int i = 0; i < count; i++) {
        if (i) pl_text_put(out, i + 1 < count ? ", " : pl_word_text(PL_WORD_BOX_AND, language));
        pl_prim_limit_words(out, d, box, list[i], language);
    }
    pl_release(list);
}

static pl_word sentence_of(const pl_discovery *d) {
    bool futures = d->cases.situation && (d->cases.profile || !d->cases.situation->actor_count);
    if (d->cases.risk) return futures ? PL_WORD_BOX_RISK_FUTURES : PL_WORD_BOX_RISK_CASES;
    return futures ? PL_WORD_BOX_CONDITION_FUTURES : PL_WORD_BOX_CONDITION_CASES;
}

void pl_prim_words(pl_text *out, const pl_discovery *d, const pl_prim_box *box, double coverage, double density,
                   pl_language language) {
    if (box->restricted == 0) {
        pl_text_put(out, pl_word_text(PL_WORD_BOX_NOTHING, language));
        return;
    }
    enum { SUBJECT, LIMITS, COVERAGE, DENSITY, SHARE, TEXTS };
    pl_text texts[TEXTS] = {{0}};
    const char *values[PL_WORD_VALUES] = {NULL};
    put_subject(&texts[SUBJECT], d, language);
    put_limits(&texts[LIMITS], d, box, language);
    pl_prim_percent(&texts[COVERAGE], coverage);
    pl_prim_percent(&texts[DENSITY], density);
    pl_prim_percent(&texts[SHARE], d->share.estimate);
    put_profile(out, d, language);
    for (int i = 0; i < TEXTS; i++) values[i] = text_of(&texts[i]);
    pl_word_in(out, language, sentence_of(d), values);
    for (int i = 0; i < TEXTS; i++) {
        out->failed |= texts[i].failed;
        pl_release(texts[i].data);
    }
}
