/* See html.h. */
#include "report/html.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"

const pl_word_row pl_words[PL_WORD_COUNT] = {
#define WORD(id, en, es) {#id, {en, es}, false},
#define PAGE_WORD(id, en, es) {#id, {en, es}, true},
#include "report/words.h"
#undef WORD
#undef PAGE_WORD
};
static const char *const codes[PL_LANGUAGES] = {"en", "es"};

static void put_escaped(pl_text *out, const char *text, size_t length) {
    for (const char *end = text + length; text < end; text++) {
        switch (*text) {
        case '&': pl_text_put(out, "&amp;"); break;
        case '<': pl_text_put(out, "&lt;"); break;
        case '>': pl_text_put(out, "&gt;"); break;
        case '"': pl_text_put(out, "&quot;"); break;
        case '\'': pl_text_put(out, "&#39;"); break;
        default: pl_text_put_bytes(out, text, 1);
        }
    }
}

void pl_html_escape(pl_text *out, const char *text) { put_escaped(out, text, strlen(text)); }

const char *pl_word_text(pl_word word, pl_language language) { return pl_words[word].text[language]; }

/* The value that a %1, %2, ... at s stands for; -1 where it is none. */
static int value_at(const char *s) {
    return s[0] == '%' && s[1] >= '1' && s[1] <= '0' + PL_WORD_VALUES ? s[1] - '1' : -1;
}

static void put_word(pl_text *out, pl_language language, pl_word word, const char *const values[PL_WORD_VALUES],
                     void (*put_value)(pl_text *, const char *)) {
    for (const char *s = pl_words[word].text[language]; *s; s++) {
        int value = value_at(s);
        if (value < 0) {
            pl_text_put_bytes(out, s, 1);
            continue;
        }
        if (values[value]) put_value(out, values[value]);
        s++;
    }
}

void pl_word_in(pl_text *out, pl_language language, pl_word word, const char *const values[PL_WORD_VALUES]) {
    put_word(out, language, word, values, pl_text_put);
}

void pl_html_word(pl_text *out, pl_word word, ...) {
    const char *values[PL_WORD_VALUES] = {0};
    va_list list;
    va_start(list, word);
    for (int i = 0; i < PL_WORD_VALUES; i++)
        if (!(values[i] = va_arg(list, const char *))) break;
    va_end(list);
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text_format(out, "<span lang=\"%s\">", codes[language]);
        put_word(out, (pl_language)language, word, values, pl_html_escape);
        pl_text_put(out, "</span>");
    }
}

void pl_html_heads(pl_text *out, const pl_word *heads, size_t count) {
    for (size_t i = 0; i < count; i++) {
        pl_text_put(out, "<th scope=\"col\">");
        pl_html_word(out, heads[i], NULL);
        pl_text_put(out, "</th>");
    }
}

void pl_html_title(pl_text *out, pl_title title, const char *name) {
    if (strcmp(title.in[PL_EN], title.in[PL_ES]) == 0) {
        pl_html_escape(out, *title.in[PL_EN] ? title.in[PL_EN] : name);
        return;
    }
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text_format(out, "<span lang=\"%s\">", codes[language]);
        pl_html_escape(out, title.in[language]);
        pl_text_put(out, "</span>");
    }
}

void pl_html_quoted(pl_text *out, const char *text, size_t length) {
    if (!length) return;
    pl_text_put(out, "<span lang=\"\" class=\"quoted\">");
    put_escaped(out, text, length);
    pl_text_put(out, "</span>");
}

void pl_html_element(pl_text *out, const char *name, pl_word word) {
    pl_text_format(out, "<%s>", name);
    pl_html_word(out, word, NULL);
    pl_text_format(out, "</%s>\n", name);
}

static const char *with_minus(const char *plain, char out[PL_ROUNDED_ROOM]) {
    bool negative = plain[0] == '-' && plain[1];
    snprintf(out, PL_ROUNDED_ROOM, "%s%.60s", negative ? "\u2212" : "", plain + negative);
    return out;
}

