/* Readers and writers of .nfg and .efg files, on texts written for these tests after the formats' description ("Game
 * representation formats" in Gambit's manual); the numbers expected are those written in the texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "study/gamefile.h"

static pl_game_file *read(const char *text) {
    pl_game_file *file;
    pl_error error;
    if (pl_game_file_parse(text, strlen(text), "game", &file, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    return file;
}

static void expect_error(const char *text, int line, int column, const char *message) {
    pl_game_file *file;
    pl_error error;
    assert_int_equal(pl_game_file_parse(text, strlen(text), "game", &file, NULL, &error), PL_INVALID);
    assert_null(file);
    assert_string_equal(error.message, message);
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_int_equal(error.caret, column - 1);
}

/* The first player's strategy counts up fastest in the file, the last one's in a game. */
static void payoff_form(void **state) {
    (void)state;
    pl_game_file *file = read(
        "\xef\xbb\xbf# by a generator\r\nNFG 1 R \"A \\\"game\\\"\" { \"X\" \"Y\" } { 3 2 }\r\n\"why\"\r\n"
        "1 1/3, 0 2 -0.5 2e1 1 +1 .25 3 2. 0");
    const pl_game *g = pl_game_file_game(file);
    assert_non_null(g);
    assert_string_equal(file->title, "A \"game\"");
    assert_string_equal(file->comment, "why");
    assert_string_equal(g->players[1].name, "Y");
    assert_string_equal(g->players[0].strategies[2], "3");
    assert_int_equal(g->profile_count, 6);
    assert_true(pl_game_payoff(g, 1, 0) == 1.0 / 3);
    assert_string_equal(g->exact[6], "1/3");
    assert_true(pl_game_payoff(g, 0, 4) == -0.5); /* third strategy of X, first of Y */
    assert_true(pl_game_payoff(g, 1, 4) == 20);
    assert_true(pl_game_payoff(g, 0, 3) == 0.25); /* second of X, second of Y */
    assert_string_equal(g->exact[3], "1/4");
    pl_game_file_free(file);
}

static void outcome_form(void **state) {
    (void)state;
    pl_game_file *file = read("nfg 1 D \"\" { \"a\" \"a\" \"c\" } { { \"U\" \"D\" } { \"\" \"R\" } { x } }\n"
                              "{ { \"one\" 1, 2, 3 } { \"\" 1/2 -2 0 } { \"none\" } }\n1 2 0 3");
    const pl_game *g = pl_game_file_game(file);
    assert_string_equal(g->players[0].name, "1"); /* "a" is there twice */
    assert_string_equal(g->players[0].strategies[1], "D");
    assert_string_equal(g->players[1].strategies[1], "2"); /* one has no name */
    assert_string_equal(g->players[2].strategies[0], "x");
    assert_true(pl_game_payoff(g, 2, 0) == 3);
    assert_true(pl_game_payoff(g, 0, 2) == 0.5); /* D, first */
    assert_true(pl_game_payoff(g, 1, 1) == 0 && pl_game_payoff(g, 1, 3) == 0);
    pl_game_file_free(file);
}

static const char tree_text[] =
    "EFG 2 R \"poker\" { \"A\" \"B\" } \"one card\"\n"
    "c \"\" 1 \"deal\" { \"high\" 1/2 \"low\" 0.5 } 0\n"
    "p \"\" 1 1 \"\" { \"bet\" \"fold\" } 7 \"ante\" { -1, 1 }\n"
    "p \"\" 2 4 \"call?\" { \"call\" \"fold\" } 0\n"
    "t \"\" 2 \"\" { 2, -2 }\nt \"\" 3 \"\" { 1 -1 }\nt \"\" 3\n"
    "p \"\" 1 9 \"\" { \"bet\" \"bet\" } 0\n"
    "p \"\" 2 4 1 \"inside\" { 10 20 }\nt \"\" 4 \"\" { -2, 2 }\nt \"\" 3\n"
    "t \"\" 5\n";

