/* The search for robust policies: several runs of an evolution side by side, so that their generations are one ensemble;
 * what they found is joined, and evaluated again on futures that the search has not seen: the best of many that were
 * tried on the same futures looks better there than it is (Smith and Winkler, Management Science 52:311, 2006). */
#include "study/search.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>

#include "base/philox.h"
#include "ensemble/explore.h"
#include "study/hypervolume.h"

enum { POINTS = 40, PROBE = 60, EVALUATIONS = 2000, SEEDS = 3, FUTURES = 50, CHECK_FUTURES = 500, MOST_JOINED = 2000 };
static const long long hypervolume_budget = 20000000;

/* The archive of a run at a time, for its hypervolume once the reference is known. */
typedef struct snapshot {
    double *points; /* [count][objectives] */
    int count;
    long at;
} snapshot;

typedef struct searching {
    pl_policy_search *result;
    pl_situation s;              /* with the options in the place of its own */
    const pl_search *search;
    const pl_search_options *options;
    pl_extent extent;
    pl_objectives *objectives;   /* over the search's futures, then over the check's */
    pl_population **populations;   /* [runs] */
    snapshot (*snapshots)[POINTS + 1]; /* [runs] */
    pl_archive joined;
    pl_candidate **asked;        /* [asked_room] */
    int asked_room;
    long done, all;
    pl_error *error;
    jmp_buf out;
    pl_status status;
} searching;

static void leave(void *context) { longjmp(*(jmp_buf *)context, 1); }

static void stop(searching *g, pl_status status) {
    g->status = status;
    longjmp(g->out, 1);
}

static void require(searching *g, pl_status status) {
    if (status != PL_OK) stop(g, status);
}

/* ---- futures ---------------------------------------------------------------------------------------------- */

/* Those of the search: the first of the design, or of the file. */
static pl_design search_design(const searching *g) {
    pl_situation s = g->s;
    s.futures = g->result->futures;
    pl_design design = pl_design_of(&s);
    return design;
}

/* Others: of another seed; of a file the rows behind, or all again where there are none. */
static pl_design check_design(const searching *g, long *first) {
    pl_situation s = g->s;
    *first = 0;
    s.futures = g->result->check_futures;
    if (!s.given) s.seed = pl_stream_key(s.seed, pl_fnv1a("search: check", 13));
    else if (g->result->independent) *first = g->result->futures;
    return pl_design_of(&s);
}

static int report_progress(void *context, long runs) {
    searching *g = context;
    g->done += runs;
    return g->options->progress ? g->options->progress(g->options->context, g->done, g->all) : 0;
}

static void make_objectives(searching *g, pl_design design, long first, long futures, long expected) {
    pl_objectives_options options = {.design = design, .first = first, .futures = futures, .expected = expected,
                                     .threads = g->options->threads, .progress = report_progress, .context = g};
    pl_objectives_free(g->objectives);
    g->objectives = NULL;
    g->status = pl_objectives_new(&g->s, &options, &g->objectives, g->error);
    require(g, g->status);
}

/* ---- epsilon ---------------------------------------------------------------------------------------------- */

/* Where none is given: a 200th of the range over a first generation. */
static void probe_epsilon(searching *g) {
    pl_policy_search *r = g->result;
    bool all_given = true;
    for (int k = 0; k < g->extent.objectives; k++) {
        r->epsilon[k] = g->search->objectives[k].epsilon;
        all_given = all_given && r->epsilon[k] > 0;
    }
    if (all_given) return;
    double ones[16];
    for (int k = 0; k < g->extent.objectives; k++) ones[k] = 1;
    pl_population_options options = {.extent = g->extent, .epsilon = ones, .seed = g->s.seed, .evaluations = PROBE};
    require(g, pl_population_new(&options, &g->populations[0]));
    pl_candidate *list;
    int count;
    require(g, pl_population_ask(g->populations[0], &list, &count));
    for (int i = 0; i < count; i++) g->asked[i] = &list[i];
    require(g, pl_objectives_evaluate(g->objectives, g->asked, count, g->error));
    for (int k = 0; k < g->extent.objectives; k++) {
        double low = list[0].f[k], high = low;
        for (int i = 1; i < count; i++) {
            if (list[i].f[k] < low) low = list[i].f[k];
            if (list[i].f[k] > high) high = list[i].f[k];
        }
        if (!(r->epsilon[k] > 0)) r->epsilon[k] = high > low ? (high - low) / 200 : 1e-6 * (1 + fabs(low));
    }
    pl_population_free(g->populations[0]);
    g->populations[0] = NULL;
}

