/* parley serve: the report from a local server, until Ctrl-C. */
#include <signal.h>
#include <stdio.h>

#include "output.h"
#include "progress.h"

static int tell(const cli_arguments *arguments, const pl_server *server) {
    char *text;
    size_t length;
    pl_status status = pl_server_print(server, cli_format(arguments, PL_FORMAT_TEXT), &text, &length);
    int code = cli_print(status, text, length);
    fflush(stdout);
    cli_say(arguments, "Open this address in a browser on this machine; Ctrl-C ends.\n");
    return code;
}

static int serve(const cli_arguments *arguments, const pl_ensemble *ensemble, const pl_server_options *options) {
    pl_report_options report;
    pl_server *server;
    pl_error error;
    if (!cli_report_options(arguments, &report)) return pl_status_exit_code(PL_USAGE);
    report.findings = pl_findings_new();
    pl_status status = pl_server_start(ensemble, &report, options, &server, &error);
    cli_progress_end();
    if (status == PL_OK) cli_warn(arguments, report.findings);
    pl_findings_free(report.findings);
    if (status != PL_OK) return cli_fail(&error);
    cli_interrupt_hold();
    int code = tell(arguments, server);
    if (code == 0) cli_interrupt_wait();
    pl_server_stop(server);
    return code;
}

int cli_serve(const cli_arguments *arguments) {
    long long port = 0, futures = 0, threads = 0;
    int code = pl_status_exit_code(PL_USAGE);
    if (!cli_option_whole(arguments, CLI_OPTION_PORT, 0, &port) ||
        !cli_option_whole(arguments, CLI_OPTION_MOST_FUTURES, 1, &futures) ||
        !cli_option_whole(arguments, CLI_OPTION_THREADS, 1, &threads))
        return code;
    if (port > 65535) {
        fprintf(stderr, "parley serve: --port needs a whole number from 0 to 65535, not '%lld'\n", port);
        return code;
    }
    signal(SIGPIPE, SIG_IGN); /* a browser that goes away is no end */
    pl_ensemble *ensemble = cli_ensemble(arguments, &code);
    if (!ensemble) return code;
    pl_server_options options = {.port = (int)port,
                                 .futures = (long)futures,
                                 .threads = threads > 4096 ? 4096 : (int)threads,
                                 .folder = cli_option_text(arguments, CLI_OPTION_FOLDER)};
    code = serve(arguments, ensemble, &options);
    pl_ensemble_free(ensemble);
    return code;
}
