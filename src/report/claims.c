/* Tests of claims: a table with a summary by article to read, one claim with its path, CSV (a row for each effect), and
 * JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/claims.h"
#include "report/json.h"

static const char *basis_of(bool assumed) { return assumed ? "assumed" : "tested"; }

static const pl_effect *last_effect(const pl_claim_result *r) { return &r->effects[r->effect_count - 1]; }

static const char *measure_name(const pl_claim_tests *t, const pl_effect *e) {
    return t->situation->measures[e->measure].name;
}

static const char *uncertainty_name(const pl_claim_tests *t, const pl_effect *e) {
    return e->turns < 0 ? "" : t->situation->uncertainties[e->turns].name;
}

/* ---- articles --------------------------------------------------------------------------------------------- */

const char *pl_article_next(const char *at, size_t *length) {
    at += *at == ',';
    while (*at == ' ') at++;
    *length = strcspn(at, ",:");
    return at;
}

const char *pl_article_end(const char *at) {
    at += strcspn(at, ",:");
    return *at == ':' ? at + strlen(at) : at;
}

static pl_article *article_named(pl_articles *a, const char *name, size_t length) {
    if (length >= PL_ARTICLE_ROOM) length = PL_ARTICLE_ROOM - 1;
    for (int i = 0; i < a->count; i++)
        if (strlen(a->list[i].name) == length && memcmp(a->list[i].name, name, length) == 0) return &a->list[i];
    if (a->count == PL_MOST_ARTICLES) return NULL;
    pl_article *made = &a->list[a->count++];
    memset(made, 0, sizeof *made);
    memcpy(made->name, name, length);
    return made;
}

static void count_claim(pl_articles *a, const pl_claim_result *r) {
    const char *at = r->claim->article;
    do {
        size_t length;
        at = pl_article_next(at, &length);
        pl_article *found = article_named(a, at, length);
        if (found) {
            found->verdicts[r->verdict]++;
            found->tested += !r->assumed;
            found->assumed += r->assumed;
        }
        at = pl_article_end(at);
    } while (*at);
}

void pl_articles_count(pl_articles *articles, const pl_claim_tests *tests) {
    articles->count = 0;
    for (int i = 0; i < tests->count; i++) count_claim(articles, &tests->results[i]);
}

/* ---- to read ---------------------------------------------------------------------------------------------- */

static void put_interval(pl_text *out, pl_interval x, int digits) {
    char a[PL_ROUNDED_ROOM], b[PL_ROUNDED_ROOM], c[PL_ROUNDED_ROOM];
    int decimals = pl_rounding(fmax(fabs(x.low), fabs(x.high)), digits);
    pl_text_format(out, "%s (%s to %s)", pl_rounded(x.estimate, decimals, a), pl_rounded(x.low, decimals, b),
                   pl_rounded(x.high, decimals, c));
}

static void put_share(pl_text *out, pl_interval share) {
    if (isnan(share.estimate)) pl_text_put(out, "-");
    else pl_text_format(out, "%.0f %% (%.0f to %.0f)", 100 * share.estimate, 100 * share.low, 100 * share.high);
}

static void put_column(pl_text *out, pl_text *cell, int width) {
    char *text;
    size_t length;
    if (pl_text_finish(cell, &text, &length) != PL_OK) {
        out->failed = true;
        return;
    }
    pl_text_left(out, text, width);
    pl_text_put(out, "  ");
    pl_text_free(text);
}

static void put_row(pl_text *out, const pl_claim_tests *t, const pl_claim_result *r) {
    const pl_effect *e = last_effect(r);
    pl_text share = {0}, effect = {0};
    pl_text_put(out, "  ");
    pl_text_left(out, r->claim->id, 6);
    pl_text_put(out, "  ");
    pl_text_left(out, pl_verdict_names[r->verdict], 17);
    pl_text_put(out, "  ");
    put_share(&share, r->share);
    put_column(out, &share, 18);
    put_interval(&effect, e->effect, 3);
    put_column(out, &effect, 32);
    pl_text_format(out, "%c %s\n", e->sign, measure_name(t, e));
}

static void put_summary(pl_text *out, const pl_claim_tests *t) {
    pl_articles a;
    pl_articles_count(&a, t);
    pl_text_put(out, "\nBy article (a claim counts in each that it names)\n  article          ");
    for (int v = 0; v < PL_VERDICT_COUNT; v++) pl_text_format(out, "  %s", pl_verdict_names[v]);
    pl_text_put(out, "  | basis tested  assumed\n");
    for (int i = 0; i < a.count; i++) {
        pl_text_put(out, "  ");
        pl_text_left(out, *a.list[i].name ? a.list[i].name : "(none)", 15);
        for (int v = 0; v < PL_VERDICT_COUNT; v++)
            pl_text_format(out, "  %*d", (int)strlen(pl_verdict_names[v]), a.list[i].verdicts[v]);
        pl_text_format(out, "  | %12d  %7d\n", a.list[i].tested, a.list[i].assumed);
    }
}

