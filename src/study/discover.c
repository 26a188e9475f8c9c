/* The study: cases, boxes one after the other, a choice among them, the tree.  See discover.h. */
#include "study/discover.h"

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/philox.h"
#include "model/import.h"
#include "study/statistics.h"

typedef struct work {
    pl_discovery *d;
    const pl_discover_options *options;
    pl_error *error;
    jmp_buf out;
} work;

/* ---- options ---------------------------------------------------------------------------------------------- */

static pl_status refuse(const work *w, const char *what) {
    return pl_error_set(w->error, PL_USAGE, NULL, 0, 0, "%s", what);
}

static bool take(double given, double most, double *value) {
    *value = given == 0 ? 0.05 : given;
    return *value > 0 && *value < most;
}

static pl_status read_settings(work *w) {
    const pl_discover_options *o = w->options;
    pl_discovery *d = w->d;
    int objective = o->objective ? -1 : PL_OBJECTIVE_LENIENT1;
    for (int i = 0; o->objective && i < PL_OBJECTIVE_COUNT; i++)
        if (strcmp(pl_objective_names[i], o->objective) == 0) objective = i;
    if (objective < 0) return refuse(w, "the objective must be lenient1, lenient2 or original");
    d->settings.objective = (pl_objective)objective;
    if (!take(o->peel_alpha, 0.5, &d->settings.peel_alpha))
        return refuse(w, "the share that a peel takes off must lie between 0 and 0.5");
    if (!take(o->paste_alpha, 0.5, &d->settings.paste_alpha))
        return refuse(w, "the share that is pasted must lie between 0 and 0.5");
    if (!take(o->mass_min, 1, &d->settings.mass_min)) return refuse(w, "the least mass must lie between 0 and 1");
    if (!(o->threshold >= 0 && o->threshold <= 1)) return refuse(w, "the threshold must lie between 0 and 1");
    d->threshold = o->threshold;
    d->resamples = o->resamples < 0 ? 0 : o->resamples ? o->resamples : 10;
    return PL_OK;
}

/* ---- the choice of a box ---------------------------------------------------------------------------------- */

static int last_box(const pl_found *f) { return f->trajectory.count - 1; }

static int balanced_box(const pl_found *f) {
    int best = 0;
    double most = -1;
    for (int b = 0; b < f->trajectory.count; b++) {
        double least = fmin(f->coverage[b].estimate, f->density[b].estimate);
        bool freer = f->trajectory.boxes[b].restricted < f->trajectory.boxes[best].restricted;
        if (least > most || (least == most && freer)) most = least, best = b;
    }
    return best;
}

static const struct {
    const char *name;
    int (*box)(const pl_found *f);
} choices[] = {{"balanced", balanced_box}, {"last", last_box}};

/* The n-th of the texts between commas; behind the last one that one again where it is a rule, else "". */
static void choice_for(const char *list, int number, char *out, size_t room) {
    const char *from = list ? list : "";
    size_t length = strcspn(from, ",");
    for (; number > 0 && from[length]; number--) {
        from += length + 1;
        length = strcspn(from, ",");
    }
    while (length && *from == ' ') from++, length--;
    while (length && from[length - 1] == ' ') length--;
    if (length >= room || (number > 0 && length && strchr("0123456789", *from))) length = 0;
    memcpy(out, from, length);
    out[length] = 0;
}

static pl_status choose(work *w, pl_found *f, int number) {
    char text[32];
    double place;
    choice_for(w->options->choose, number, text, sizeof text);
    f->rule = "given";
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (strcmp(choices[i].name, *text ? text : "balanced") == 0) {
            f->rule = choices[i].name;
            f->chosen = choices[i].box(f);
            return PL_OK;
        }
    if (pl_number_read(text, strlen(text), &place) != strlen(text) || place != floor(place) ||
        place >= f->trajectory.count)
        return pl_error_set(w->error, PL_USAGE, NULL, 0, 0,
                            "there is no box '%s': the trajectory of search %d has the boxes 0 to %d; or balanced, last", text,
                            number + 1, f->trajectory.count - 1);
    f->chosen = (int)place;
    return PL_OK;
}

