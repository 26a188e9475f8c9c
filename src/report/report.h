/* What the sections of the report share. */
#ifndef PL_REPORT_H
#define PL_REPORT_H
#include "report/fan.h"
#include "report/html.h"
#include "report/measures.h"
#include "study/play.h"
#include "study/risk.h"
#include "study/table.h"

typedef struct pl_report {
    const pl_ensemble *ensemble;
    const pl_situation *situation;
    pl_comparison *comparison; /* its rows are the profiles of the report */
    pl_play *play;             /* NULL: no actors */
    pl_fans *fans;             /* of the comparison's rows */
    pl_risk_share *risks;      /* [risk][row] */
    pl_text out;
} pl_report;

/* Each writes one section, with its heading. */
void pl_report_actors(pl_report *report);        /* inputs.c */
void pl_report_uncertainties(pl_report *report);
void pl_report_outcomes(pl_report *report);      /* outcomes.c */
void pl_report_fans(pl_report *report);
void pl_report_risks(pl_report *report);
void pl_report_game(pl_report *report);          /* equilibria.c */

/* Digits that the largest median of a table keeps. */
enum { PL_REPORT_DIGITS = 4, PL_DIFFERENCE_DIGITS = 3 };
/* The name of a row, in both languages. */
void pl_report_row_name(pl_report *report, int row);
/* A word with the numbers low and high as %1 and %2. */
void pl_report_pair(pl_report *report, pl_word word, double low, double high, int decimals);
#endif