static void put_meanings(pl_text *out) {
    static const char *const texts[] = {
#define X(id, name, text) text,
        PL_VERDICTS(X)
#undef X
    };
    pl_text_put(out, "\nVerdicts\n");
    for (int v = 0; v < PL_VERDICT_COUNT; v++) pl_text_format(out, "  %s: %s\n", pl_verdict_names[v], texts[v]);
}

static void put_effect(pl_text *out, const pl_claim_tests *t, const pl_effect *e) {
    pl_text_format(out, "  %s", measure_name(t, e));
    if (!isnan(e->span.to)) pl_text_format(out, ", %g to %g", e->span.from, e->span.to);
    pl_text_format(out, ", claimed %c: %s\n    in ", e->sign, pl_verdict_names[e->verdict]);
    put_share(out, e->share);
    pl_text_format(out, " of %ld futures; mean effect ", e->futures);
    put_interval(out, e->effect, 4);
    char median[PL_ROUNDED_ROOM], spread[PL_ROUNDED_ROOM];
    int decimals = pl_rounding(fmax(fabs(e->median), e->spread), 4);
    pl_text_format(out, ", median %s\n    the measure's own spread over the futures: %s\n",
                   pl_rounded(e->median, decimals, median), pl_rounded(e->spread, decimals, spread));
    if (e->turns >= 0)
        pl_text_format(out, "    the effect goes with '%s' most: rank correlation %.2f\n", uncertainty_name(t, e), e->correlation);
}

static void put_whole(pl_text *out, const pl_claim_tests *t, const pl_claim_result *r) {
    const pl_claim *c = r->claim;
    pl_text_format(out, "%s: %s\n", c->id, c->text.in[PL_EN]);
    pl_text_format(out, "  %s; basis: %s; form: %s; cause: %s\n", pl_verdict_names[r->verdict], basis_of(r->assumed),
                   pl_claim_form_names[c->form], c->cause.text);
    if (*c->context) pl_text_format(out, "  context: %s\n", c->context);
    if (*c->article) pl_text_format(out, "  article: %s%s%s%s%s\n", c->article, *c->asserted_by ? ", asserted by " : "",
                                    c->asserted_by, *c->hedge ? ", as " : "", c->hedge);
    for (int k = 0; k < r->effect_count; k++) put_effect(out, t, &r->effects[k]);
    if (r->effect_count > 1) {
        pl_text_put(out, "  all of them in ");
        put_share(out, r->share);
        pl_text_put(out, " of the futures\n");
    }
    pl_text_put(out, r->path_length ? "  the shortest way through the model: " : "  there is no way through the model\n");
    for (int k = 0; k < r->path_length; k++)
        pl_text_format(out, "%s%s", k ? " -> " : "", t->situation->model->variables[r->path[k]]->name);
    if (r->path_length) pl_text_put(out, "\n");
    if (*c->reason) pl_text_format(out, "  %s\n", c->reason);
}

static void print_text(pl_text *out, const pl_claim_tests *t, bool whole) {
    if (whole) {
        for (int i = 0; i < t->count; i++) {
            if (i) pl_text_put(out, "\n");
            put_whole(out, t, &t->results[i]);
        }
        return;
    }
    pl_text_format(out, "%d claims, each with and without its cause over the same %ld futures; %d name no cause and effect\n\n",
                   t->count, t->futures, t->untested);
    pl_text_put(out, "  id      verdict            share (95 %)        mean effect (95 %)                claimed, on\n");
    for (int i = 0; i < t->count; i++) put_row(out, t, &t->results[i]);
    put_summary(out, t);
    put_meanings(out);
}

/* ---- CSV -------------------------------------------------------------------------------------------------- */

static void put_numbers(pl_text *out, const double *numbers, int count) {
    for (int i = 0; i < count; i++) {
        pl_text_put(out, ",");
        if (!isnan(numbers[i])) pl_text_number(out, numbers[i]);
    }
}

static void print_csv(pl_text *out, const pl_claim_tests *t) {
    pl_text_put(out, "id,article,form,cause,measure,sign,basis,verdict,futures,share,share_low,share_high,effect,effect_low,"
                     "effect_high,median,spread,turns_with,rank_correlation\n");
    for (int i = 0; i < t->count; i++) {
        const pl_claim_result *r = &t->results[i];
        for (int k = 0; k < r->effect_count; k++) {
            const pl_effect *e = &r->effects[k];
            const char sign[] = {e->sign, 0}, *const texts[] = {r->claim->id, r->claim->article,
                pl_claim_form_names[r->claim->form], r->claim->cause.text, measure_name(t, e), sign, basis_of(e->assumed),
                pl_verdict_names[e->verdict]};
            for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
                if (j) pl_text_put(out, ",");
                pl_text_csv(out, texts[j]);
            }
            pl_text_format(out, ",%ld", e->futures);
            const double numbers[] = {e->share.estimate, e->share.low, e->share.high, e->effect.estimate, e->effect.low,
                                      e->effect.high, e->median, e->spread};
            put_numbers(out, numbers, sizeof numbers / sizeof *numbers);
            pl_text_put(out, ",");
            pl_text_csv(out, uncertainty_name(t, e));
            put_numbers(out, &(double){e->turns < 0 ? NAN : e->correlation}, 1);
            pl_text_put(out, "\n");
        }
    }
}

