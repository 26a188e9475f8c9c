/* Small helpers that write HTML into a pl_text.  Texts that come from a situation or a model are always escaped; texts
 * of the catalogue may hold <b> and <em>.  A text in both languages is written twice, each with its lang attribute, and
 * the page's style shows one of them. */
#ifndef PL_HTML_H
#define PL_HTML_H
#include "ensemble/situation.h"
#include "report/text.h"
#include "report/words.h"

/* Escapes & < > " and '. */
void pl_html_escape(pl_text *out, const char *text);
/* The catalogue's text of a word in one language, its %1, %2, ... replaced by the values, escaped. */
enum { PL_WORD_VALUES = 6 };
void pl_html_word_in(pl_text *out, pl_language language, pl_word word, const char *const values[PL_WORD_VALUES]);
/* The catalogue's text itself. */
const char *pl_word_text(pl_word word, pl_language language);
/* The same in both languages. Further values are strings; the last is NULL. */
void pl_html_word(pl_text *out, pl_word word, ...) __attribute__((sentinel));
/* The heads of a table's columns, one <th> for each word. */
void pl_html_heads(pl_text *out, const pl_word *heads, size_t count);
/* A title in both languages (once where they are the same), or the name where it has none. */
void pl_html_title(pl_text *out, pl_title title, const char *name);
/* pl_rounded with the typographic minus; very small numbers as a power of ten. */
const char *pl_html_rounded(double value, int decimals, char out[PL_ROUNDED_ROOM]);
/* A number with all its digits, as one would write it by hand. */
const char *pl_html_plain(double value, char out[PL_ROUNDED_ROOM]);
/* The first with a plus where it is above 0 as rounded: for differences. */
const char *pl_html_signed(double value, int decimals, char out[PL_ROUNDED_ROOM]);
/* <name>word</name> in both languages. */
void pl_html_element(pl_text *out, const char *name, pl_word word);
/* <section id="ID"> with its heading, whose id is "ID-title". */
void pl_html_section(pl_text *out, const char *id, pl_word heading);
/* The opening of a box that scrolls sideways where its table is wide, named by the section's heading. */
void pl_html_scroll(pl_text *out, const char *section);
#endif
