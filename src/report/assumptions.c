/* What nobody knows, by whose it is: what each actor's wants weigh, what courses draw, and the constants of the world; each
 * with its distribution, the range of its draws, its source, whether the sources contest it, and what it rests on. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "ensemble/reading.h"
#include "report/history.h"
#include "report/section.h"
#include "study/statistics.h"

static const pl_word distribution_words[PL_DIST_COUNT] = {
#define X(id, name, count, text) [PL_DIST_##id] = PL_WORD_##id,
    PL_DISTRIBUTIONS(X)
#undef X
};

typedef struct assumption {
    const pl_actor *actor; /* NULL: the world's */
    const pl_distribution *distribution;
    const double *draws;   /* [future]; NULL: none are kept */
    const pl_uncertainty *uncertainty; /* NULL: a weight */
    const pl_want *want;
} assumption;

static void put_distribution(pl_report *r, const pl_distribution *d) {
    char numbers[3][PL_ROUNDED_ROOM] = {"", "", ""};
    if (d->kind == PL_DIST_DISCRETE) {
        pl_html_rounded(d->count, 0, numbers[0]);
    } else {
        for (int i = 0; i < d->count && i < 3; i++) pl_html_plain(d->number[i], numbers[i]);
    }
    pl_html_word(&r->out, distribution_words[d->kind], numbers[0], numbers[1], numbers[2], NULL);
}

static void put_drawn_range(pl_report *r, const double *draws, double *work) {
    char first[PL_ROUNDED_ROOM], second[PL_ROUNDED_ROOM];
    long futures = r->ensemble->futures;
    if (!draws) return;
    memcpy(work, draws, (size_t)futures * sizeof *work);
    pl_sort(work, futures);
    double low = pl_quantile(work, futures, 0.05), high = pl_quantile(work, futures, 0.95);
    int decimals = pl_rounding(fmax(fabs(low), fabs(high)), PL_DIFFERENCE_DIGITS);
    pl_text_format(&r->out, "%s … %s", pl_html_rounded(low, decimals, first), pl_html_rounded(high, decimals, second));
}

/* Whether a source says that a person judged it. */
static pl_word basis_of(const assumption *a) {
    if (!a->uncertainty) return PL_WORD_BASIS_SITUATION;
    const char *source = a->uncertainty->source;
    if (!source || !*source) return a->uncertainty->of_course ? PL_WORD_BASIS_SITUATION : PL_WORD_BASIS_NONE;
    if (strcmp(source, "judged") == 0) return PL_WORD_BASIS_JUDGED;
    return strstr(source, "judged") ? PL_WORD_BASIS_BOTH : PL_WORD_BASIS_SOURCE;
}

/* ---- what the data say --------------------------------------------------------------------------------- */

/* X(id): an uncertainty's draws, as far as the observed series go. */
#define DATA_WORDS(X) X(FITTED) X(FITTABLE) X(REACHED) X(UNREACHED)
enum {
#define X(id) SAYS_##id,
    DATA_WORDS(X)
#undef X
        SAYS_COUNT
};
static const pl_word says_words[SAYS_COUNT] = {
#define X(id) [SAYS_##id] = PL_WORD_DATA_##id,
    DATA_WORDS(X)
#undef X
};

/* Fitted futures are the draws only where the results were made over them. */
static int data_say(const pl_report *r, const pl_history *h, const pl_uncertainty *u) {
    for (int i = 0; i < h->situation->uncertainty_count; i++) {
        if (!pl_names_equal(h->situation->uncertainties[i].name, u->name)) continue;
        if (h->basis[i] == PL_DATA_FITTED) return pl_given_is_fitted(r->situation->given) ? SAYS_FITTED : SAYS_FITTABLE;
        return h->basis[i] == PL_DATA_REACHED ? SAYS_REACHED : SAYS_UNREACHED;
    }
    return SAYS_UNREACHED;
}

