/* What the sources claim, and what comes of testing it: a summary by article, and every claim with its verdict.  Testing
 * runs the claims anew, so this part is there where the situation is at hand, not only its results. */
#include <math.h>

#include "report/claims.h"
#include "report/section.h"

enum { MOST_FUTURES = 200 };

static const pl_word verdict_words[PL_VERDICT_COUNT] = {
#define X(id, name, text) [PL_VERDICT_##id] = PL_WORD_VERDICT_##id,
    PL_VERDICTS(X)
#undef X
};

static json_t *word_pair(pl_word word) {
    return pl_report_title_json((pl_title){{pl_word_text(word, PL_EN), pl_word_text(word, PL_ES)}}, "");
}

/* ---- the table ------------------------------------------------------------------------------------------ */

/* Article names as tokens of an attribute, for the page's filter. */
static void put_articles(pl_text *out, const char *article) {
    const char *at = article;
    pl_text_put(out, " data-articles=\"");
    do {
        char name[PL_ARTICLE_ROOM];
        size_t length;
        at = pl_article_next(at, &length);
        if (length >= sizeof name) length = sizeof name - 1;
        for (size_t i = 0; i < length; i++) name[i] = at[i];
        name[length] = 0;
        pl_html_escape(out, name);
        at = pl_article_end(at);
        if (*at) pl_text_put(out, "|");
    } while (*at);
    pl_text_put(out, "\"");
}

static void put_share(pl_report *r, pl_interval share) {
    char number[PL_ROUNDED_ROOM];
    if (isnan(share.estimate)) {
        pl_text_put(&r->out, "-");
        return;
    }
    pl_text_format(&r->out, "%s %%", pl_html_rounded(100 * share.estimate, 0, number));
    pl_report_range(r, 100 * share.low, 100 * share.high, 0);
}

static void put_effect(pl_report *r, const pl_claim_tests *t, const pl_effect *e) {
    char number[PL_ROUNDED_ROOM];
    const pl_measure *measure = &t->situation->measures[e->measure];
    int decimals = pl_rounding(fmax(fabs(e->effect.low), fabs(e->effect.high)), PL_DIFFERENCE_DIGITS);
    pl_html_title(&r->out, measure->title, measure->name);
    pl_text_format(&r->out, ": %s", pl_html_signed(e->effect.estimate, decimals, number));
    pl_report_range(r, e->effect.low, e->effect.high, decimals);
    pl_report_put_units(r, pl_report_units(r, e->measure));
}

static void put_claim(pl_report *r, const pl_claim_tests *t, const pl_claim_result *result) {
    const pl_claim *claim = result->claim;
    pl_text *out = &r->out;
    pl_text_format(out, "<tr data-verdict=\"%s\" data-basis=\"%s\"", pl_verdict_names[result->verdict],
                   result->assumed ? "assumed" : "tested");
    put_articles(out, claim->article);
    pl_text_put(out, "><th scope=\"row\">");
    pl_html_escape(out, claim->id);
    pl_text_put(out, "</th><td>");
    pl_html_escape(out, claim->article);
    pl_text_put(out, "</td><td>");
    pl_html_title(out, claim->text, claim->id);
    pl_text_put(out, "</td><td>");
    pl_html_word(out, verdict_words[result->verdict], NULL);
    pl_text_put(out, "</td><td>");
    put_share(r, result->share);
    pl_text_put(out, "</td><td>");
    put_effect(r, t, &result->effects[result->effect_count - 1]);
    pl_text_put(out, "</td><td>");
    pl_html_word(out, result->assumed ? PL_WORD_BASIS_ASSUMED : PL_WORD_BASIS_TESTED, NULL);
    pl_text_put(out, "</td></tr>\n");
}

static void put_table(pl_report *r, const pl_claim_tests *t) {
    static const pl_word heads[] = {PL_WORD_CLAIM_ID, PL_WORD_ARTICLE,      PL_WORD_CLAIM, PL_WORD_VERDICT,
                                    PL_WORD_SIGN_IN,  PL_WORD_CLAIM_EFFECT, PL_WORD_BASIS};
    pl_phrase caption;
    pl_section_table(r, pl_phrase_start(&caption, PL_WORD_CLAIMS_TABLE), heads, sizeof heads / sizeof *heads);
    for (int i = 0; i < t->count; i++) put_claim(r, t, &t->results[i]);
    pl_section_table_end(r);
}

/* ---- the data ------------------------------------------------------------------------------------------- */