/* ---- the loop --------------------------------------------------------------------------------------------- */

static void begin_runs(searching *g) {
    for (int i = 0; i < g->result->run_count; i++) {
        pl_population_options options = {.extent = g->extent, .epsilon = g->result->epsilon, .seed = g->s.seed,
                                        .number = i, .evaluations = g->result->evaluations};
        require(g, pl_population_new(&options, &g->populations[i]));
    }
}

static void make_asked_room(searching *g, int room) {
    if (room <= g->asked_room) return;
    pl_candidate **more = pl_reallocate(g->asked, 2 * (size_t)room * sizeof *more);
    if (!more) stop(g, PL_MEMORY);
    g->asked = more, g->asked_room = 2 * room;
}

/* The next generation of every run that is not over; how many candidates. */
static int ask_all(searching *g) {
    int all = 0;
    for (int i = 0; i < g->result->run_count; i++) {
        pl_candidate *list;
        int count;
        require(g, pl_population_ask(g->populations[i], &list, &count));
        make_asked_room(g, all + count);
        for (int k = 0; k < count; k++) g->asked[all++] = &list[k];
    }
    return all;
}

static void take_snapshot(searching *g, int run) {
    pl_search_run *r = &g->result->runs[run];
    const pl_archive *archive = pl_population_archive(g->populations[run]);
    long evaluations = pl_population_evaluations(g->populations[run]);
    long next = (long)((double)(r->point_count + 1) * (double)g->result->evaluations / POINTS);
    bool last = evaluations == g->result->evaluations;
    if (r->point_count > POINTS || (evaluations < next && !last)) return;
    if (r->point_count && g->snapshots[run][r->point_count - 1].at == evaluations) return;
    if (r->point_count == POINTS && !last) return;
    snapshot *s = &g->snapshots[run][r->point_count++];
    size_t objectives = (size_t)g->extent.objectives;
    *s = (snapshot){PL_ARRAY(&g->result->arena, (size_t)archive->count * objectives + 1, double), 0, evaluations};
    for (int i = 0; i < archive->count && archive->members[i].violation == 0; i++)
        memcpy(s->points + (size_t)s->count++ * objectives, archive->members[i].f, objectives * sizeof(double));
}

/* Where there is something to keep an interruption is an early end. */
static bool ends_here(searching *g, pl_status status) {
    bool any = false;
    for (int i = 0; i < g->result->run_count; i++) any = any || pl_population_archive(g->populations[i])->count;
    if (status != PL_INTERRUPTED || !any) require(g, status);
    g->result->interrupted = g->result->interrupted || status == PL_INTERRUPTED;
    return status == PL_INTERRUPTED;
}

static void run_loop(searching *g) {
    for (int count; (count = ask_all(g)) > 0;) {
        if (ends_here(g, pl_objectives_evaluate(g->objectives, g->asked, count, g->error))) return;
        for (int i = 0; i < g->result->run_count; i++) {
            require(g, pl_population_tell(g->populations[i]));
            take_snapshot(g, i);
        }
    }
}

/* ---- joining ---------------------------------------------------------------------------------------------- */

static void note_run(searching *g, int index) {
    const pl_population *e = g->populations[index];
    pl_search_run *r = &g->result->runs[index];
    r->number = index;
    r->evaluations = pl_population_evaluations(e), r->restarts = pl_population_restarts(e);
    r->archive = pl_population_archive(e)->count, r->population = pl_population_size(e);
    for (int i = 0; i < PL_OPERATOR_COUNT; i++) {
        r->probability[i] = pl_population_probability(e, (pl_operator)i);
        r->made[i] = pl_population_made(e, (pl_operator)i);
    }
}

/* The boxes of a run may have grown, then those of all have. */
static void join(searching *g) {
    pl_policy_search *r = g->result;
    for (int i = 0; i < r->run_count; i++) {
        const pl_archive *archive = pl_population_archive(g->populations[i]);
        for (int k = 0; k < g->extent.objectives; k++)
            if (archive->epsilon[k] > r->epsilon[k]) r->epsilon[k] = archive->epsilon[k];
        note_run(g, i);
    }
    require(g, pl_archive_new(g->extent, r->epsilon, &g->joined));
    for (int i = 0; i < r->run_count; i++) {
        const pl_archive *archive = pl_population_archive(g->populations[i]);
        bool taken;
        for (int k = 0; k < archive->count; k++) require(g, pl_archive_offer(&g->joined, &archive->members[k], &taken));
        while (g->joined.count > MOST_JOINED) require(g, pl_archive_widen(&g->joined));
    }
    memcpy(r->epsilon, g->joined.epsilon, (size_t)g->extent.objectives * sizeof *r->epsilon);
    r->feasible = g->joined.count && g->joined.members[0].violation == 0;
}