static void extensive_form(void **state) {
    (void)state;
    pl_findings *findings = pl_findings_new();
    pl_game_file *file;
    assert_int_equal(pl_game_file_parse(tree_text, sizeof tree_text - 1, "t", &file, findings, NULL), PL_OK);
    assert_int_equal(pl_findings_count(findings), 1); /* outcome 5 never gets payoffs */
    const pl_tree *t = file->tree;
    assert_int_equal(t->node_count, 11);
    assert_int_equal(t->set_count, 4);
    assert_string_equal(t->sets[1].label, "1"); /* without a name: the number in the file */
    assert_string_equal(t->sets[3].label, "9");
    assert_string_equal(t->sets[2].label, "call?");
    assert_string_equal(t->sets[3].actions[1], "2"); /* double */
    assert_int_equal(t->sets[2].node_count, 2);
    assert_false(t->perfect_information);
    assert_int_equal(t->forgetful, -1);
    assert_true(pl_rational_double(pl_tree_payoffs(t, 3)[0]) == 2 - 1); /* with the outcome on the way */
    assert_true(pl_rational_double(pl_tree_payoffs(t, 8)[1]) == 2 + 20);
    assert_true(pl_rational_double(pl_tree_payoffs(t, 10)[0]) == 0);
    pl_findings_free(findings);
    pl_game_file_free(file);
}

/* What is written is read as the same game, and written as the same text. */
static void expect_round_trip(const char *text, pl_game_format format) {
    pl_game_file *file = read(text), *back;
    char *once, *twice;
    size_t length, again;
    assert_int_equal(pl_game_file_write(file, format, &once, &length, NULL), PL_OK);
    back = read(once);
    assert_int_equal(pl_game_file_write(back, format, &twice, &again, NULL), PL_OK);
    assert_string_equal(once, twice);
    if (format == PL_GAME_EFG) {
        assert_int_equal(back->tree->node_count, file->tree->node_count);
        for (int k = 0; k < file->tree->terminal_count * file->tree->player_count; k++)
            assert_true(mpq_equal(file->tree->payoffs[k], back->tree->payoffs[k]));
        for (int n = 0; n < file->tree->node_count; n++)
            assert_int_equal(file->tree->nodes[n].set, back->tree->nodes[n].set);
    } else if (file->game) {
        for (long k = 0; k < file->game->profile_count * file->game->player_count; k++)
            assert_string_equal(file->game->exact[k], back->game->exact[k]);
    }
    pl_text_free(once), pl_text_free(twice);
    pl_game_file_free(file), pl_game_file_free(back);
}

static void round_trips(void **state) {
    (void)state;
    expect_round_trip("NFG 1 R \"q\\\"\\\\\" { \"X\" \"Y\\\\\" } { 3 2 } \"\" 1 1/3 0 2 -0.5 2e1 1 1 .25 3 2. 1e-30",
                      PL_GAME_NFG);
    expect_round_trip(tree_text, PL_GAME_EFG);
    expect_round_trip(tree_text, PL_GAME_NFG);
}

/* The reduced normal form of a player who moves twice: out, in-left, in-right. Payoffs by hand. */
static void reduced_form(void **state) {
    (void)state;
    pl_game_file *file = read("EFG 2 R \"\" { \"A\" \"B\" } \"\"\np \"\" 1 1 \"first\" { \"out\" \"in\" } 0\n"
                              "t \"\" 1 \"\" { 2 2 }\n"
                              "p \"\" 2 1 \"\" { \"l\" \"r\" } 0\np \"\" 1 2 \"second\" { \"L\" \"R\" } 0\n"
                              "t \"\" 2 \"\" { 3 1 }\nt \"\" 3 \"\" { 0 0 }\n"
                              "p \"\" 1 2 0\nt \"\" 4 \"\" { 1 1 }\nt \"\" 5 \"\" { 1/2 3 }\n");
    char *text;
    size_t length;
    assert_int_equal(pl_game_file_write(file, PL_GAME_NFG, &text, &length, NULL), PL_OK);
    assert_string_equal(
        text, "NFG 1 R \"\" { \"A\" \"B\" }\n\n"
              "{ { \"first:out\" \"first:in second:L\" \"first:in second:R\" }\n  { \"l\" \"r\" }\n}\n\"\"\n\n"
              "2 2  3 1  0 0\n2 2  1 1  1/2 3\n");
    pl_text_free(text);
    pl_game_file_free(file);
}

