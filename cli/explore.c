/* parley explore: every combination of courses against every future, into a results file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "progress.h"

static int explore(const cli_arguments *arguments, const pl_situation *situation, const pl_explore_options *options,
                   const char *file, double read_seconds) {
    pl_explore_summary summary = {0};
    pl_error error;
    pl_status status = pl_explore(situation, options, file, &summary, &error);
    cli_progress_end();
    if (status != PL_OK) return summary.elsewhere ? pl_status_exit_code(status) : cli_fail(&error);
    if (summary.rank) return 0; /* the first rank tells */
    pl_timing *timing = NULL;
    if (cli_option_given(arguments, CLI_OPTION_TIMING)) {
        cli_say(arguments, "read %.4f s, compiled %.4f s, explored %.3f s (%.0f runs/s)\n", read_seconds,
                summary.compile_seconds, summary.seconds, summary.runs_per_second);
        if (pl_situation_time(situation, &timing, &error) != PL_OK) return cli_fail(&error);
        cli_say_timing(arguments, timing);
    }
    summary.timing = timing;
    char *text;
    size_t length;
    status = pl_summary_print(&summary, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    pl_timing_free(timing);
    return cli_print(status, text, length);
}

static int verify(const cli_arguments *arguments, const pl_situation *situation, const pl_explore_options *options,
                  const char *file, long long count) {
    pl_error error;
    char standard[4096], *text;
    size_t length;
    if (!file) {
        pl_situation_results_path(situation, standard, sizeof standard);
        file = standard;
    }
    if (pl_verify(situation, options, file, (long)count, &error) != PL_OK) return cli_fail(&error);
    pl_status status = pl_verified_print(file, (long)count, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    return cli_print(status, text, length);
}

/* Of many ranks under MPI only the first warns; the launchers say which one this is. */
static bool is_first_rank(void) {
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");
    if (!rank) rank = getenv("PMI_RANK");
    return !rank || strcmp(rank, "0") == 0;
}

/* --shard I/N */
static bool take_shard(const cli_arguments *arguments, pl_explore_options *options) {
    const char *text = cli_option_text(arguments, CLI_OPTION_SHARD);
    int end = 0;
    options->resume = cli_option_given(arguments, CLI_OPTION_RESUME);
    options->join = true;
    if (!text) return true;
    if (sscanf(text, "%6d/%6d%n", &options->shard, &options->shards, &end) == 2 && !text[end] && options->shards > 0)
        return true;
    fprintf(stderr, "parley explore: --shard needs I/N, such as 1/8, not '%s'\n", text);
    return false;
}

/* --verify runs nothing new, so what says how to run has no meaning beside it. */
static bool verify_alone(const cli_arguments *arguments) {
    const cli_option_id others[] = {CLI_OPTION_SHARD, CLI_OPTION_RESUME, CLI_OPTION_TIMING};
    if (!cli_option_given(arguments, CLI_OPTION_VERIFY)) return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!cli_option_given(arguments, others[i])) continue;
        fprintf(stderr, "parley explore: --verify runs nothing new, so --%s has no meaning with it\n",
                cli_options[others[i]].name);
        return false;
    }
    return true;
}

static int explore_or_verify(const cli_arguments *arguments, const pl_explore_options *options,
                             const cli_courses *courses, long long cases) {
    const char *output = cli_option_text(arguments, CLI_OPTION_RESULTS);
    double began = cli_seconds();
    pl_findings *findings = pl_findings_new();
    pl_situation *situation = NULL;
    pl_error error;
    pl_inputs inputs;
    int code;
    if (!cli_inputs(arguments, &inputs)) {
        pl_findings_free(findings);
        return pl_status_exit_code(PL_MEMORY);
    }
    inputs.courses = courses->choices, inputs.course_count = courses->count;
    if (pl_situation_read_with(arguments->operands[0], &inputs, &situation, findings, &error) != PL_OK) {
        code = cli_fail_with(findings, &error);
    } else {
        if (is_first_rank()) cli_warn(arguments, findings);
        code = cases ? verify(arguments, situation, options, output, cases)
                     : explore(arguments, situation, options, output, cli_seconds() - began);
    }
    cli_inputs_free(&inputs);
    pl_situation_free(situation);
    pl_findings_free(findings);
    return code;
}

int cli_explore(const cli_arguments *arguments) {
    const char *output = cli_option_text(arguments, CLI_OPTION_RESULTS);
    pl_explore_options options;
    cli_courses courses;
    long long cases = 0;
    int code = pl_status_exit_code(PL_USAGE);
    if (!cli_explore_options(arguments, &options) || !take_shard(arguments, &options) || !verify_alone(arguments) ||
        !cli_option_whole(arguments, CLI_OPTION_VERIFY, 1, &cases))
        return code;
    if (output && strcmp(output, "-") == 0) {
        fprintf(stderr, "parley explore: results are a NetCDF file, which cannot go to standard output\n");
        return code;
    }
    if (cli_courses_read(arguments, &courses)) code = explore_or_verify(arguments, &options, &courses, cases);
    cli_courses_free(&courses);
    return code;
}
