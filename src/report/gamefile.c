/* Games as Gambit's files, written strictly: every name in quotes, every number an integer, a rational or a decimal
 * without exponent, every description where it comes first and only there. */
#include "study/gamefile.h"

#include <string.h>

#include "base/number.h"
#include "report/text.h"
#include "study/strategic.h"

/* A quoted text. A backslash is doubled only where what follows would be taken for an escape. */
static void put_name(pl_text *out, const char *name) {
    pl_text_put(out, "\"");
    for (; *name; name++) {
        if (*name == '"' || (*name == '\\' && (name[1] == '"' || name[1] == '\\' || !name[1]))) pl_text_put(out, "\\");
        pl_text_put_bytes(out, name, 1);
    }
    pl_text_put(out, "\"");
}

static void put_names(pl_text *out, const char *const *names, int count) {
    pl_text_put(out, "{");
    for (int i = 0; i < count; i++) {
        pl_text_put(out, " ");
        put_name(out, names[i]);
    }
    pl_text_put(out, " }");
}

/* A shortest decimal with its exponent worked in: "1.5e-7" is 0.00000015. */
static void put_decimal(pl_text *out, double value) {
    char text[32], digits[32];
    size_t length = pl_number_print(value, text), count = 0, at = text[0] == '-';
    char *end = memchr(text, 'e', length);
    if (!end) {
        pl_text_put_bytes(out, text, length);
        return;
    }
    int point = 0, exponent = 0;
    bool behind = false, minus = end[1] == '-';
    for (const char *c = text + at; c < end; c++) {
        if (*c == '.') behind = true;
        else digits[count++] = *c, point += !behind;
    }
    for (const char *c = end + 1 + minus; c < text + length; c++) exponent = 10 * exponent + (*c - '0');
    point += minus ? -exponent : exponent;
    if (at) pl_text_put(out, "-");
    if (point <= 0) pl_text_put(out, "0.");
    pl_text_repeat(out, '0', -point);
    for (int k = 0; k < (int)count; k++) {
        if (k == point && k > 0) pl_text_put(out, ".");
        pl_text_put_bytes(out, &digits[k], 1);
    }
    pl_text_repeat(out, '0', point - (int)count);
}

static void put_rational(pl_text *out, const mpq_t value) {
    char short_text[64];
    size_t size = mpz_sizeinbase(mpq_numref(value), 10) + mpz_sizeinbase(mpq_denref(value), 10) + 3;
    char *text = size <= sizeof short_text ? short_text : pl_allocate(size);
    if (text) pl_text_put(out, mpq_get_str(text, 10, value));
    else out->failed = true;
    if (text != short_text) pl_release(text);
}

static void put_header(pl_text *out, const char *kind, const char *title) {
    pl_text_format(out, "%s R ", kind);
    put_name(out, title ? title : "");
    pl_text_put(out, " ");
}

/* ---- normal form -------------------------------------------------------------------------------------- */

static void put_payoff(pl_text *out, const pl_game *game, int player, long profile) {
    size_t place = (size_t)player * (size_t)game->profile_count + (size_t)profile;
    if (game->exact && game->exact[place]) pl_text_put(out, game->exact[place]);
    else put_decimal(out, game->payoffs[place]);
}

/* A row is the first player's strategies against one combination of the others'. */
static void put_payoffs(pl_text *out, const pl_game *game) {
    long profile = 0;
    for (long p = 0; p < game->profile_count; p++) {
        for (int i = 0; i < game->player_count; i++) {
            put_payoff(out, game, i, profile);
            pl_text_put(out, i + 1 < game->player_count ? " " : "");
        }
        int i = 0;
        for (; i < game->player_count && pl_game_strategy(game, profile, i) + 1 == game->players[i].strategy_count; i++)
            profile -= (game->players[i].strategy_count - 1) * game->stride[i];
        if (i < game->player_count) profile += game->stride[i];
        pl_text_put(out, i ? "\n" : "  ");
    }
}

pl_status pl_game_write(const pl_game *game, const char *title, const char *comment, char **text, size_t *length) {
    pl_text out = {0};
    put_header(&out, "NFG 1", title);
    pl_text_put(&out, "{");
    for (int i = 0; i < game->player_count; i++) {
        pl_text_put(&out, " ");
        put_name(&out, game->players[i].name);
    }
    pl_text_put(&out, " }\n\n{ ");
    for (int i = 0; i < game->player_count; i++) {
        put_names(&out, game->players[i].strategies, game->players[i].strategy_count);
        pl_text_put(&out, i + 1 < game->player_count ? "\n  " : "\n");
    }
    pl_text_put(&out, "}\n");
    put_name(&out, comment ? comment : "");
    pl_text_put(&out, "\n\n");
    put_payoffs(&out, game);
    return pl_text_finish(&out, text, length);
}