static void say_basis(pl_report *r, const pl_history *h) {
    int counts[SAYS_COUNT] = {0}, judged = 0;
    pl_phrase phrase;
    for (int u = 0; u < r->situation->uncertainty_count; u++) {
        const pl_uncertainty *uncertainty = &r->situation->uncertainties[u];
        counts[data_say(r, h, uncertainty)]++;
        judged += strcmp(uncertainty->source, "judged") == 0;
    }
    pl_phrase_start(&phrase, PL_WORD_DATA_LEAD);
    for (int i = 0; i < SAYS_COUNT; i++) pl_phrase_number(&phrase, counts[i], 0);
    pl_phrase_number(&phrase, judged, 0);
    pl_section_say(r, &phrase);
}

/* ---- the table ------------------------------------------------------------------------------------------- */

static void put_name(pl_report *r, const assumption *a) {
    pl_text *out = &r->out;
    if (a->uncertainty) {
        pl_html_title(out, a->uncertainty->title, a->uncertainty->name);
        if (!a->uncertainty->contested) return;
        pl_text_put(out, " <span class=\"mark\">");
        pl_html_word(out, PL_WORD_CONTESTED, NULL);
        pl_text_put(out, "</span>");
        return;
    }
    const pl_measure *measure = &r->situation->measures[a->want->measure];
    pl_phrase phrase;
    pl_phrase_title(pl_phrase_start(&phrase, PL_WORD_WEIGHS), measure->title, measure->name);
    pl_html_phrase(out, &phrase);
}

static void put_row(pl_report *r, const assumption *a, double *work) {
    pl_text *out = &r->out;
    bool contested = a->uncertainty && a->uncertainty->contested;
    int says = a->uncertainty && r->history ? data_say(r, r->history, a->uncertainty) : -1;
    pl_text_format(out, "<tr data-contested=\"%s\" data-whose=\"%d\" data-says=\"%d\"><td>", contested ? "yes" : "no",
                   a->actor ? (int)(a->actor - r->situation->actors) : -1, says);
    if (a->actor) pl_html_title(out, a->actor->title, a->actor->name);
    else pl_html_word(out, PL_WORD_THE_WORLD, NULL);
    pl_text_put(out, "</td><th scope=\"row\">");
    put_name(r, a);
    pl_text_put(out, "</th><td>");
    put_distribution(r, a->distribution);
    pl_text_put(out, "</td><td>");
    put_drawn_range(r, a->draws, work);
    pl_text_put(out, "</td><td>");
    if (a->uncertainty && a->uncertainty->source && *a->uncertainty->source) pl_report_source(r, a->uncertainty->source);
    pl_text_put(out, "</td><td>");
    pl_html_word(out, basis_of(a), NULL);
    if (r->history) pl_text_put(out, "</td><td>");
    if (says >= 0) pl_html_word(out, says_words[says], NULL);
    pl_text_put(out, "</td></tr>\n");
}

/* The actor of a course's value, "actor/course/lever". */
static const pl_actor *actor_of(const pl_situation *s, const pl_uncertainty *u) {
    for (int a = 0; u->of_course && a < s->actor_count; a++) {
        size_t length = strlen(s->actors[a].name);
        if (strncmp(u->name, s->actors[a].name, length) == 0 && u->name[length] == '/') return &s->actors[a];
    }
    return NULL;
}

static void put_weights(pl_report *r, const pl_actor *actor, double *work) {
    for (int k = 0; k < actor->want_count; k++) {
        const pl_want *want = &actor->wants[k];
        if (!want->weight.distribution) continue;
        const double *draws = want->drawn >= 0 && r->ensemble->weights
                                  ? r->ensemble->weights + (size_t)want->drawn * (size_t)r->ensemble->futures
                                  : NULL;
        put_row(r, &(assumption){.actor = actor, .distribution = want->weight.distribution, .draws = draws, .want = want},
                work);
    }
}

static void put_uncertainties(pl_report *r, const pl_actor *actor, double *work) {
    for (int u = 0; u < r->situation->uncertainty_count; u++) {
        const pl_uncertainty *uncertainty = &r->situation->uncertainties[u];
        if (actor_of(r->situation, uncertainty) != actor) continue;
        const double *draws = r->ensemble->draws + (size_t)u * (size_t)r->ensemble->futures;
        put_row(r, &(assumption){.actor = actor, .distribution = &uncertainty->distribution, .draws = draws,
                                 .uncertainty = uncertainty}, work);
    }
}