/* "4.5e-9" as 4.5 times a power of ten, its exponent in raised digits. */
static const char *raise_exponent(const char *number, char out[PL_ROUNDED_ROOM]) {
    static const char *const raised[] = {"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                         "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
    char mantissa[PL_ROUNDED_ROOM], minus[PL_ROUNDED_ROOM];
    size_t length = strcspn(number, "e");
    if (!number[length]) return with_minus(number, out);
    snprintf(mantissa, sizeof mantissa, "%.*s", (int)length, number);
    int used = snprintf(out, PL_ROUNDED_ROOM, "%s\u00a0\u00d7\u00a0" "10", with_minus(mantissa, minus));
    for (const char *s = number + length + 1; *s && used < PL_ROUNDED_ROOM - 8; s++) {
        if (*s == '-') used += snprintf(out + used, 4, "\u207b");
        else if (*s >= '0' && *s <= '9') used += snprintf(out + used, 4, "%s", raised[*s - '0']);
    }
    return out;
}

enum { PLAIN_DECIMALS = 6 }; /* more than these are a power of ten's business */

const char *pl_html_rounded(double value, int decimals, char out[PL_ROUNDED_ROOM]) {
    char plain[PL_ROUNDED_ROOM], shortest[32];
    if (decimals <= PLAIN_DECIMALS || isnan(value) || value == 0) {
        return with_minus(pl_rounded(value, decimals, plain), out);
    }
    snprintf(plain, sizeof plain, "%.2e", value);
    pl_number_print(strtod(plain, NULL), shortest);
    return raise_exponent(shortest, out);
}

const char *pl_html_plain(double value, char out[PL_ROUNDED_ROOM]) {
    char shortest[32];
    pl_number_print(value, shortest);
    if (strchr(shortest, 'e')) return raise_exponent(shortest, out);
    const char *point = strchr(shortest, '.');
    int decimals = point ? (int)strlen(point + 1) : 0;
    if (decimals <= PLAIN_DECIMALS + 6) {
        char plain[PL_ROUNDED_ROOM];
        return with_minus(pl_rounded(value, decimals, plain), out);
    }
    return with_minus(shortest, out);
}

const char *pl_html_signed(double value, int decimals, char out[PL_ROUNDED_ROOM]) {
    char plain[PL_ROUNDED_ROOM];
    pl_html_rounded(value, decimals, plain);
    bool zero = !plain[strspn(plain, "0.,")];
    snprintf(out, PL_ROUNDED_ROOM, "%s%.62s", value > 0 && !zero ? "+" : "", plain);
    return out;
}

/* ---- phrases ------------------------------------------------------------------------------------------- */

pl_phrase *pl_phrase_start(pl_phrase *phrase, pl_word word) {
    phrase->word = word;
    phrase->count = 0;
    return phrase;
}

static void add_value(pl_phrase *phrase, const char *const texts[PL_LANGUAGES]) {
    if (phrase->count == PL_WORD_VALUES) return;
    for (int language = 0; language < PL_LANGUAGES; language++) {
        char *value = phrase->values[phrase->count][language];
        snprintf(value, PL_VALUE_ROOM, "%s", texts[language]);
        size_t end = strlen(value); /* a character that was cut in two is left out */
        if (end + 1 == PL_VALUE_ROOM)
            while (end > 0 && ((unsigned char)value[end - 1] & 0x80)) value[--end] = 0;
    }
    phrase->count++;
}

void pl_phrase_text(pl_phrase *phrase, const char *text) {
    add_value(phrase, (const char *const[PL_LANGUAGES]){text, text});
}

void pl_phrase_title(pl_phrase *phrase, pl_title title, const char *name) {
    const char *texts[PL_LANGUAGES];
    for (int i = 0; i < PL_LANGUAGES; i++) texts[i] = *title.in[i] ? title.in[i] : name;
    add_value(phrase, texts);
}

void pl_phrase_number(pl_phrase *phrase, double value, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_phrase_text(phrase, pl_html_rounded(value, decimals, number));
}

void pl_phrase_signed(pl_phrase *phrase, double value, int decimals) {
    char number[PL_ROUNDED_ROOM];
    pl_phrase_text(phrase, pl_html_signed(value, decimals, number));
}

void pl_phrase_word(pl_phrase *phrase, pl_word word) { add_value(phrase, pl_words[word].text); }

static void put_phrase(pl_text *out, const pl_phrase *phrase, pl_language language,
                       void (*put_value)(pl_text *, const char *)) {
    const char *values[PL_WORD_VALUES] = {0};
    for (int i = 0; i < phrase->count; i++) values[i] = phrase->values[i][language];
    put_word(out, language, phrase->word, values, put_value);
}

void pl_phrase_phrase(pl_phrase *phrase, const pl_phrase *value) {
    pl_text texts[PL_LANGUAGES] = {{0}};
    const char *plain[PL_LANGUAGES];
    for (int i = 0; i < PL_LANGUAGES; i++) {
        put_phrase(&texts[i], value, (pl_language)i, pl_text_put);
        pl_text_put_bytes(&texts[i], "", 1);
        plain[i] = texts[i].failed ? "" : texts[i].data;
    }
    add_value(phrase, plain);
    for (int i = 0; i < PL_LANGUAGES; i++) pl_release(texts[i].data);
}

void pl_html_phrase_in(pl_text *out, const pl_phrase *phrase, pl_language language) {
    put_phrase(out, phrase, language, pl_html_escape);
}

void pl_html_phrase(pl_text *out, const pl_phrase *phrase) {
    for (int language = 0; language < PL_LANGUAGES; language++) {
        pl_text_format(out, "<span lang=\"%s\">", codes[language]);
        pl_html_phrase_in(out, phrase, (pl_language)language);
        pl_text_put(out, "</span>");
    }
}
