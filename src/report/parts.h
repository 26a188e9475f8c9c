/* The parts of the page, in its order: X(id, HEADING).
 *
 * A part is pl_part_ID in a file of its own. It writes nothing where the results hold nothing for it; else its section
 * (section.h), whose element is id and whose heading is the word HEADING, and its object of the page's data, under id. */
#ifndef PL_PARTS_H
#define PL_PARTS_H
#include "base/error.h"

#define PL_REPORT_PARTS(X)   \
    X(findings, FINDINGS)    \
    X(outcomes, OUTCOMES)    \
    X(time, TIME)            \
    X(game, GAME)            \
    X(robust, ROBUST)        \
    X(gains, GAINS)          \
    X(burdens, BURDENS)      \
    X(front, FRONT)          \
    X(stages, STAGES)        \
    X(risks, RISKS)          \
    X(hinges, HINGES)        \
    X(driving, DRIVING)      \
    X(discover, DISCOVER)    \
    X(playing, PLAYING)      \
    X(history, HISTORY)      \
    X(claims, CLAIMS)        \
    X(advice, ADVICE)        \
    X(actors, ACTORS)        \
    X(takes, TAKES)          \
    X(uncertain, UNCERTAIN)  \
    X(reading, READING)      \
    X(about, ABOUT)

typedef struct pl_report pl_report;

typedef enum pl_part_id {
#define X(id, heading) PL_PART_##id,
    PL_REPORT_PARTS(X)
#undef X
        PL_PART_COUNT
} pl_part_id;

#define X(id, heading) pl_status pl_part_##id(pl_report *report, pl_error *error);
PL_REPORT_PARTS(X)
#undef X
#endif