static void append_option(json_t **options, const char *value, json_t *title) {
    json_t *option = json_object();
    pl_json_set(&option, "value", json_string(value));
    pl_json_set(&option, "title", title);
    pl_json_append(options, option);
}

static json_t *word_pair(pl_word word) {
    return pl_report_title_json((pl_title){{pl_word_text(word, PL_EN), pl_word_text(word, PL_ES)}}, "");
}

static json_t *filter_object(const char *key, pl_word title, json_t *options) {
    json_t *object = json_object();
    pl_json_set(&object, "key", json_string(key));
    pl_json_set(&object, "title", word_pair(title));
    pl_json_set(&object, "options", options);
    return object;
}

/* As web/figures/filter.js takes them. */
static json_t *filters(const pl_report *r) {
    const pl_situation *s = r->situation;
    json_t *list = json_array(), *whose = json_array(), *contested = json_array(), *says = json_array();
    for (int a = 0; a < s->actor_count; a++) {
        char number[16];
        snprintf(number, sizeof number, "%d", a);
        append_option(&whose, number, pl_report_title_json(s->actors[a].title, s->actors[a].name));
    }
    append_option(&whose, "-1", word_pair(PL_WORD_THE_WORLD));
    append_option(&contested, "yes", word_pair(PL_WORD_CONTESTED));
    append_option(&contested, "no", word_pair(PL_WORD_NOT_CONTESTED));
    pl_json_append(&list, filter_object("whose", PL_WORD_WHOSE, whose));
    pl_json_append(&list, filter_object("contested", PL_WORD_DISPUTE, contested));
    for (int i = 0; i < SAYS_COUNT; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        append_option(&says, number, word_pair(says_words[i]));
    }
    if (r->history) pl_json_append(&list, filter_object("says", PL_WORD_DATA_SAY, says));
    else json_decref(says);
    return list;
}

static int count_contested(const pl_situation *s) {
    int count = 0;
    for (int u = 0; u < s->uncertainty_count; u++) count += s->uncertainties[u].contested;
    return count;
}

pl_status pl_part_uncertain(pl_report *r, pl_error *error) {
    const pl_situation *s = r->situation;
    if (s->uncertainty_count + s->weight_count == 0) return PL_OK;
    static const pl_word heads[] = {PL_WORD_WHOSE,       PL_WORD_UNCERTAINTY, PL_WORD_DISTRIBUTION,
                                    PL_WORD_DRAWN_RANGE, PL_WORD_SOURCE,      PL_WORD_RESTS_ON, PL_WORD_DATA_SAY};
    const pl_history *h;
    pl_phrase phrase;
    pl_status status = pl_report_history(r, &h, error);
    if (status != PL_OK) return status;
    double *work = pl_allocate((size_t)r->ensemble->futures * sizeof *work);
    if (!work) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_section_open(r);
    pl_phrase_number(pl_phrase_start(&phrase, PL_WORD_UNCERTAIN_LEAD), s->uncertainty_count, 0);
    pl_phrase_number(&phrase, s->weight_count, 0);
    pl_phrase_number(&phrase, count_contested(s), 0);
    pl_section_caption(r, &phrase);
    if (h) say_basis(r, h);
    pl_section_figure(r, "filter");
    pl_section_table(r, pl_phrase_start(&phrase, PL_WORD_UNCERTAIN_TABLE), heads, sizeof heads / sizeof *heads - (h ? 0 : 1));
    for (int a = 0; a < s->actor_count; a++) {
        put_weights(r, &s->actors[a], work);
        put_uncertainties(r, &s->actors[a], work);
    }
    put_uncertainties(r, NULL, work);
    pl_section_table_end(r);
    pl_section_data(r, filters(r));
    pl_section_close(r, "");
    pl_release(work);
    return PL_OK;
}
