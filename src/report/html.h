/* Small helpers that write HTML into a pl_text.  Texts that come from a situation or a model are always escaped; texts
 * of the catalogue may hold <b> and <em>.  A text in both languages is written twice, each with its lang attribute, and
 * the page's style shows one of them. */
#ifndef PL_HTML_H
#define PL_HTML_H
#include "ensemble/situation.h"
#include "report/text.h"

typedef enum pl_word {
#define WORD(id, en, es) PL_WORD_##id,
#define PAGE_WORD WORD
#include "report/words.h"
#undef WORD
#undef PAGE_WORD
    PL_WORD_COUNT
} pl_word;

/* A row of the catalogue. */
typedef struct pl_word_row {
    const char *id, *text[PL_LANGUAGES];
    bool of_page; /* JavaScript writes it */
} pl_word_row;
extern const pl_word_row pl_words[PL_WORD_COUNT];

/* Escapes & < > " and '. */
void pl_html_escape(pl_text *out, const char *text);
/* The catalogue's text itself. */
const char *pl_word_text(pl_word word, pl_language language);
/* A word in both languages. Further values are strings, the same in both; the last is NULL. */
enum { PL_WORD_VALUES = 9 };
void pl_html_word(pl_text *out, pl_word word, ...) __attribute__((sentinel));
/* A word in one language as plain text, nothing escaped. */
void pl_word_in(pl_text *out, pl_language language, pl_word word, const char *const values[PL_WORD_VALUES]);
/* The heads of a table's columns, one <th> for each word. */
void pl_html_heads(pl_text *out, const pl_word *heads, size_t count);
/* A title in both languages (once where they are the same), or the name where it has none. */
void pl_html_title(pl_text *out, pl_title title, const char *name);
/* A text that the situation gives in one language only, such as a source: shown in both, its language marked
 * as unknown. */
void pl_html_quoted(pl_text *out, const char *text, size_t length);
/* pl_rounded with the typographic minus; very small numbers as a power of ten. */
const char *pl_html_rounded(double value, int decimals, char out[PL_ROUNDED_ROOM]);
/* A number with all its digits, as one would write it by hand. */
const char *pl_html_plain(double value, char out[PL_ROUNDED_ROOM]);
/* The first with a plus where it is above 0 as rounded: for differences. */
const char *pl_html_signed(double value, int decimals, char out[PL_ROUNDED_ROOM]);
/* <name>word</name> in both languages. */
void pl_html_element(pl_text *out, const char *name, pl_word word);

/* A word with values that differ by language, to be filled in order: %1 first. Values are copied and cut where they are
 * longer than their room. */
enum { PL_VALUE_ROOM = 512 };
typedef struct pl_phrase {
    pl_word word;
    int count;
    char values[PL_WORD_VALUES][PL_LANGUAGES][PL_VALUE_ROOM];
} pl_phrase;
pl_phrase *pl_phrase_start(pl_phrase *phrase, pl_word word); /* gives the phrase */
void pl_phrase_text(pl_phrase *phrase, const char *text);    /* the same in all languages */
void pl_phrase_title(pl_phrase *phrase, pl_title title, const char *name);
void pl_phrase_number(pl_phrase *phrase, double value, int decimals);
void pl_phrase_signed(pl_phrase *phrase, double value, int decimals);
void pl_phrase_word(pl_phrase *phrase, pl_word word);
void pl_phrase_phrase(pl_phrase *phrase, const pl_phrase *value); /* of which the word holds no marks */
/* The phrase in one language, and in both. */
void pl_html_phrase_in(pl_text *out, const pl_phrase *phrase, pl_language language);
void pl_html_phrase(pl_text *out, const pl_phrase *phrase);
#endif