/* ---- shares ----------------------------------------------------------------------------------------------- */

static pl_interval plain_share(double hits, double all) {
    double hit[PL_REPLICATES] = {hits}, of[PL_REPLICATES] = {all};
    return pl_share_of_counts(hit, of, true);
}

void pl_discovery_shares(pl_discovery *d, const unsigned char *marked, pl_interval *coverage, pl_interval *density) {
    const pl_cases *c = &d->cases;
    long count = 0, hits = 0;
    for (long i = 0; i < c->count; i++)
        if (marked[i]) count++, hits += c->interest[i];
    if (!c->cluster) {
        *coverage = plain_share((double)hits, (double)c->hits);
        *density = plain_share((double)hits, (double)count);
        return;
    }
    double *sums = pl_allocate((size_t)c->clusters * 3 * sizeof *sums);
    if (!sums) {
        d->arena.out_of_memory(d->arena.context);
        return;
    }
    double *inside = sums, *both = sums + c->clusters, *all = sums + 2 * c->clusters;
    for (long i = 0; i < c->count; i++) {
        inside[c->cluster[i]] += marked[i];
        both[c->cluster[i]] += marked[i] && c->interest[i];
        all[c->cluster[i]] += c->interest[i];
    }
    *coverage = pl_share_of_clusters(both, all, c->clusters, c->random);
    *density = pl_share_of_clusters(both, inside, c->clusters, c->random);
    pl_release(sums);
}

static void mark_box(pl_discovery *d, const pl_prim_box *box, unsigned char *marked) {
    int limit;
    pl_prim_mark(&d->prim, box);
    for (long i = 0; i < d->cases.count; i++)
        marked[i] = d->prim.remains[i] && pl_prim_breaks(&d->prim, i, &limit) == 0;
}

/* ---- one search after the other --------------------------------------------------------------------------- */

static void describe(pl_discovery *d, pl_found *f, unsigned char *marked) {
    int boxes = f->trajectory.count;
    f->quasi_p = PL_ARRAY(&d->arena, boxes, double *);
    f->coverage = PL_ARRAY(&d->arena, boxes, pl_interval);
    f->density = PL_ARRAY(&d->arena, boxes, pl_interval);
    for (int b = 0; b < boxes; b++) {
        f->quasi_p[b] = PL_ARRAY(&d->arena, 2 * d->cases.factor_count, double);
        pl_prim_quasi_p(&d->prim, &f->trajectory.boxes[b], f->quasi_p[b]);
        mark_box(d, &f->trajectory.boxes[b], marked);
        pl_discovery_shares(d, marked, &f->coverage[b], &f->density[b]);
    }
    f->meets = f->density[boxes - 1].estimate >= d->threshold;
}

static bool stands_up(const pl_found *f, int factor) {
    const double *p = &f->quasi_p[f->chosen][2 * factor];
    if (p[0] > 0.05 || p[1] > 0.05) return false;
    return !f->reproduced || f->reproduced[factor].density >= 0.5 - 1e-9; /* a sum of tenths */
}

static void keep_limits(pl_discovery *d, pl_found *f, unsigned char *marked) {
    const pl_prim_box *initial = &d->prim.initial;
    f->kept = pl_prim_box_copy(&d->arena, &d->cases, &f->trajectory.boxes[f->chosen]);
    f->kept.restricted = 0;
    for (int i = 0; i < d->cases.factor_count; i++) {
        const pl_factor *factor = &d->cases.factors[i];
        if (!pl_prim_restricts(&d->prim, &f->kept, i)) continue;
        if (stands_up(f, i)) {
            f->kept.restricted++;
            continue;
        }
        f->kept.low[i] = initial->low[i], f->kept.high[i] = initial->high[i];
        if (factor->kind == PL_FACTOR_CATEGORY)
            memcpy(f->kept.holds + factor->first, initial->holds + factor->first, (size_t)factor->category_count);
    }
    mark_box(d, &f->kept, marked);
    pl_discovery_shares(d, marked, &f->kept_coverage, &f->kept_density);
    f->kept.count = f->kept.hits = 0;
    for (long i = 0; i < d->cases.count; i++)
        if (marked[i]) f->kept.count++, f->kept.hits += d->cases.interest[i];
}

