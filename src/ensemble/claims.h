/* Claims: what the sources of a situation say, each with the place where it lives in the model and, where it says that
 * one thing changes another, how to test it.  A situation names a CSV file under `claims`; docs/claims.md gives its
 * columns.  Reading binds every name; nothing is simulated here. */
#ifndef PL_CLAIMS_H
#define PL_CLAIMS_H
#include "ensemble/situation.h"

/* X(id, name, what it names) */
#define PL_PLACES(X)                                                   \
    X(VARIABLE, "variable", "a variable of the model")                 \
    X(LEVER, "lever", "a constant that a course sets")                 \
    X(COURSE, "course", "ACTOR/COURSE")                                \
    X(ACTOR, "actor", "an actor")                                      \
    X(UNCERTAINTY, "uncertainty", "an uncertain constant")             \
    X(MEASURE, "measure", "a measure")                                 \
    X(PROFILE, "profile", "a named profile")                           \
    X(RISK, "risk", "a risk")                                          \
    X(CHECK, "check", "a declared check")                              \
    X(PLAY, "play", "")                                                \
    X(OUTSIDE, "outside", "")

typedef enum pl_place_kind {
#define X(id, name, text) PL_PLACE_##id,
    PL_PLACES(X)
#undef X
        PL_PLACE_COUNT
} pl_place_kind;

typedef struct pl_claim_place {
    pl_place_kind kind;
    int index;      /* of the variable (in the model), input (LEVER), actor, uncertainty, measure, profile, risk, check */
    int course;     /* COURSE: of the actor `index` */
    const char *text; /* as written, without blanks around */
} pl_claim_place;

/* What is changed: a course of an actor, or a constant. */
typedef struct pl_claim_move {
    const char *text;  /* as written; NULL: there is none */
    int actor;         /* >= 0: courses; from_course < 0: every other course of the actor in turn */
    int from_course, to_course;
    pl_variable *variable; /* else a constant; element as in pl_input */
    int element;
    double from, to;
} pl_claim_move;

typedef struct pl_claim_setting { /* a constant of the context */
    pl_variable *variable;
    int element;
    double value;
} pl_claim_setting;

/* X(id, name, what is tested) */
#define PL_CLAIM_FORMS(X)                                                                                        \
    X(DIRECT, "direct", "the sign of the effect")                                                                \
    X(CHAIN, "chain", "the sign of the cause's effect on each measure of a chain, and on all of them at once")   \
    X(NULL, "null", "that the effect is smaller than a band")                                                    \
    X(MODERATED, "moderated", "the sign of the difference that a moderator makes to the effect")                 \
    X(COMPARATIVE, "comparative", "the sign of the difference from each other course of the actor")              \
    X(HORIZON, "horizon", "the sign of the effect in each of two spans")                                         \
    X(MOTIVE, "motive", "that a want makes a course the better one for its actor")

typedef enum pl_claim_form {
#define X(id, name, text) PL_CLAIM_##id,
    PL_CLAIM_FORMS(X)
#undef X
        PL_CLAIM_FORM_COUNT
} pl_claim_form;
extern const char *const pl_claim_form_names[PL_CLAIM_FORM_COUNT];

typedef struct pl_span { /* of years; NaN: the measure's own */
    double from, to;
} pl_span;

typedef struct pl_claim {
    const char *id, *article, *kind, *asserted_by, *hedge, *reason, *context;
    pl_title text;
    pl_place at; /* of the row's first field */
    pl_claim_place *places;
    int place_count;
    bool tested;         /* it has a cause and an effect */
    pl_claim_form form;
    pl_claim_move cause, moderator; /* moderator: of MODERATED */
    int *effects;        /* [effect_count] measures: of CHAIN several, of HORIZON one or two, else one */
    char *signs;         /* [effect_count] '+', '-', '0' or '?' claimed for each (HORIZON: for each span) */
    int effect_count;
    pl_span *spans;      /* [span_count] of HORIZON, else one */
    int span_count;
    int *context_course; /* [actor_count] of the sides; the base's where not given */
    pl_claim_setting *context_settings;
    int context_setting_count;
} pl_claim;

typedef struct pl_claims {
    pl_arena arena;
    char *text; /* the file's */
    size_t length;
    const char *file;
    pl_claim *claims;
    int count;
} pl_claims;

/* Reads the claims of a situation; errors of rows go to findings, the first to error too. PL_NO_DATA where the situation
 * names no claims, PL_INVALID, PL_FILE, PL_MEMORY. The situation outlives them. */
pl_status pl_claims_read(const pl_situation *situation, pl_claims **claims, pl_findings *findings, pl_error *error);
/* The same from a text; file stands for it in messages. */
pl_status pl_claims_parse(const pl_situation *situation, const char *text, size_t length, const char *file,
                          pl_claims **claims, pl_findings *findings, pl_error *error);
void pl_claims_free(pl_claims *claims);
#endif
