/* What all commands do with paths, results and errors. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H
#include <stdbool.h>

#include "arguments.h"

bool cli_ends_with(const char *path, const char *ending);
/* Whether the path means a situation (a folder, or a .yaml file), a results file (.nc), or a table (.csv). */
bool cli_is_situation(const char *path);
bool cli_is_results(const char *path);
bool cli_is_table(const char *path);

/* Prints an error on standard error; returns its exit code. */
int cli_fail(const pl_error *error);
/* Prints the errors among the findings on standard error, or the error where there are none; its exit code. */
int cli_fail_with(const pl_findings *findings, const pl_error *error);
/* Prints warnings and notes on standard error. */
void cli_warn(const cli_arguments *arguments, const pl_findings *findings);
/* A printed text, or the status of printing it: to standard output, or to the file of --output ('-': standard output).
 * Frees the text; returns the exit code. */
int cli_write(const cli_arguments *arguments, pl_status status, char *text, size_t length);
int cli_print(pl_status status, char *text, size_t length);
/* Before long work: whether the file of --output can be written. Returns 0, or the exit code with the message
 * printed. */
int cli_try_output(const cli_arguments *arguments);
/* Writes a text to a path ('-': standard output), frees it, and says that it was written. */
int cli_write_said(const cli_arguments *arguments, const char *path, char *text, size_t length);
/* How a result that goes to the screen is shown: it does not (CSV or JSON, or to a file); as text; with drawings
 * `width` wide, which needs a terminal that has so many columns and shows UTF-8. */
typedef enum cli_screen { CLI_NO_SCREEN, CLI_PLAIN, CLI_DRAWN } cli_screen;
cli_screen cli_screen_of(const cli_arguments *arguments, int width);
/* One line on standard error, unless --quiet. */
void cli_say(const cli_arguments *arguments, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The slowest parts of a timing on standard error, unless --quiet. */
void cli_say_timing(const cli_arguments *arguments, const pl_timing *timing);

/* The ensemble that a study is asked about: read from a results file, or obtained for a situation. Returns PL_OK, or
 * the exit code in *code with the message printed. */
pl_ensemble *cli_ensemble(const cli_arguments *arguments, int *code);
/* The options that shape a report, progress and interruption included. False: a message was printed. */
bool cli_report_options(const cli_arguments *arguments, pl_report_options *options);
/* Whether no option was given that would run something, which is a mistake where results are read; else says so. */
bool cli_only_reads(const cli_arguments *arguments);
#endif
