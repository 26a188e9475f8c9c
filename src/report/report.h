/* What the parts of the report share: the results, and the studies that several of them tell of.  A study that one part
 * alone needs is made there. */
#ifndef PL_REPORT_H
#define PL_REPORT_H
#include "report/fan.h"
#include "report/html.h"
#include "report/json.h"
#include "report/measures.h"
#include "report/parts.h"
#include "study/history.h"
#include "study/play.h"
#include "study/risk.h"
#include "study/table.h"

struct pl_report {
    const pl_ensemble *ensemble;
    const pl_situation *situation;
    pl_report_options options;
    pl_comparison *comparison; /* its rows are the profiles of the report */
    pl_play *play;             /* NULL: no actors */
    pl_weighing *weighing;     /* made by the first part that asks (robust.h) */
    pl_history *history;       /* made by the first part that asks (history.h); NULL: none */
    bool no_history;           /* it was asked for, and there is none */
    pl_fans *fans;             /* of the comparison's rows */
    pl_risk_share *risks;      /* [risk][row] */
    pl_part_id part;           /* the one that writes */
    int tables;                /* that it has written */
    size_t table;              /* where in `out` the last one begins */
    pl_text out;               /* the parts, one after the other */
    json_t *data;              /* what JavaScript reads, by the parts' ids; NULL where memory ran out */
};

/* The page's script as it stands between its tags: the same in every page. */
void pl_report_put_script(pl_text *out);

/* Digits that the largest median of a table keeps. */
enum { PL_REPORT_DIGITS = 4, PL_DIFFERENCE_DIGITS = 3 };
/* The name of a row of the comparison: in both languages, as a value of a phrase, and as [en, es]. */
void pl_report_row_name(pl_report *report, int row);
void pl_phrase_row(pl_phrase *phrase, const pl_report *report, int row);
/* What a future draws, the uncertainties first and then the weights: a title, or "the weight of ... for ...". */
void pl_phrase_input(pl_phrase *phrase, const pl_report *report, int input);
/* A source, in which "judged" is a word of the situation's format. */
void pl_report_source(pl_report *report, const char *source);
json_t *pl_report_title_json(pl_title title, const char *name); /* [en, es]; the name where there is no title */
json_t *pl_report_row_titles(const pl_report *report); /* [profile][en, es] */
/* The units of a measure's differences: percentage points for per cent, "index, no unit" where it has no dimension; ""
 * where the model states none. */
pl_title pl_report_units(const pl_report *report, int measure);
/* " people/year" behind a number of a table, where there are units. */
void pl_report_put_units(pl_report *report, pl_title units);
/* "%1 (units)", and the former alone where there are none. */
void pl_phrase_in_units(pl_phrase *phrase, pl_title what, pl_title units);
/* "United States: this course; Mexico: that one" as a value of a phrase. */
void pl_phrase_profile(pl_phrase *phrase, const pl_report *report, long profile);
/* " (low … high)", the same in all languages; nothing where one is missing. */
void pl_report_range(pl_report *report, double low, double high, int decimals);
/* A word with the numbers low and high as %1 and %2. */
void pl_report_pair(pl_report *report, pl_word word, double low, double high, int decimals);
#endif