static bool any_left(const pl_discovery *d) {
    for (long i = 0; i < d->cases.count; i++)
        if (d->prim.remains[i] && d->cases.interest[i]) return true;
    return false;
}

static void judge_outside(const pl_discovery *d, pl_found *f) {
    const pl_prim_box *all = &f->trajectory.boxes[0];
    double share = (double)all->hits / (double)all->count, gain = f->density[f->chosen].estimate - share;
    f->held[PL_COVERAGE] = f->held[PL_DENSITY] = NAN;
    if (!d->resamples || f->trajectory.boxes[f->chosen].restricted == 0) return;
    f->held[PL_COVERAGE] = f->outside[PL_COVERAGE].estimate / f->coverage[f->chosen].estimate;
    f->held[PL_DENSITY] = gain > 0 ? (f->outside[PL_DENSITY].estimate - share) / gain : NAN;
    f->doubtful = !(f->held[PL_COVERAGE] >= PL_HELD && f->held[PL_DENSITY] >= PL_HELD);
}

static pl_status search(work *w, uint64_t seed, unsigned char *marked) {
    pl_discovery *d = w->d;
    int boxes = w->options->boxes ? w->options->boxes : 1;
    d->found = PL_ARRAY(&d->arena, boxes, pl_found);
    pl_prim_start(&d->prim, &d->arena, &d->cases, &d->settings, NULL);
    for (int b = 0; b < boxes; b++) {
        pl_found *f = &d->found[b];
        d->exhausted = !any_left(d);
        if (d->exhausted) return PL_OK;
        pl_prim_find(&d->prim, &f->trajectory);
        describe(d, f, marked);
        d->count++;
        pl_status status = choose(w, f, b);
        if (status != PL_OK) return status;
        if (d->resamples) pl_discovery_reproduce(d, f, pl_stream_key(seed, (uint64_t)b));
        judge_outside(d, f);
        keep_limits(d, f, marked);
        if (!f->meets) return PL_OK;
        pl_prim_remove(&d->prim, &f->trajectory.boxes[f->chosen]);
    }
    return PL_OK;
}

/* ---- the tree --------------------------------------------------------------------------------------------- */

static void mark_leaves(const pl_discovery *d, int leaf, unsigned char *marked) {
    for (long i = 0; i < d->cases.count; i++) {
        const pl_prim_box *box = &d->cart.leaves[d->cart.leaf[i]];
        marked[i] = leaf < 0 ? 2 * box->hits > box->count : d->cart.leaf[i] == leaf;
    }
}

/* Of the cases in the first chosen box or in the leaves: the share in both. */
static double agree(pl_discovery *d, const unsigned char *leaves) {
    const pl_prim_box *box = &d->found[0].trajectory.boxes[d->found[0].chosen];
    long both = 0, either = 0;
    int limit;
    pl_prim_mark(&d->prim, box);
    for (long i = 0; i < d->cases.count; i++) {
        bool inside = pl_prim_breaks(&d->prim, i, &limit) == 0;
        both += inside && leaves[i], either += inside || leaves[i];
    }
    return either ? (double)both / (double)either : NAN;
}

static void grow_tree(pl_discovery *d, unsigned char *marked) {
    pl_cart_grow(&d->cart, &d->prim);
    d->cart_coverage = PL_ARRAY(&d->arena, d->cart.count, pl_interval);
    d->cart_density = PL_ARRAY(&d->arena, d->cart.count, pl_interval);
    for (int l = 0; l < d->cart.count; l++) {
        mark_leaves(d, l, marked);
        pl_discovery_shares(d, marked, &d->cart_coverage[l], &d->cart_density[l]);
    }
    mark_leaves(d, -1, marked);
    pl_discovery_shares(d, marked, &d->cart_both[PL_COVERAGE], &d->cart_both[PL_DENSITY]);
    d->agreement = agree(d, marked);
}

