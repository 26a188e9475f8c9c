/* How a part writes its section, from top to bottom:
 *
 *     pl_section_open      <section id="ID"> with its heading
 *     pl_section_caption   a sentence that says what is seen, made from the results
 *     pl_section_figure    the place of a drawing: JavaScript's figure of that name draws the part's data there
 *     pl_section_table     a table of the same numbers behind a toggle (then its rows), pl_section_table_end
 *     pl_section_close     the source line
 *     pl_section_data      the part's object in the page's data
 *
 * Each but the first and the one that closes may be left out or come several times. The page's script adds the downloads:
 * every table as CSV, every figure as SVG. */
#ifndef PL_SECTION_H
#define PL_SECTION_H
#include "report/report.h"

/* The id of a part, and its heading. */
const char *pl_part_name(pl_part_id part);
pl_word pl_part_heading(pl_part_id part);

void pl_section_open(pl_report *report);
/* A paragraph: of the class "caption", which names the figures behind it, and plain. */
void pl_section_caption(pl_report *report, const pl_phrase *phrase);
void pl_section_say(pl_report *report, const pl_phrase *phrase);
void pl_section_figure(pl_report *report, const char *figure);
/* One of several: with attributes that say which, named by the caption before it. */
void pl_section_figure_with(pl_report *report, const char *figure, const char *attributes);
/* One of several: with attributes that say which (as `data-variable="2"`), and a caption of its own. */
void pl_section_figure_of(pl_report *report, const char *figure, const char *attributes, const pl_phrase *caption);
/* The table's caption, and the heads of its columns; rows are written by the part as <tr>...</tr>. heads NULL: the part
 * writes <thead> and <tbody>, as pl_section_profile_heads does for a table with a column for each profile. */
void pl_section_table(pl_report *report, const pl_phrase *caption, const pl_word *heads, size_t count);
void pl_section_profile_heads(pl_report *report);
void pl_section_table_end(pl_report *report);
/* command: the command of parley that prints the same numbers, NULL where none does; "": they are the situation's own. */
void pl_section_close(pl_report *report, const char *command);
void pl_section_close_with(pl_report *report, const pl_phrase *source);
void pl_section_data(pl_report *report, json_t *object);
#endif
