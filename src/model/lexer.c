/* Tokens of an equation.  A name may hold blanks, so it ends only at a symbol; comments in {}, line ends and the
 * backslash that continues a line are blank.  Positions are bytes, from 1. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "model/reader.h"

/* Longest first where one begins another. */
static const char *const symbols[] = {"<->", ":=", "==", "<=", ">=", "<>", "->", "(", ")", "[", "]", ",", ";",
                                      ":",   "~",  "|",  "=",  "<",  ">",  "+",  "-", "*", "/", "^", "!", "?"};
static const char *const keywords[] = {
    ":AND:",          ":OR:",     ":NOT:",         ":NA:",           ":EXCEPT:",        ":MACRO:",
    ":END OF MACRO:", ":RAW:",    ":INTERPOLATE:", ":LOOK FORWARD:", ":HOLD BACKWARD:", ":THE CONDITION:",
    ":TEST INPUT:",   ":IMPLIES:",  ":IS:"};

pl_position pl_lexer_position(const pl_lexer *lexer, const char *at) {
    if (lexer->line == 0) return (pl_position){0, 0};
    return (pl_position){lexer->line, (int)(at - lexer->line_start) + 1 + lexer->column_offset};
}

void pl_lexer_fail(pl_lexer *lexer, pl_position at, const char *format, ...) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_reader_error(lexer->reader, PL_INVALID, at, "%s", message);
    longjmp(lexer->reader->next_equation, 1);
}

const char *pl_token_text(const pl_token *token, char *out, size_t room) {
    if (token->kind == PL_TOKEN_END) snprintf(out, room, "the end of the text");
    else if (token->symbol && (strcmp(token->symbol, "|") == 0 || strcmp(token->symbol, "~") == 0))
        snprintf(out, room, "the end of the equation ('%s')", token->symbol);
    else snprintf(out, room, "'%.*s'", (int)(token->length < 60 ? token->length : 60), token->from);
    return out;
}

static void newline(pl_lexer *lexer, const char *next) {
    if (lexer->line == 0) return;
    lexer->line++;
    lexer->line_start = next;
    lexer->column_offset = 0;
}

/* The byte behind a comment, where comments inside count; NULL where one of them is not closed. */
static const char *nested_end(const char *at, const char *end) {
    int open = 0;
    for (; at < end; at++) {
        open += (*at == '{') - (*at == '}');
        if (open == 0) return at + 1;
    }
    return NULL;
}

/* Once a text has a comment inside another that is never closed, the first '}' ends each. */
const char *pl_lexer_comment_end(pl_lexer *lexer) {
    const char *end = lexer->reader->flat_comments ? NULL : nested_end(lexer->at, lexer->end);
    if (end) return end;
    lexer->reader->flat_comments = true;
    const char *close = memchr(lexer->at, '}', (size_t)(lexer->end - lexer->at));
    return close ? close + 1 : NULL;
}

static void skip_comment(pl_lexer *lexer) {
    pl_position from = pl_lexer_position(lexer, lexer->at);
    const char *end = pl_lexer_comment_end(lexer);
    while (lexer->at < (end ? end : lexer->end))
        if (*lexer->at++ == '\n') newline(lexer, lexer->at);
    if (!end) pl_lexer_fail(lexer, from, "this comment has no closing '}'");
}

/* A backslash at the end of its line. */
static bool continues(const char *at, const char *end) {
    if (*at != '\\') return false;
    for (at++; at < end && (*at == ' ' || *at == '\t' || *at == '\r'); at++) {}
    return at == end || *at == '\n';
}

static bool is_space(const char *at, const char *end) {
    return *at == ' ' || *at == '\t' || *at == '\r' || *at == '\n' || *at == '\f' || continues(at, end) ||
           ((unsigned char)*at == 0xc2 && at + 1 < end && (unsigned char)at[1] == 0xa0);
}

static void step(pl_lexer *lexer) {
    lexer->at += (unsigned char)*lexer->at == 0xc2 ? 2 : 1;
    if (lexer->at[-1] == '\n') newline(lexer, lexer->at);
}

static void skip_blank(pl_lexer *lexer) {
    while (lexer->at < lexer->end) {
        if (is_space(lexer->at, lexer->end)) step(lexer);
        else if (*lexer->at == '{') skip_comment(lexer);
        else return;
    }
}

static bool begins_name(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '\'' || c >= 0x80;
}

static bool in_name(unsigned char c) { return begins_name(c) || (c >= '0' && c <= '9'); }

/* Appends the words of a name, runs of blanks as one, until a byte that no name holds. */
static void plain_name(pl_lexer *lexer) {
    pl_token *token = &lexer->token;
    char name[PL_LONGEST_NAME + 1];
    size_t length = 0;
    bool blank = false;
    while (lexer->at < lexer->end) {
        if (lexer->by_line && *lexer->at == '\n') break;
        if (is_space(lexer->at, lexer->end)) {
            step(lexer);
            blank = true;
            continue;
        }
        if (!in_name((unsigned char)*lexer->at)) break;
        if (length + 2 >= sizeof name)
            pl_lexer_fail(lexer, token->at, "this name is longer than %d bytes", PL_LONGEST_NAME);
        if (blank) name[length++] = ' ';
        blank = false;
        name[length++] = *lexer->at++;
        token->length = (size_t)(lexer->at - token->from);
        token->end = pl_lexer_position(lexer, lexer->at);
    }
    token->name = pl_arena_text(lexer->arena, name, length);
    token->key = pl_name_key(lexer->arena, name, length);
}