/* A heat map of counts: {"rows": [article], "columns": [verdict], "values"}. */
static json_t *summary(const pl_articles *articles) {
    json_t *object = json_object(), *rows = json_array(), *columns = json_array(), *values = json_array();
    for (int v = 0; v < PL_VERDICT_COUNT; v++) pl_json_append(&columns, word_pair(verdict_words[v]));
    for (int i = 0; i < articles->count; i++) {
        json_t *row = json_array();
        for (int v = 0; v < PL_VERDICT_COUNT; v++) pl_json_append(&row, json_integer(articles->list[i].verdicts[v]));
        pl_json_append(&values, row);
        pl_json_append(&rows, pl_json_text(*articles->list[i].name ? articles->list[i].name : "-"));
    }
    pl_json_set(&object, "rows", rows);
    pl_json_set(&object, "columns", columns);
    pl_json_set(&object, "values", values);
    return object;
}

static void append_option(json_t **options, json_t *value, json_t *title) {
    json_t *option = json_object();
    pl_json_set(&option, "value", value);
    pl_json_set(&option, "title", title);
    pl_json_append(options, option);
}

/* What the page's filter offers: [{"key": attribute of a row, "title", "options": [{"value", "title"}]}]. */
static json_t *filters(const pl_articles *articles) {
    json_t *list = json_array(), *names = json_array(), *verdicts = json_array(), *article = json_object(),
           *verdict = json_object();
    for (int i = 0; i < articles->count; i++)
        append_option(&names, pl_json_text(articles->list[i].name), pl_json_text(articles->list[i].name));
    for (int v = 0; v < PL_VERDICT_COUNT; v++)
        append_option(&verdicts, json_string(pl_verdict_names[v]), word_pair(verdict_words[v]));
    pl_json_set(&article, "key", json_string("articles"));
    pl_json_set(&article, "title", word_pair(PL_WORD_ARTICLE));
    pl_json_set(&article, "options", names);
    pl_json_set(&verdict, "key", json_string("verdict"));
    pl_json_set(&verdict, "title", word_pair(PL_WORD_VERDICT));
    pl_json_set(&verdict, "options", verdicts);
    pl_json_append(&list, article);
    pl_json_append(&list, verdict);
    return list;
}

/* ---- the part ------------------------------------------------------------------------------------------- */

static int count_verdict(const pl_claim_tests *t, pl_verdict verdict) {
    int count = 0;
    for (int i = 0; i < t->count; i++) count += t->results[i].verdict == verdict;
    return count;
}

static void put_claims(pl_report *r, const pl_claim_tests *t) {
    pl_phrase phrase;
    pl_articles articles;
    json_t *data = json_object();
    pl_articles_count(&articles, t);
    pl_section_open(r);
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_CLAIMS_LEAD), t->count, 0);
    pl_phrase_number(&phrase, (double)t->futures, 0);
    pl_phrase_number(&phrase, count_verdict(t, PL_VERDICT_SUPPORTED), 0);
    pl_phrase_number(&phrase, count_verdict(t, PL_VERDICT_ASSUMED), 0);
    pl_phrase_number(&phrase, count_verdict(t, PL_VERDICT_CONTESTED), 0);
    pl_phrase_number(&phrase, count_verdict(t, PL_VERDICT_CONTRADICTED), 0);
    pl_section_caption(r, &phrase);
    pl_section_figure_with(r, "heat", "data-pick=\"summary\"");
    pl_section_say(r, pl_phrase_start(&phrase, PL_WORD_CLAIMS_MEANING));
    pl_section_figure_with(r, "filter", "data-pick=\"filters\"");
    put_table(r, t);
    pl_json_set(&data, "summary", summary(&articles));
    pl_json_set(&data, "filters", filters(&articles));
    pl_section_data(r, data);
    pl_section_close(r, "claims");
}

pl_status pl_part_claims(pl_report *r, pl_error *error) {
    if (!r->options.situation_path || !r->situation->claims) return PL_OK;
    long futures = r->ensemble->futures < MOST_FUTURES ? r->ensemble->futures : MOST_FUTURES;
    pl_claims_options options = {.futures = futures,
                                 .seed_given = 1,
                                 .seed = r->ensemble->seed,
                                 .threads = r->options.threads,
                                 .progress = r->options.progress,
                                 .context = r->options.context};
    pl_claim_tests *tests = NULL;
    pl_status status = pl_claims_test(r->options.situation_path, &options, &tests, NULL, error);
    if (status == PL_NO_DATA) return PL_OK;
    if (status != PL_OK) return status;
    if (tests->count) put_claims(r, tests);
    pl_claim_tests_free(tests);
    return PL_OK;
}
