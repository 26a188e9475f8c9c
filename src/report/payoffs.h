/* The figures and tables of the game's part. */
#ifndef PL_PAYOFFS_H
#define PL_PAYOFFS_H
#include "report/section.h"

/* Needs the report's play. Sets the data of the part. */
void pl_report_game_figures(pl_report *report);
#endif