/* ---- the study -------------------------------------------------------------------------------------------- */

static pl_status explain(work *w, uint64_t seed) {
    pl_discovery *d = w->d;
    pl_interval all;
    if (d->cases.hits == 0 || d->cases.hits == d->cases.count)
        return pl_error_set(w->error, PL_INVALID, NULL, 0, 0, "the condition holds in %s of the %ld cases: there is nothing to tell apart",
                            d->cases.hits ? "all" : "none", d->cases.count);
    unsigned char *marked = PL_ARRAY(&d->arena, d->cases.count, unsigned char);
    memset(marked, 1, (size_t)d->cases.count);
    pl_discovery_shares(d, marked, &all, &d->share);
    pl_status status = search(w, w->options->seed_given ? w->options->seed : seed, marked);
    if (status == PL_OK) grow_tree(d, marked);
    return status;
}

static void leave(void *context) { longjmp(((work *)context)->out, 1); }

typedef struct source { /* where the cases come from: an ensemble, or a text */
    const pl_ensemble *ensemble;
    const char *text, *file;
    size_t length;
} source;

static pl_status discover(work *w, const source *from) {
    pl_discovery *d = w->d;
    const pl_discover_options *o = w->options;
    pl_factor_names names = {o->inputs, o->input_count};
    pl_status status = read_settings(w);
    if (status != PL_OK) return status;
    const char *where = pl_arena_text(&d->arena, o->where, strlen(o->where));
    if (from->ensemble)
        status = pl_cases_of_ensemble(&d->arena, from->ensemble, where, o->profile, names, &d->cases, w->error);
    else
        status = pl_cases_of_table(&d->arena, from->text, from->length, from->file, where, names, &d->cases, w->error);
    return status == PL_OK ? explain(w, from->ensemble ? from->ensemble->seed : 1) : status;
}

/* In a function of its own: what setjmp leaves behind must not live in the caller's registers. */
static pl_status discover_or_leave(work *w, const source *from) {
    if (setjmp(w->out)) return pl_error_set(w->error, PL_MEMORY, NULL, 0, 0, "out of memory");
    w->d->arena.out_of_memory = leave, w->d->arena.context = w;
    return discover(w, from);
}

static pl_status start(const source *from, const pl_discover_options *options, pl_discovery **discovery, pl_error *error) {
    work w = {.options = options, .error = error};
    *discovery = NULL;
    if (!options->where) return pl_error_set(error, PL_USAGE, NULL, 0, 0, "say where: a condition is needed");
    w.d = pl_allocate(sizeof *w.d);
    if (!w.d) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    pl_status status = discover_or_leave(&w, from);
    w.d->arena.out_of_memory = NULL;
    w.d->ensemble = from->ensemble;
    if (status == PL_OK) *discovery = w.d;
    else pl_discovery_free(w.d);
    return status;
}

pl_status pl_ensemble_discover(const pl_ensemble *ensemble, const pl_discover_options *options,
                               pl_discovery **discovery, pl_error *error) {
    return start(&(source){.ensemble = ensemble}, options, discovery, error);
}

pl_status pl_table_discover_text(const char *text, size_t length, const char *file, const pl_discover_options *options,
                                 pl_discovery **discovery, pl_error *error) {
    if (options->profile) {
        *discovery = NULL;
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "a table has no profiles");
    }
    return start(&(source){.text = text, .length = length, .file = file}, options, discovery, error);
}

pl_status pl_table_discover(const char *path, const pl_discover_options *options, pl_discovery **discovery,
                            pl_error *error) {
    char *text;
    size_t length;
    *discovery = NULL;
    pl_status status = pl_reader_file(path, &text, &length, error);
    if (status == PL_OK) status = pl_table_discover_text(text, length, path, options, discovery, error);
    pl_release(text);
    return status;
}

void pl_discovery_free(pl_discovery *discovery) {
    if (!discovery) return;
    pl_arena_free(&discovery->arena);
    pl_release(discovery);
}