static void quoted_name(pl_lexer *lexer) {
    pl_token *token = &lexer->token;
    char name[PL_LONGEST_NAME + 1];
    size_t length = 0;
    for (lexer->at++; lexer->at < lexer->end && *lexer->at != '"';) {
        if (length + 2 >= sizeof name)
            pl_lexer_fail(lexer, token->at, "this quoted name is longer than %d bytes", PL_LONGEST_NAME);
        if (continues(lexer->at, lexer->end)) {
            while (lexer->at < lexer->end && is_space(lexer->at, lexer->end)) step(lexer);
            name[length++] = ' ';
            continue;
        }
        if (*lexer->at == '\n') break;
        if (*lexer->at == '\\' && lexer->at + 1 < lexer->end && lexer->at[1] == '"') name[length++] = *lexer->at++;
        name[length++] = *lexer->at++;
    }
    if (lexer->at == lexer->end || *lexer->at != '"') pl_lexer_fail(lexer, token->at, "this name has no closing quote");
    lexer->at++;
    if (length == 0) pl_lexer_fail(lexer, token->at, "a name between quotes is empty");
    token->name = pl_arena_text(lexer->arena, name, length);
    token->key = pl_name_key(lexer->arena, name, length);
}

/* A word between colons, in any case, if it is one that the language knows. */
static bool keyword(pl_lexer *lexer) {
    size_t left = (size_t)(lexer->end - lexer->at);
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        size_t length = strlen(keywords[i]), j = 0;
        if (length > left) continue;
        while (j < length && (lexer->at[j] == keywords[i][j] || lexer->at[j] == keywords[i][j] + ('a' - 'A'))) j++;
        if (j < length) continue;
        lexer->token.kind = PL_TOKEN_KEYWORD, lexer->token.symbol = keywords[i];
        lexer->at += length;
        return true;
    }
    return false;
}

static bool symbol(pl_lexer *lexer) {
    size_t left = (size_t)(lexer->end - lexer->at);
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t length = strlen(symbols[i]);
        if (length > left || memcmp(lexer->at, symbols[i], length) != 0) continue;
        lexer->token.kind = PL_TOKEN_SYMBOL, lexer->token.symbol = symbols[i];
        lexer->at += length;
        return true;
    }
    return false;
}

void pl_lexer_next(pl_lexer *lexer) {
    pl_token *token = &lexer->token;
    lexer->last_end = token->end;
    skip_blank(lexer);
    *token = (pl_token){.kind = PL_TOKEN_END, .at = pl_lexer_position(lexer, lexer->at), .from = lexer->at};
    token->end = token->at;
    if (lexer->at == lexer->end) return;
    unsigned char c = (unsigned char)*lexer->at;
    size_t digits = pl_number_read(lexer->at, (size_t)(lexer->end - lexer->at), &token->number);
    if (digits > 0) token->kind = PL_TOKEN_NUMBER, lexer->at += digits;
    else if (c == '"') quoted_name(lexer), token->kind = PL_TOKEN_NAME; /* a name that fails is no token */
    else if (begins_name(c)) {
        plain_name(lexer);
        token->kind = PL_TOKEN_NAME;
        return;
    } else if (!keyword(lexer) && !symbol(lexer)) token->kind = PL_TOKEN_OTHER, lexer->at++;
    token->length = (size_t)(lexer->at - token->from);
    token->end = pl_lexer_position(lexer, lexer->at);
}

const char *pl_lexer_literal(pl_lexer *lexer, pl_position *at) {
    skip_blank(lexer);
    *at = pl_lexer_position(lexer, lexer->at);
    const char *from = lexer->at + 1;
    if (lexer->at == lexer->end || *lexer->at != '\'') pl_lexer_fail(lexer, *at, "expected a text between single quotes");
    for (lexer->at++; lexer->at < lexer->end && *lexer->at != '\'' && *lexer->at != '\n';) lexer->at++;
    if (lexer->at == lexer->end || *lexer->at != '\'') pl_lexer_fail(lexer, *at, "this text has no closing quote");
    const char *text = pl_arena_text(lexer->arena, from, (size_t)(lexer->at - from));
    lexer->at++;
    pl_lexer_next(lexer);
    return text;
}

bool pl_lexer_is(const pl_lexer *lexer, const char *text) {
    return lexer->token.symbol && strcmp(lexer->token.symbol, text) == 0;
}

bool pl_lexer_accept(pl_lexer *lexer, const char *text) {
    if (!pl_lexer_is(lexer, text)) return false;
    pl_lexer_next(lexer);
    return true;
}

void pl_lexer_expect(pl_lexer *lexer, const char *text, const char *where) {
    char found[100];
    if (pl_lexer_accept(lexer, text)) return;
    pl_lexer_fail(lexer, lexer->token.at, "expected '%s' %s, found %s", text, where,
                  pl_token_text(&lexer->token, found, sizeof found));
}
