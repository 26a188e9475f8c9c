/* Lexemes of .nfg and .efg files: texts in quotes, braces, and everything else between blanks and commas.  A '#' begins
 * a comment up to the end of its line, as generators of games write it.  Places are bytes, from 1.  See gamefile.h. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "study/gamefile.h"

enum { MOST_PLAYERS = 1000 };

/* ---- errors ------------------------------------------------------------------------------------------- */

static pl_place place_of(const pl_game_reader *r, const pl_lexeme *at) {
    return (pl_place){r->name, r->text, (size_t)(r->end - r->text), at->line, at->column, NULL};
}

void pl_lexeme_fail(pl_game_reader *r, const pl_lexeme *at, const char *format, ...) {
    char message[400];
    pl_error error;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    r->status = pl_error_at(&error, PL_INVALID, place_of(r, at), "%s", message);
    if (r->error) *r->error = error;
    if (!pl_findings_add(r->findings, PL_ERROR, &error)) r->status = PL_MEMORY;
    longjmp(r->out, 1);
}

void pl_lexeme_warn(pl_game_reader *r, const pl_lexeme *at, const char *format, ...) {
    enum { MOST = 100 };
    char message[400];
    pl_error error;
    va_list arguments;
    if (pl_findings_count(r->findings) >= MOST) return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_error_at(&error, PL_OK, place_of(r, at), "%s", message);
    pl_findings_add(r->findings, PL_WARNING, &error);
}

static const char *show(const pl_lexeme *lexeme, char out[80]) {
    if (lexeme->kind == PL_LEXEME_END) return "the end of the file";
    int length = (int)(lexeme->length < 60 ? lexeme->length : 60);
    const char *quote = lexeme->kind == PL_LEXEME_TEXT ? "\"" : "'";
    snprintf(out, 80, "%s%.*s%s", quote, length, lexeme->from, quote);
    return out;
}

_Noreturn static void fail_for(pl_game_reader *r, const char *what) {
    char shown[80];
    pl_lexeme_fail(r, &r->next, "%s is expected here, not %s", what, show(&r->next, shown));
}

/* ---- lexemes ------------------------------------------------------------------------------------------ */

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v' || c == ','; }

static void step(pl_game_reader *r) {
    if (*r->at++ == '\n') {
        r->line++;
        r->line_start = r->at;
    }
}

static void skip_blank(pl_game_reader *r) {
    while (r->at < r->end) {
        if (*r->at == '#')
            while (r->at < r->end && *r->at != '\n') r->at++;
        else if (is_blank(*r->at)) step(r);
        else return;
    }
}

static void take_text(pl_game_reader *r) {
    r->next.kind = PL_LEXEME_TEXT;
    step(r);
    r->next.from = r->at;
    while (r->at < r->end && *r->at != '"') {
        if (*r->at == '\\' && r->at + 1 < r->end && (r->at[1] == '"' || r->at[1] == '\\')) step(r);
        step(r);
    }
    if (r->at >= r->end) pl_lexeme_fail(r, &r->next, "this text has no closing '\"'");
    r->next.length = (size_t)(r->at - r->next.from);
    r->at++;
}

void pl_lexeme_next(pl_game_reader *r) {
    skip_blank(r);
    r->next = (pl_lexeme){PL_LEXEME_END, r->at, 0, r->line, (int)(r->at - r->line_start) + 1};
    if (r->at >= r->end) return;
    if (*r->at == '"') {
        take_text(r);
        return;
    }
    r->next.length = 1;
    if (*r->at == '{' || *r->at == '}') {
        r->next.kind = *r->at++ == '{' ? PL_LEXEME_OPEN : PL_LEXEME_CLOSE;
        return;
    }
    r->next.kind = PL_LEXEME_WORD;
    while (r->at < r->end && !is_blank(*r->at) && *r->at != '{' && *r->at != '}' && *r->at != '"') r->at++;
    r->next.length = (size_t)(r->at - r->next.from);
}

void pl_lexeme_start(pl_game_reader *r, const char *text, size_t length) {
    r->text = r->at = r->line_start = text;
    r->end = text + length;
    r->line = 1;
    pl_lexeme_next(r);
}

/* ---- what they stand for ------------------------------------------------------------------------------ */

void pl_lexeme_open(pl_game_reader *r, const char *what) {
    char message[200];
    snprintf(message, sizeof message, "'{' of %s", what);
    if (r->next.kind != PL_LEXEME_OPEN) fail_for(r, message);
    pl_lexeme_next(r);
}

void pl_lexeme_close(pl_game_reader *r, const char *what) {
    char message[200];
    snprintf(message, sizeof message, "'}' behind %s", what);
    if (r->next.kind != PL_LEXEME_CLOSE) fail_for(r, message);
    pl_lexeme_next(r);
}