/* ---- extensive form ----------------------------------------------------------------------------------- */

/* Numbers are given anew, as sets and outcomes first come. */
typedef struct numbers {
    int *sets, *outcomes; /* 0: not yet met */
    int *next;            /* [player + 1] of sets */
    int next_outcome;
} numbers;

static void put_actions(pl_text *out, const pl_information_set *s) {
    pl_text_put(out, " {");
    for (int k = 0; k < s->action_count; k++) {
        pl_text_put(out, " ");
        put_name(out, s->names[k]);
        if (!s->probabilities) continue;
        pl_text_put(out, " ");
        put_rational(out, s->probabilities[k]);
    }
    pl_text_put(out, " }");
}

static void put_set(pl_text *out, const pl_tree *t, int set, numbers *n) {
    const pl_information_set *s = &t->sets[set];
    bool first = !n->sets[set];
    if (first) n->sets[set] = ++n->next[s->player + 1];
    if (s->player >= 0) pl_text_format(out, " %d", s->player + 1);
    pl_text_format(out, " %d", n->sets[set]);
    if (!first) return;
    pl_text_put(out, " ");
    put_name(out, s->name);
    put_actions(out, s);
}

static void put_outcome(pl_text *out, const pl_tree *t, int outcome, numbers *n) {
    if (outcome < 0 || !t->outcomes[outcome].payoffs) {
        pl_text_put(out, " 0\n");
        return;
    }
    const pl_outcome *o = &t->outcomes[outcome];
    bool first = !n->outcomes[outcome];
    if (first) n->outcomes[outcome] = ++n->next_outcome;
    pl_text_format(out, " %d", n->outcomes[outcome]);
    if (first) {
        pl_text_put(out, " ");
        put_name(out, o->name);
        pl_text_put(out, " {");
        for (int i = 0; i < t->player_count; i++) {
            pl_text_put(out, i ? ", " : " ");
            put_rational(out, o->payoffs[i]);
        }
        pl_text_put(out, " }");
    }
    pl_text_put(out, "\n");
}

static void put_tree(pl_text *out, const pl_tree *t, numbers *n) {
    put_header(out, "EFG 2", t->title);
    put_names(out, t->player_names, t->player_count);
    pl_text_put(out, "\n");
    put_name(out, t->comment);
    pl_text_put(out, "\n\n");
    for (int k = 0; k < t->node_count; k++) {
        const pl_node *node = &t->nodes[k];
        pl_text_put(out, node->set < 0 ? "t " : t->sets[node->set].player < 0 ? "c " : "p ");
        put_name(out, node->name);
        if (node->set >= 0) put_set(out, t, node->set, n);
        put_outcome(out, t, node->outcome, n);
    }
}

static pl_status write_tree(const pl_tree *t, char **text, size_t *length) {
    pl_text out = {0};
    size_t room = (size_t)t->set_count + (size_t)t->outcome_count + (size_t)t->player_count + 1;
    int *places = pl_allocate(room * sizeof *places);
    numbers n = {.sets = places};
    if (places) {
        n.outcomes = places + t->set_count;
        n.next = n.outcomes + t->outcome_count;
        put_tree(&out, t, &n);
    }
    out.failed = out.failed || !places;
    pl_release(places);
    return pl_text_finish(&out, text, length);
}

/* A tree in normal form: reduced where its players forget nothing. */
static pl_status write_strategic(const pl_game_file *file, char **text, size_t *length, pl_error *error) {
    pl_game *game;
    pl_status status = pl_tree_strategic(file->tree, &game, error);
    if (status == PL_OK) status = pl_game_write(game, file->title, file->comment, text, length);
    pl_game_free(game);
    return status;
}

pl_status pl_game_file_write(const pl_game_file *file, pl_game_format format, char **text, size_t *length,
                             pl_error *error) {
    pl_status status;
    *text = NULL;
    if (file->tree && format == PL_GAME_EFG) status = write_tree(file->tree, text, length);
    else if (file->game && format == PL_GAME_NFG)
        status = pl_game_write(file->game, file->title, file->comment, text, length);
    else if (file->tree) return write_strategic(file, text, length, error);
    else
        return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0, "a game in normal form is not written as a tree (.efg)");
    return status == PL_OK ? status : pl_error_set(error, status, NULL, 0, 0, "out of memory");
}