/* ---- JSON ------------------------------------------------------------------------------------------------- */

static json_t *effect_json(const pl_claim_tests *t, const pl_effect *e) {
    json_t *o = json_object();
    const char sign[] = {e->sign, 0};
    pl_json_set(&o, "measure", pl_json_text(measure_name(t, e)));
    pl_json_set(&o, "sign", pl_json_text(sign));
    if (!isnan(e->span.to)) {
        pl_json_set(&o, "from", pl_json_number(e->span.from));
        pl_json_set(&o, "to", pl_json_number(e->span.to));
    }
    pl_json_set(&o, "basis", pl_json_text(basis_of(e->assumed)));
    pl_json_set(&o, "verdict", pl_json_text(pl_verdict_names[e->verdict]));
    pl_json_set(&o, "futures", json_integer(e->futures));
    pl_json_set(&o, "share", pl_json_interval(e->share));
    pl_json_set(&o, "effect", pl_json_interval(e->effect));
    pl_json_set(&o, "median", pl_json_number(e->median));
    pl_json_set(&o, "spread", pl_json_number(e->spread));
    pl_json_set(&o, "turns_with", e->turns < 0 ? json_null() : pl_json_text(uncertainty_name(t, e)));
    pl_json_set(&o, "rank_correlation", pl_json_number(e->turns < 0 ? NAN : e->correlation));
    return o;
}

static json_t *claim_json(const pl_claim_tests *t, const pl_claim_result *r) {
    const pl_claim *c = r->claim;
    json_t *o = json_object(), *effects = json_array(), *path = json_array(), *text = json_object();
    pl_json_set(&text, "en", pl_json_text(c->text.in[PL_EN]));
    pl_json_set(&text, "es", pl_json_text(c->text.in[PL_ES]));
    for (int k = 0; k < r->effect_count; k++) pl_json_append(&effects, effect_json(t, &r->effects[k]));
    for (int k = 0; k < r->path_length; k++)
        pl_json_append(&path, pl_json_text(t->situation->model->variables[r->path[k]]->name));
    pl_json_set(&o, "id", pl_json_text(c->id));
    pl_json_set(&o, "article", pl_json_text(c->article));
    pl_json_set(&o, "text", text);
    pl_json_set(&o, "form", pl_json_text(pl_claim_form_names[c->form]));
    pl_json_set(&o, "cause", pl_json_text(c->cause.text));
    pl_json_set(&o, "context", pl_json_text(c->context));
    pl_json_set(&o, "asserted_by", pl_json_text(c->asserted_by));
    pl_json_set(&o, "hedge", pl_json_text(c->hedge));
    pl_json_set(&o, "basis", pl_json_text(basis_of(r->assumed)));
    pl_json_set(&o, "verdict", pl_json_text(pl_verdict_names[r->verdict]));
    pl_json_set(&o, "share", pl_json_number(r->share.estimate));
    pl_json_set(&o, "share_interval", pl_json_interval(r->share));
    pl_json_set(&o, "effect", pl_json_interval(last_effect(r)->effect));
    pl_json_set(&o, "effects", effects);
    pl_json_set(&o, "path", path);
    return o;
}

static json_t *summary_json(const pl_claim_tests *t) {
    pl_articles a;
    json_t *list = json_array();
    pl_articles_count(&a, t);
    for (int i = 0; i < a.count; i++) {
        json_t *o = json_object(), *verdicts = json_object();
        for (int v = 0; v < PL_VERDICT_COUNT; v++)
            pl_json_set(&verdicts, pl_verdict_names[v], json_integer(a.list[i].verdicts[v]));
        pl_json_set(&o, "article", pl_json_text(a.list[i].name));
        pl_json_set(&o, "verdicts", verdicts);
        pl_json_set(&o, "tested", json_integer(a.list[i].tested));
        pl_json_set(&o, "assumed", json_integer(a.list[i].assumed));
        pl_json_append(&list, o);
    }
    return list;
}

static pl_status print_json(const pl_claim_tests *t, char **text, size_t *length) {
    json_t *tree = json_object(), *claims = json_array();
    for (int i = 0; i < t->count; i++) pl_json_append(&claims, claim_json(t, &t->results[i]));
    pl_json_set(&tree, "futures", json_integer(t->futures));
    pl_json_set(&tree, "runs", json_integer(t->runs));
    pl_json_set(&tree, "untested", json_integer(t->untested));
    pl_json_set(&tree, "claims", claims);
    pl_json_set(&tree, "articles", summary_json(t));
    return pl_json_finish(tree, text, length);
}

pl_status pl_claim_tests_print(const pl_claim_tests *tests, int whole, pl_format format, char **text, size_t *length) {
    pl_text out = {0};
    if (format == PL_FORMAT_JSON) return print_json(tests, text, length);
    if (format == PL_FORMAT_CSV) print_csv(&out, tests);
    else print_text(&out, tests, whole);
    return pl_text_finish(&out, text, length);
}
