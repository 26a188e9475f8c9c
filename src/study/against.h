/* What the others do while an actor chooses: a course's outcome depends on it, so that each course is weighed against
 * a stated treatment of the others.  A treatment gives, for each course of the actor, the profiles that count and how
 * much each does, or, for the worst case, a profile for each future. */
#ifndef PL_AGAINST_H
#define PL_AGAINST_H
#include "study/play.h"

/* X(id, "name", "what the others do"); the first is the default */
#define PL_OTHERS(X) \
    X(RESPONSE, "response", \
      "the others answer each course with an equilibrium of the game that is left between them") \
    X(EQUILIBRIUM, "equilibrium", "the others play an equilibrium of the whole game, whatever the course") \
    X(BASE, "base", "the others play the base's courses") \
    X(MEAN, "mean", "each combination of the others' courses counts the same") \
    X(WORST, "worst", "in each future the others play what is worst for the actor") \
    X(PROFILE, "", "the others play as in a named profile")

typedef enum pl_others_kind {
#define X(id, name, text) PL_OTHERS_##id,
    PL_OTHERS(X)
#undef X
        PL_OTHERS_COUNT
} pl_others_kind;
extern const char *const pl_others_names[PL_OTHERS_COUNT], *const pl_others_texts[PL_OTHERS_COUNT];

typedef struct pl_answer { /* to one course: profiles, all with that course */
    long *profile;
    double *weight; /* [count]; they add up to 1 */
    int count;
    bool pure;      /* RESPONSE: the others found an equilibrium in courses played for certain */
    bool found;     /* RESPONSE: false: none was found, and the profile of the smallest regret stands for it */
    long *worst;    /* [future of the sample] WORST; else NULL */
} pl_answer;

typedef struct pl_against {
    pl_others_kind kind;
    int actor;
    long profile;       /* BASE, PROFILE: the one that the others play as in */
    int equilibrium;    /* EQUILIBRIUM: which of the play's */
    pl_answer *answers; /* [course] */
} pl_against;

/* The treatment of a name: a row's, or a named profile's; *profile is that of a named one. PL_USAGE with the names. */
pl_status pl_others_find(const pl_ensemble *ensemble, const char *name, pl_others_kind *kind, long *profile,
                         pl_error *error);
/* play: of the ensemble. PL_INVALID: there is no equilibrium for the others to play; PL_MEMORY. Leaves by the arena's
 * out_of_memory. */
pl_status pl_against_make(pl_against *against, pl_arena *arena, const pl_play *play, int actor, pl_others_kind kind,
                          long profile, pl_error *error);
/* What a course brings of something, [profile][future of the ensemble], in each of the sample's futures: out[count]. */
void pl_against_values(const pl_against *against, const pl_play *play, const double *values, int course, double *out);
#endif
