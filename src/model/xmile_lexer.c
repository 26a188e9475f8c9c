/* Tokens of equations of XMILE.  Every byte knows its place in the file, so errors point there although entities have
 * been replaced. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "model/xmile_lexer.h"

static const char *const keywords[] = {"if", "then", "else", "and", "or", "not", "mod"};
static const char *const symbols[] = {"//", "<=", ">=", "<>", "(", ")", "[", "]", ",", "=",
                                      "<",  ">",  "+",  "-",  "*", "/", "^", ":", "@", "'"};

/* ---- errors -------------------------------------------------------------------------------------------- */

void pl_xmile_fail(pl_xmile *x, pl_status status, pl_position at, const char *format, ...) {
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_reader_error(x->reader, status, at, "%s", message);
    longjmp(x->reader->next_equation, 1);
}

pl_position pl_xmile_place_at(const pl_xmile_lexer *l, int at) { return pl_xmile_position(l->x, l->offsets[at]); }

static const char *token_text(const pl_xmile_lexer *l, char *out, size_t room) {
    int length = l->token.to - l->token.from;
    if (l->token.kind == PL_TOKEN_END) snprintf(out, room, "the end of the equation");
    else snprintf(out, room, "'%.*s'", length < 60 ? length : 60, l->text + l->token.from);
    return out;
}

void pl_xmile_expected(pl_xmile_lexer *l, const char *what) {
    char found[100];
    pl_xmile_fail(l->x, PL_INVALID, pl_xmile_place_at(l, l->token.from), "expected %s, found %s", what,
                  token_text(l, found, sizeof found));
}

/* ---- tokens -------------------------------------------------------------------------------------------- */

static bool is_blank(const pl_xmile_lexer *l, int at) {
    return strchr(" \t\r\n\f", l->text[at]) ||
           ((unsigned char)l->text[at] == 0xc2 && (unsigned char)l->text[at + 1] == 0xa0);
}

/* Blanks and comments in braces, which may hold others. */
static void skip_blank(pl_xmile_lexer *l) {
    while (l->at < l->length) {
        if (l->text[l->at] == '{') {
            int from = l->at, open = 0;
            do open += (l->text[l->at] == '{') - (l->text[l->at] == '}');
            while (++l->at < l->length && open > 0);
            if (open > 0)
                pl_xmile_fail(l->x, PL_INVALID, pl_xmile_place_at(l, from), "this comment has no closing '}'");
        } else if (is_blank(l, l->at)) {
            l->at += (unsigned char)l->text[l->at] == 0xc2 ? 2 : 1;
        } else {
            return;
        }
    }
}

static bool begins_name(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '"' || c >= 0x80;
}

/* Appends the inside of a quoted name. */
static void quoted_part(pl_xmile_lexer *l, char *name, size_t *length) {
    int from = l->at++;
    while (l->at < l->length && l->text[l->at] != '"') {
        char c = l->text[l->at++];
        if (c == '\\' && l->at < l->length) {
            c = l->text[l->at++];
            if (c == 'n') c = ' ';
        }
        if (*length + 2 >= PL_LONGEST_NAME)
            pl_xmile_fail(l->x, PL_INVALID, pl_xmile_place_at(l, from), "this name is longer than %d bytes",
                          PL_LONGEST_NAME);
        name[(*length)++] = c;
    }
    if (l->at == l->length)
        pl_xmile_fail(l->x, PL_INVALID, pl_xmile_place_at(l, from), "this name has no closing quote");
    l->at++;
}

/* A name, or several joined by dots: "module.variable". */
static void name_token(pl_xmile_lexer *l) {
    char name[PL_LONGEST_NAME + 1];
    size_t length = 0;
    for (;;) {
        if (l->at < l->length && l->text[l->at] == '"') quoted_part(l, name, &length);
        while (l->at < l->length && l->text[l->at] != '"' &&
               (begins_name((unsigned char)l->text[l->at]) || (l->text[l->at] >= '0' && l->text[l->at] <= '9'))) {
            if (is_blank(l, l->at)) break;
            if (length + 2 >= PL_LONGEST_NAME)
                pl_xmile_fail(l->x, PL_INVALID, pl_xmile_place_at(l, l->token.from),
                              "this name is longer than %d bytes", PL_LONGEST_NAME);
            name[length++] = l->text[l->at++];
        }
        if (l->at + 1 >= l->length || l->text[l->at] != '.' || !begins_name((unsigned char)l->text[l->at + 1])) break;
        name[length++] = l->text[l->at++];
    }
    if (length == 0)
        pl_xmile_fail(l->x, PL_INVALID, pl_xmile_place_at(l, l->token.from), "a name between quotes is empty");
    l->token.kind = PL_TOKEN_NAME;
    l->token.name = pl_arena_text(l->x->reader->arena, name, length);
    l->token.key = pl_name_key(l->x->reader->arena, name, length);
    for (size_t i = 0; l->text[l->token.from] != '"' && i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(keywords[i], l->token.key) == 0) l->token.kind = PL_TOKEN_KEYWORD, l->token.symbol = keywords[i];
}

static void symbol_token(pl_xmile_lexer *l) {
    l->token.kind = PL_TOKEN_OTHER;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        size_t length = strlen(symbols[i]);
        if (strncmp(l->text + l->at, symbols[i], length) != 0) continue;
        l->token.kind = PL_TOKEN_SYMBOL, l->token.symbol = symbols[i];
        l->at += (int)length;
        return;
    }
    l->at++;
}

void pl_xmile_next(pl_xmile_lexer *l) {
    l->last_to = l->token.to;
    skip_blank(l);
    l->token = (pl_xmile_token){.kind = PL_TOKEN_END, .from = l->at, .to = l->at};
    if (l->at >= l->length) return;
    size_t digits = pl_number_read(l->text + l->at, (size_t)(l->length - l->at), &l->token.number);
    bool rooted = l->text[l->at] == '.' && begins_name((unsigned char)l->text[l->at + 1]);
    if (digits > 0) l->token.kind = PL_TOKEN_NUMBER, l->at += (int)digits;
    else if (begins_name((unsigned char)l->text[l->at]) || rooted) name_token(l);
    else symbol_token(l);
    l->token.to = l->at;
}

bool pl_xmile_at(const pl_xmile_lexer *l, const char *symbol) {
    return l->token.symbol && strcmp(l->token.symbol, symbol) == 0;
}

bool pl_xmile_accept(pl_xmile_lexer *l, const char *symbol) {
    if (!pl_xmile_at(l, symbol)) return false;
    pl_xmile_next(l);
    return true;
}