/* \" is " and \\ is \; any other backslash is itself. */
static const char *unescape(pl_arena *arena, const pl_lexeme *lexeme) {
    char *copy = pl_arena_text(arena, lexeme->from, lexeme->length), *to = copy;
    for (const char *from = copy; *from; from++) {
        if (*from == '\\' && (from[1] == '"' || from[1] == '\\')) from++;
        *to++ = *from;
    }
    *to = 0;
    return copy;
}

const char *pl_lexeme_text(pl_game_reader *r, const char *what) {
    if (r->next.kind != PL_LEXEME_TEXT && r->next.kind != PL_LEXEME_WORD) fail_for(r, what);
    const char *text = r->next.kind == PL_LEXEME_TEXT ? unescape(r->arena, &r->next)
                                                      : pl_arena_text(r->arena, r->next.from, r->next.length);
    pl_lexeme_next(r);
    return text;
}

const char *pl_lexeme_comment(pl_game_reader *r) {
    return r->next.kind == PL_LEXEME_TEXT ? pl_lexeme_text(r, "a comment") : "";
}

bool pl_lexeme_is_number(const pl_game_reader *r) {
    const pl_lexeme *l = &r->next;
    return l->kind == PL_LEXEME_WORD && l->length && strchr("+-.0123456789", *l->from);
}

long pl_lexeme_whole(pl_game_reader *r, long least, long most, const char *what) {
    const pl_lexeme *l = &r->next;
    char digits[16], shown[80];
    if (!pl_lexeme_is_number(r)) fail_for(r, what);
    long value = -1;
    if (l->length < sizeof digits) {
        char *end;
        memcpy(digits, l->from, l->length);
        digits[l->length] = 0;
        value = strtol(digits, &end, 10);
        if (*end) fail_for(r, what);
    }
    if (l->length >= sizeof digits || value < least || value > most)
        pl_lexeme_fail(r, l, "%s lies from %ld to %ld, and is not %s", what, least, most, show(l, shown));
    pl_lexeme_next(r);
    return value;
}

void pl_lexeme_number(pl_game_reader *r, mpq_t value, const char *what) {
    char shown[80];
    const char *why = NULL;
    if (!pl_lexeme_is_number(r)) fail_for(r, what);
    size_t used = pl_rational_read(r->next.from, r->next.length, value, &why);
    if (why) pl_lexeme_fail(r, &r->next, "%s cannot be read as a number: %s", show(&r->next, shown), why);
    if (used != r->next.length) pl_lexeme_fail(r, &r->next, "%s is no number", show(&r->next, shown));
    if (!isfinite(pl_rational_double(value))) pl_lexeme_fail(r, &r->next, "%s is beyond 1.8e308", show(&r->next, shown));
    pl_lexeme_next(r);
}

const char **pl_lexeme_list(pl_game_reader *r, int *count, const char *what) {
    const char **texts = NULL;
    int room = 0;
    char message[120];
    snprintf(message, sizeof message, "the list of %s", what);
    pl_lexeme open = r->next;
    pl_lexeme_open(r, message);
    for (*count = 0; r->next.kind == PL_LEXEME_TEXT || r->next.kind == PL_LEXEME_WORD; (*count)++) {
        texts = pl_arena_grow(r->arena, texts, *count, &room, *count + 1, sizeof *texts);
        texts[*count] = pl_lexeme_text(r, what);
    }
    pl_lexeme_close(r, message);
    if (*count == 0) pl_lexeme_fail(r, &open, "%s is empty", message);
    return texts;
}

static bool is_word(const pl_lexeme *l, const char *word) {
    return l->kind == PL_LEXEME_WORD && l->length == strlen(word) && strncasecmp(l->from, word, l->length) == 0;
}

const char **pl_lexeme_header(pl_game_reader *r, const char *word, long version, int *players) {
    if (!is_word(&r->next, word)) pl_lexeme_fail(r, &r->next, "a game's file begins with NFG or EFG");
    pl_lexeme_next(r);
    pl_lexeme at = r->next;
    long found = pl_lexeme_whole(r, 0, 1000, "the version of the format");
    if (found != version)
        pl_lexeme_fail(r, &at, "version %ld of the format is not supported: %s files are of version %ld", found, word,
                       version);
    if (is_word(&r->next, "R") || is_word(&r->next, "D")) pl_lexeme_next(r);
    r->file->title = pl_lexeme_text(r, "the title");
    at = r->next;
    const char **names = pl_lexeme_list(r, players, "players");
    if (*players > MOST_PLAYERS) pl_lexeme_fail(r, &at, "%d players are too many: at most %d", *players, MOST_PLAYERS);
    return names;
}
