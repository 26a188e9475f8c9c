/* Findings: statements about the results that hold up, each with the futures in which it does.
 *
 * A kind of finding is one row below: it tests all its statements, and the best of those that pass is kept. A statement
 * passes where it holds in at least PL_FINDING_SHARE of the futures (an equilibrium: of the resamples), each with the
 * weights that were drawn there. No kind knows which side is ours: measures count by how many actors want something of
 * them, whatever they want. */
#ifndef PL_FINDING_H
#define PL_FINDING_H
#include "study/play.h"
#include "study/risk.h"
#include "study/table.h"

#define PL_FINDING_SHARE 0.9

/* X(id, the question that it answers, what is stated) */
#define PL_FINDING_KINDS(X)                                                                                       \
    X(EQUILIBRIUM, 0, "no actor gains by leaving a profile alone; the margin is what leaving costs the one it costs least") \
    X(COURSE, 1, "a course of an actor moves a measure one way against its base course, whatever the others do")  \
    X(PROFILE, 1, "a named profile moves a measure one way against the base; another than COURSE, if it can be")   \
    X(DOMINANT, 2, "a course is better for its actor than others of its courses, whatever the others do")         \
    X(RISKS, 2, "a named profile in which many risks happen, and one in which few do")
enum { PL_FINDING_QUESTIONS = 3 };

typedef enum pl_finding_kind {
#define X(id, question, text) PL_FINDING_##id,
    PL_FINDING_KINDS(X)
#undef X
        PL_FINDING_COUNT
} pl_finding_kind;

typedef struct pl_finding {
    pl_finding_kind kind;
    pl_interval share;   /* of futures in which it holds; EQUILIBRIUM: of resamples, without interval; RISKS: NaN */
    double median;       /* of the margin */
    double *margin;      /* [future] above 0 where it holds; NaN: missing; NULL: RISKS */
    int actor, course;   /* COURSE, DOMINANT */
    int beaten;          /* DOMINANT: how many of the actor's courses, */
    const bool *beats;   /* [course] and which */
    int measure;         /* COURSE, PROFILE */
    bool lower;          /* the measure becomes less, not more */
    long profile;        /* EQUILIBRIUM; PROFILE, RISKS: a row of the comparison */
    int second;          /* RISKS: the row with few */
    int sure, second_sure, second_rare; /* RISKS: risks that happen in at least 90 % of futures; in at most 10 % */
    /* What breaks it: the uncertainty (from uncertainty_count on: the drawn weight) whose draws go with the margin most
     * by rank, -1: none; whether it breaks at high draws; and in what share of the fifth of futures with the highest
     * (lowest) draws it holds. */
    int turns;
    bool turns_high;
    double correlation;
    double there;
    double rank;
} pl_finding;

/* What is not known: a named profile that moves a measure up in about as many futures as down. */
typedef struct pl_open_question {
    int row, measure;    /* -1: there is none */
    double share;        /* of futures in which it moves up */
    int turns;           /* as above */
    bool turns_high;     /* high draws go with up */
    int undecided, pairs; /* wanted measures x named profiles: in between 10 and 90 % of futures up; all */
} pl_open_question;

typedef struct pl_conclusions {
    pl_arena arena;
    pl_finding list[PL_FINDING_COUNT]; /* at most one for each question, in their order; then others */
    int count;
    long tested, held; /* statements */
    pl_open_question open;
} pl_conclusions;

/* play NULL: without actors. PL_MEMORY. Futures that are no sample of what may come give no findings. */
pl_status pl_conclude(const pl_comparison *comparison, const pl_play *play, const pl_risk_share *risks,
                      pl_conclusions **conclusions, pl_error *error);
void pl_conclusions_free(pl_conclusions *conclusions);

/* How many actors' wants name a measure. */
int pl_measure_wanted(const pl_situation *situation, int measure);
#endif