static double in_own_direction(const searching *g, int objective, double f) {
    return g->search->objectives[objective].maximise ? -f : f;
}

/* By the first objective, best first. */
static void sort_joined(searching *g) {
    pl_candidate *list = g->joined.members;
    for (int i = 1; i < g->joined.count; i++) {
        pl_candidate held = list[i];
        int k = i;
        for (; k > 0 && (list[k - 1].f[0] > held.f[0] ||
                         (list[k - 1].f[0] == held.f[0] && list[k - 1].seed > held.seed)); k--)
            list[k] = list[k - 1];
        list[k] = held;
    }
}

static pl_assessment new_assessment(searching *g) {
    pl_arena *arena = &g->result->arena;
    const pl_interval unknown = {NAN, NAN, NAN};
    pl_assessment a = {.objectives = PL_ARRAY(arena, g->extent.objectives, pl_interval),
                       .constraints = PL_ARRAY(arena, g->search->constraint_count + 1, pl_interval)};
    for (int k = 0; k < g->extent.objectives; k++) a.objectives[k] = unknown;
    for (int k = 0; k < g->search->constraint_count; k++) a.constraints[k] = unknown;
    return a;
}

static void note_policies(searching *g) {
    pl_policy_search *r = g->result;
    sort_joined(g);
    r->policy_count = g->joined.count;
    r->policies = PL_ARRAY(&r->arena, r->policy_count + 1, pl_found_policy);
    for (int i = 0; i < r->policy_count; i++) {
        const pl_candidate *c = &g->joined.members[i];
        pl_found_policy *p = &r->policies[i];
        *p = (pl_found_policy){.x = PL_ARRAY(&r->arena, g->extent.variables, double),
                               .values = PL_ARRAY(&r->arena, g->extent.variables, double),
                               .searched = PL_ARRAY(&r->arena, g->extent.objectives, double),
                               .searched_feasible = c->violation == 0, .checked = new_assessment(g), .seed = c->seed,
                               .evaluation = c->evaluation};
        memcpy(p->x, c->x, (size_t)g->extent.variables * sizeof *p->x);
        for (int v = 0; v < g->extent.variables; v++) p->values[v] = pl_search_value(&g->search->variables[v], c->x[v]);
        for (int k = 0; k < g->extent.objectives; k++) p->searched[k] = in_own_direction(g, k, c->f[k]);
        r->runs[c->seed].contributed++;
    }
}

/* ---- hypervolume ------------------------------------------------------------------------------------------ */

/* Where no reference is given: a tenth of the range beyond the worst of what was found. */
static void find_reference(searching *g, double *reference) {
    pl_policy_search *r = g->result;
    for (int k = 0; k < g->extent.objectives; k++) {
        double low = INFINITY, high = -INFINITY, given = g->search->objectives[k].reference;
        for (int i = 0; i < g->joined.count; i++) {
            double f = g->joined.members[i].f[k];
            if (f < low) low = f;
            if (f > high) high = f;
        }
        reference[k] = isnan(given) ? high + (high > low ? 0.1 * (high - low) : 1e-6 * (1 + fabs(high)))
                                    : in_own_direction(g, k, given);
        r->ideal[k] = in_own_direction(g, k, low), r->reference[k] = in_own_direction(g, k, reference[k]);
    }
}

static void find_hypervolumes(searching *g) {
    pl_policy_search *r = g->result;
    int objectives = g->extent.objectives;
    double reference[16];
    find_reference(g, reference);
    for (int i = 0; i < r->run_count; i++) {
        pl_search_run *run = &r->runs[i];
        run->at = PL_ARRAY(&r->arena, run->point_count + 1, long);
        run->hypervolume = PL_ARRAY(&r->arena, run->point_count + 1, double);
        for (int k = 0; k < run->point_count; k++) {
            const snapshot *s = &g->snapshots[i][k];
            run->at[k] = s->at;
            run->hypervolume[k] = pl_hypervolume(s->points, s->count, objectives, reference, hypervolume_budget);
        }
    }
    double *points = PL_ARRAY(&r->arena, (size_t)g->joined.count * (size_t)objectives + 1, double);
    for (int i = 0; i < g->joined.count; i++)
        memcpy(points + (size_t)i * (size_t)objectives, g->joined.members[i].f, (size_t)objectives * sizeof *points);
    r->hypervolume = pl_hypervolume(points, r->feasible ? g->joined.count : 0, objectives, reference, hypervolume_budget);
}

