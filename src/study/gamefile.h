/* Gambit's files of games, .nfg and .efg (Savani and Turocy, Gambit: The Package for Computation in Game Theory, "Game
 * representation formats"): what both kinds of reader share.
 *
 * Both are words, numbers and quoted texts in braces, with blanks and commas between them.  Reading is lenient about what
 * tools write differently, and reports it.  Memory comes from arenas whose want of it, like the first error, leaves by
 * longjmp to the public function. */
#ifndef PL_GAMEFILE_H
#define PL_GAMEFILE_H
#include <setjmp.h>

#include "parley.h"
#include "study/tree.h"

/* What a file holds: a game in normal form, or a tree. */
struct pl_game_file {
    pl_arena arena;
    pl_rationals rationals;
    const char *title, *comment;
    pl_game *game; /* NULL: it is a tree */
    pl_tree *tree; /* NULL: it is a game in normal form */
};

typedef enum pl_lexeme_kind { PL_LEXEME_END, PL_LEXEME_TEXT, PL_LEXEME_WORD, PL_LEXEME_OPEN, PL_LEXEME_CLOSE } pl_lexeme_kind;

typedef struct pl_lexeme {
    pl_lexeme_kind kind;
    const char *from; /* of a text without its quotes */
    size_t length;
    int line, column;
} pl_lexeme;

typedef struct pl_game_reader {
    const char *name, *text, *at, *end, *line_start;
    int line;
    pl_lexeme next;
    pl_findings *findings;
    pl_error *error; /* the caller's; may be NULL */
    pl_status status;
    pl_game_file *file;
    pl_arena *arena; /* of what is read at present */
    jmp_buf out;
} pl_game_reader;

/* Starts at the first lexeme of a text, which is in UTF-8 and has no byte 0; goes to the next. */
void pl_lexeme_start(pl_game_reader *reader, const char *text, size_t length);
void pl_lexeme_next(pl_game_reader *reader);
/* Records an error at a lexeme and leaves; or a warning, and goes on. */
_Noreturn void pl_lexeme_fail(pl_game_reader *reader, const pl_lexeme *at, const char *format, ...) PL_FORMAT(3, 4);
void pl_lexeme_warn(pl_game_reader *reader, const pl_lexeme *at, const char *format, ...) PL_FORMAT(3, 4);

/* Goes over a brace, or fails saying what it belongs to. */
void pl_lexeme_open(pl_game_reader *reader, const char *what);
void pl_lexeme_close(pl_game_reader *reader, const char *what);
/* A quoted text or a plain word, copied into the arena, with \" as ". */
const char *pl_lexeme_text(pl_game_reader *reader, const char *what);
/* A quoted text if one comes, else "". */
const char *pl_lexeme_comment(pl_game_reader *reader);
bool pl_lexeme_is_number(const pl_game_reader *reader);
/* A whole number in a range; any number. */
long pl_lexeme_whole(pl_game_reader *reader, long least, long most, const char *what);
void pl_lexeme_number(pl_game_reader *reader, mpq_t value, const char *what);
/* { "a" "b" ... }: at least one. */
const char **pl_lexeme_list(pl_game_reader *reader, int *count, const char *what);
/* How each file begins: its word, version, the letter R or D, title, players. */
const char **pl_lexeme_header(pl_game_reader *reader, const char *word, long version, int *players);

/* The rest of the file from its first word on. */
void pl_game_reader_nfg(pl_game_reader *reader);
void pl_game_reader_efg(pl_game_reader *reader);
#endif
