/* The branch of parley play that takes a game's file. */
#ifndef CLI_PLAY_FILE_H
#define CLI_PLAY_FILE_H
#include "arguments.h"

/* Whether the path means a game's file (.nfg, .efg). */
bool cli_is_game(const char *path);
/* --lambda, 0 where it is not given. False: a message was printed. */
bool cli_lambda(const cli_arguments *arguments, double *lambda);
/* Solves the game of the first operand, or with --output writes it anew; returns the exit code. */
int cli_play_file(const cli_arguments *arguments);
#endif