/* ---- the check on other futures --------------------------------------------------------------------------- */

/* Whether a is better than b in some objective and worse in none, by their estimates. */
static bool dominates(const searching *g, const pl_assessment *a, const pl_assessment *b) {
    bool better = false;
    for (int k = 0; k < g->extent.objectives; k++) {
        double x = a->objectives[k].estimate, y = b->objectives[k].estimate;
        if (g->search->objectives[k].maximise) x = -x, y = -y;
        if (!(x <= y)) return false;
        better = better || x < y;
    }
    return better;
}

static void check_policies(searching *g) {
    pl_policy_search *r = g->result;
    pl_assessment *assessments = PL_ARRAY(&r->arena, r->policy_count + 1, pl_assessment);
    const double **x = PL_ARRAY(&r->arena, r->policy_count + 1, const double *);
    for (int i = 0; i < r->policy_count; i++) assessments[i] = new_assessment(g), x[i] = r->policies[i].x;
    if (ends_here(g, pl_objectives_assess(g->objectives, x, r->policy_count, assessments, g->error))) return;
    r->checked = true;
    for (int i = 0; i < r->policy_count; i++) r->policies[i].checked = assessments[i];
    for (int i = 0; i < r->policy_count; i++)
        for (int j = 0; j < r->policy_count && !r->policies[i].dominated; j++)
            r->policies[i].dominated = assessments[j].feasible >= assessments[i].feasible &&
                                       dominates(g, &assessments[j], &assessments[i]);
}

static void check_profiles(searching *g) {
    pl_policy_search *r = g->result;
    long base = pl_situation_combination(&g->s, g->s.base_course);
    bool named = false;
    r->profiles = PL_ARRAY(&r->arena, g->s.profile_count + 1, pl_compared_profile);
    for (int i = 0; i < g->s.profile_count; i++) {
        long profile = pl_situation_combination(&g->s, g->s.profiles[i].course);
        named = named || profile == base;
        r->profiles[r->profile_count++] = (pl_compared_profile){.profile = profile, .name = g->s.profiles[i].name};
    }
    if (!named && g->s.actor_count) r->profiles[r->profile_count++] = (pl_compared_profile){.profile = base};
    for (int i = 0; i < r->profile_count; i++) {
        pl_compared_profile *p = &r->profiles[i];
        p->checked = new_assessment(g);
        require(g, pl_objectives_assess_profiles(g->objectives, &p->profile, 1, &p->checked, g->error));
        for (int k = 0; k < r->policy_count; k++)
            p->dominators += r->policies[k].checked.feasible && dominates(g, &r->policies[k].checked, &p->checked);
    }
}

/* ---- all of it -------------------------------------------------------------------------------------------- */

static long first_of(long a, long b, long c) { return a ? a : b ? b : c; }

static void settle_numbers(searching *g) {
    pl_policy_search *r = g->result;
    const pl_search_options *o = g->options;
    if (o->seed_given) g->s.seed = o->seed;
    r->seed = g->s.seed;
    r->evaluations = first_of(o->evaluations, g->search->evaluations, EVALUATIONS);
    r->run_count = (int)first_of(o->seeds, g->search->seeds, SEEDS);
    r->futures = first_of(o->futures, g->search->futures, FUTURES);
    r->check_futures = first_of(o->check_futures, g->search->check_futures, CHECK_FUTURES);
    r->independent = true;
    if (!g->s.given) return;
    long rows = g->s.given->futures;
    if (r->futures > rows) r->futures = rows;
    r->independent = rows > r->futures;
    if (!r->independent) r->check_futures = rows;
    else if (r->check_futures > rows - r->futures) r->check_futures = rows - r->futures;
}

/* Where futures differ in nothing one of them is all. */
static void settle_futures(searching *g) {
    pl_policy_search *r = g->result;
    long candidates = 20L * r->run_count;
    make_objectives(g, search_design(g), 0, r->futures, candidates);
    r->varies = pl_objectives_vary(g->objectives);
    if (r->varies || r->futures == 1) {
        if (!r->varies) r->check_futures = 1;
        return;
    }
    r->futures = r->check_futures = 1;
    make_objectives(g, search_design(g), 0, 1, candidates);
}

static void check(searching *g) {
    pl_policy_search *r = g->result;
    long first;
    pl_design design = check_design(g, &first);
    g->all += r->policy_count * r->check_futures;
    make_objectives(g, design, first, r->check_futures, r->policy_count ? r->policy_count : 1);
    check_policies(g);
    if (r->checked) check_profiles(g);
}