static void errors(void **state) {
    (void)state;
    expect_error("FOO 1 R", 1, 1, "a game's file begins with NFG or EFG");
    expect_error("NFG 2 R \"\" { \"a\" } { 1 } 1", 1, 5,
                 "version 2 of the format is not supported: NFG files are of version 1");
    expect_error("NFG 1 R \"t\" { \"a\" \"b\" }\n{ 2 2 }\n1 2 3 4 5 6 7", 3, 14,
                 "a payoff is expected here, not the end of the file");
    expect_error("NFG 1 R \"t\" { \"a\" }\n{ 2 } 1 2 3", 2, 11,
                 "the game is complete with 2 profiles, but the file goes on");
    expect_error("NFG 1 R \"t\" { \"a\" }\n{ 2 } 1 -1e400", 2, 9, "'-1e400' is beyond 1.8e308");
    expect_error("EFG 2 R \"t\" { \"a\" }\nt \"\" 1 \"\" { 1e400 }", 2, 13, "'1e400' is beyond 1.8e308");
    expect_error("NFG 1 R \"t\" { \"a\" }\n{ 2 } 1 1/0", 2, 9,
                 "'1/0' cannot be read as a number: it divides by nothing");
    expect_error("NFG 1 R \"t\" { \"a\" \"b\" } { 9 9 } 1 2 1 2 1 2", 1, 25,
                 "the game has 81 profiles, for which the file is too short");
    expect_error("NFG 1 R \"t\" { \"a\" \"b\" } { 900 900 } 1 2", 1, 27,
                 "a number of strategies lies from 1 to 10, and is not '900'");
    expect_error("NFG 1 R \"t", 1, 9, "this text has no closing '\"'");
    expect_error("EFG 2 R \"\" { \"a\" } \"\"\np \"\" 1 1 \"\" { \"x\" \"y\" } 0\nt \"\" 0", 2, 1,
                 "the file ends, but this node lacks what follows action 2");
    expect_error("EFG 2 R \"\" { \"a\" } \"\"\nt \"\" 0\nt \"\" 0", 3, 1, "the tree is complete, but the file goes on");
    expect_error("EFG 2 R \"\" { \"a\" } \"\"\np \"\" 2 1 \"\" { \"x\" } 0", 2, 6,
                 "the number of a player lies from 1 to 1, and is not '2'");
    expect_error("EFG 2 R \"\" { \"a\" } \"\"\nc \"\" 1 \"\" { \"x\" 1/2 \"y\" 1/3 } 0", 2, 6,
                 "the probabilities add up to 0.833333, not to 1");
    expect_error(
        "EFG 2 R \"\" { \"a\" } \"\"\np \"\" 1 1 \"\" { \"x\" \"y\" } 0\nt \"\" 1 \"\" { 1 }\nt \"\" 1 \"\" { 2 }", 4,
        6, "outcome 1 has other payoffs where it comes before");
    expect_error("EFG 2 R \"\" { \"a\" } \"\"\np \"\" 1 1 0", 2, 8,
                 "information set 1 comes here first, and without its actions");
    expect_error("EFG 2 R \"\" { \"a\" } \"\"\nt \"\" 1 \"\" { 1e5000 }", 2, 13,
                 "'1e5000' cannot be read as a number: it has too many digits");
}

/* Every allocation fails once: the reader says so, or needs none. */
static void out_of_memory(void **state) {
    (void)state;
    static const char *texts[] = {
        tree_text, "NFG 1 R \"\" { \"a\" \"b\" } { { \"U\" \"D\" } { \"L\" \"R\" } } { { \"\" 1 2 } } 1 1 0 1"};
    for (int k = 0; k < 2; k++) {
        pl_status status = PL_MEMORY;
        for (long n = 1; status == PL_MEMORY; n++) {
            pl_game_file *file = NULL;
            pl_allocation_fail_after(n);
            status = pl_game_file_parse(texts[k], strlen(texts[k]), "t", &file, NULL, NULL);
            pl_allocation_fail_after(0);
            assert_true(status == PL_OK || !file);
            pl_game_file_free(file);
        }
        assert_int_equal(status, PL_OK);
    }
}

/* A path as deep as the file is long is no deeper for the reader. */
static void deep_tree(void **state) {
    (void)state;
    enum { DEPTH = 20000 };
    static char text[DEPTH * 40];
    size_t used = (size_t)sprintf(text, "EFG 2 R \"\" { \"a\" } \"\"\n");
    for (int k = 1; k <= DEPTH; k++)
        used += (size_t)sprintf(text + used, "p \"\" 1 %d \"\" { \"x\" } 1 \"\" { 1 }\n", k);
    sprintf(text + used, "t \"\" 0\n");
    pl_game_file *file = read(text);
    assert_true(pl_rational_double(*pl_tree_payoffs(file->tree, DEPTH)) == DEPTH);
    pl_game_file_free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payoff_form), cmocka_unit_test(outcome_form), cmocka_unit_test(extensive_form),
        cmocka_unit_test(round_trips), cmocka_unit_test(reduced_form), cmocka_unit_test(errors),
        cmocka_unit_test(out_of_memory), cmocka_unit_test(deep_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
