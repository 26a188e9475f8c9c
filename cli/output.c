/* See output.h. */
#include "output.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "progress.h"

bool cli_ends_with(const char *path, const char *ending) {
    size_t length = strlen(path), more = strlen(ending);
    return length > more && strcmp(path + length - more, ending) == 0;
}

bool cli_is_situation(const char *path) {
    struct stat facts;
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) return true;
    return cli_ends_with(path, ".yaml") || cli_ends_with(path, ".yml");
}

bool cli_is_results(const char *path) { return cli_ends_with(path, ".nc"); }

bool cli_is_table(const char *path) { return cli_ends_with(path, ".csv"); }

/* Whether the locale's characters are UTF-8, as the environment says. */
static bool shows_utf8(void) {
    const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"}, *locale = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !(locale && *locale); i++) locale = getenv(names[i]);
    const char *terminal = getenv("TERM");
    bool utf8 = locale && (strstr(locale, "UTF-8") || strstr(locale, "utf8") || strstr(locale, "utf-8"));
    return utf8 && !(terminal && strcmp(terminal, "dumb") == 0);
}

cli_screen cli_screen_of(const cli_arguments *arguments, int width) {
    struct winsize size = {0};
    if (cli_option_given(arguments, CLI_OPTION_OUTPUT) || cli_option_given(arguments, CLI_OPTION_JSON) ||
        !isatty(STDOUT_FILENO))
        return CLI_NO_SCREEN;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < width) return CLI_PLAIN;
    return shows_utf8() ? CLI_DRAWN : CLI_PLAIN;
}

static void to_stderr(pl_status status, char *text) {
    fputs(status == PL_OK ? text : "error: out of memory\n", stderr);
    pl_text_free(text);
}

int cli_fail(const pl_error *error) {
    char *text;
    cli_progress_end();
    pl_status status = pl_error_print(error, &text, NULL);
    to_stderr(status, text);
    return pl_status_exit_code(error->status);
}

int cli_fail_with(const pl_findings *findings, const pl_error *error) {
    if (pl_findings_errors(findings) == 0) return cli_fail(error);
    char *text;
    pl_status status = pl_findings_print(findings, PL_FORMAT_TEXT, &text, NULL);
    to_stderr(status, text);
    return pl_status_exit_code(error->status);
}

void cli_warn(const cli_arguments *arguments, const pl_findings *findings) {
    if (cli_option_given(arguments, CLI_OPTION_QUIET) || pl_findings_count(findings) == 0) return;
    char *text;
    pl_status status = pl_findings_print(findings, PL_FORMAT_TEXT, &text, NULL);
    to_stderr(status, text);
}

int cli_print(pl_status status, char *text, size_t length) {
    if (status != PL_OK) {
        fprintf(stderr, "error: %s\n", pl_status_text(status));
        return pl_status_exit_code(status);
    }
    bool fine = fwrite(text, 1, length, stdout) == length && fflush(stdout) == 0;
    pl_text_free(text);
    if (fine) return 0;
    perror("parley: standard output");
    return pl_status_exit_code(PL_FILE);
}

int cli_write(const cli_arguments *arguments, pl_status status, char *text, size_t length) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    if (status != PL_OK || !path || strcmp(path, "-") == 0) return cli_print(status, text, length);
    pl_error error;
    status = pl_file_write(path, text, length, &error);
    pl_text_free(text);
    return status == PL_OK ? 0 : cli_fail(&error);
}

int cli_try_output(const cli_arguments *arguments) {
    const char *path = cli_option_text(arguments, CLI_OPTION_OUTPUT);
    pl_error error;
    if (!path || strcmp(path, "-") == 0 || pl_file_try(path, &error) == PL_OK) return 0;
    return cli_fail(&error);
}

int cli_write_said(const cli_arguments *arguments, const char *path, char *text, size_t length) {
    pl_error error;
    if (strcmp(path, "-") == 0) return cli_print(PL_OK, text, length);
    pl_status status = pl_file_write(path, text, length, &error);
    pl_text_free(text);
    if (status != PL_OK) return cli_fail(&error);
    status = pl_written_print(path, length, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    return cli_print(status, text, length);
}

void cli_say_timing(const cli_arguments *arguments, const pl_timing *timing) {
    enum { MOST_ROWS = 20 };
    char *text;
    size_t length;
    if (pl_timing_print(timing, MOST_ROWS, PL_FORMAT_TEXT, &text, &length) != PL_OK) return;
    cli_say(arguments, "%s", text);
    pl_text_free(text);
}

void cli_say(const cli_arguments *arguments, const char *format, ...) {
    if (cli_option_given(arguments, CLI_OPTION_QUIET)) return;
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
}