static void search_all(searching *g) {
    pl_policy_search *r = g->result;
    pl_arena *arena = &r->arena;
    settle_numbers(g);
    r->epsilon = PL_ARRAY(arena, g->extent.objectives, double), r->reference = PL_ARRAY(arena, g->extent.objectives, double);
    r->ideal = PL_ARRAY(arena, g->extent.objectives, double);
    r->runs = PL_ARRAY(arena, r->run_count, pl_search_run);
    g->snapshots = pl_arena_array(arena, (size_t)r->run_count, sizeof *g->snapshots);
    g->populations = PL_ARRAY(arena, r->run_count, pl_population *);
    make_asked_room(g, PROBE);
    settle_futures(g);
    g->all = r->evaluations * r->run_count * r->futures;
    probe_epsilon(g);
    g->done = 0;
    begin_runs(g);
    run_loop(g);
    join(g);
    note_policies(g);
    find_hypervolumes(g);
    if (!r->interrupted) check(g);
}

static void release(searching *g) {
    pl_objectives_free(g->objectives);
    for (int i = 0; g->populations && i < g->result->run_count; i++) pl_population_free(g->populations[i]);
    pl_archive_free(&g->joined);
    pl_release(g->asked);
}

static pl_status check_options(const pl_situation *s, const pl_search_options *o, pl_error *error) {
    if (!s->search)
        return pl_error_set(error, PL_INVALID, s->file, 0, 0, "the situation has no 'search': it says what to vary, and "
                            "what counts as good (docs/search.md)");
    if (o->evaluations < 0 || o->evaluations > 10000000)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "evaluations must be from 1 to 10000000");
    if (o->seeds < 0 || o->seeds > 100) return pl_error_set(error, PL_USAGE, NULL, 0, 0, "seeds must be from 1 to 100");
    if (o->futures < 0 || o->futures > PL_MOST_SEARCH_FUTURES)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "futures must be from 1 to %d", PL_MOST_SEARCH_FUTURES);
    if (pl_design_basis_of(s->design) == PL_BASIS_NONE)
        return pl_error_set(error, PL_INVALID, s->file, 0, 0,
                            "the design '%s' is no sample of what may come: a search needs one", s->design);
    return PL_OK;
}

static pl_status tell_interruption(const pl_policy_search *r, pl_error *error) {
    long done = 0;
    for (int i = 0; i < r->run_count; i++) done += r->runs[i].evaluations;
    return pl_error_set(error, PL_INTERRUPTED, NULL, 0, 0,
                        "interrupted after %ld of %ld evaluations: the policies found by then are given%s", done,
                        r->evaluations * r->run_count,
                        r->checked ? "" : ", but were not evaluated again on other futures");
}

pl_status pl_situation_search(const pl_situation *situation, const pl_search_options *options,
                              pl_policy_search **search, pl_error *error) {
    static const pl_search_options none;
    *search = NULL;
    if (!options) options = &none;
    pl_status status = check_options(situation, options, error);
    if (status != PL_OK) return status;
    pl_policy_search *r = pl_allocate(sizeof *r);
    if (!r) return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    searching g = {.result = r, .s = *situation, .search = situation->search, .options = options, .error = error,
                   .status = PL_MEMORY,
                   .extent = {situation->search->variable_count, situation->search->objective_count}};
    r->s = situation, r->search = situation->search;
    r->arena.out_of_memory = leave, r->arena.context = &g.out;
    if (setjmp(g.out) == 0) {
        search_all(&g);
        g.status = PL_OK;
    }
    release(&g);
    r->arena.out_of_memory = NULL;
    if (g.status == PL_MEMORY) pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory");
    if (g.status != PL_OK) pl_policy_search_free(r);
    else *search = r;
    return g.status == PL_OK && r->interrupted ? tell_interruption(r, error) : g.status;
}

void pl_policy_search_free(pl_policy_search *search) {
    if (!search) return;
    pl_arena_free(&search->arena);
    pl_release(search);
}

/* ---- access ----------------------------------------------------------------------------------------------- */

int pl_policy_search_count(const pl_policy_search *search) { return search->policy_count; }
double pl_policy_search_hypervolume(const pl_policy_search *search, int run) {
    const pl_search_run *r = run < 0 ? NULL : &search->runs[run];
    if (!r) return search->hypervolume;
    return r->point_count ? r->hypervolume[r->point_count - 1] : NAN;
}
