/* See progress.h.  The bar has no colour, so NO_COLOR asks nothing of it. */
#include "progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static struct {
    bool shown, terminal;
    double began, drawn;
    long before; /* cases that were finished when it first told, as after --resume; -1: it has not yet */
} bar;

enum { BAR_WIDTH = 30 };

double cli_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One Ctrl-C may arrive twice within a moment: whoever started the program passes it on to it and to its group. */
static void interrupt(int number) {
    static volatile double first;
    double now = cli_seconds();
    if (!interrupted) first = now;
    interrupted = 1;
    if (now - first < 0.5) return;
    signal(number, SIG_DFL);
    raise(number);
}

static void draw(long done, long all, double elapsed) {
    double share = all > 0 ? (double)done / (double)all : 0, rate = (double)(done - bar.before) / elapsed;
    int filled = (int)(share * BAR_WIDTH);
    char cells[BAR_WIDTH + 1];
    memset(cells, ' ', BAR_WIDTH);
    memset(cells, '=', (size_t)filled);
    cells[BAR_WIDTH] = 0;
    fprintf(stderr, "\r[%s] %3.0f %%  %.0f runs/s", cells, 100 * share, rate);
    if (rate > 0) fprintf(stderr, "  %.0f s left ", (double)(all - done) / rate);
    fflush(stderr);
    bar.shown = true;
}

static int progress(void *context, long done, long all) {
    (void)context;
    double now = cli_seconds();
    if (bar.before < 0) bar.before = done, bar.began = now;
    if (bar.terminal && now - bar.began > 1 && now - bar.drawn > 0.1) {
        draw(done, all, now - bar.began);
        bar.drawn = now;
    }
    return interrupted;
}

static void catch(void) {
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART}; /* a second one ends it */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static sigset_t open_mask;

void cli_interrupt_hold(void) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, &open_mask);
    catch();
}

void cli_interrupt_wait(void) {
    while (!interrupted) sigsuspend(&open_mask);
    sigprocmask(SIG_SETMASK, &open_mask, NULL);
}

void cli_progress_attach(pl_explore_options *options, bool quiet) {
    catch();
    bar.terminal = !quiet && isatty(STDERR_FILENO);
    bar.began = cli_seconds();
    bar.drawn = bar.began;
    bar.before = -1;
    options->progress = progress;
}

void cli_progress_end(void) {
    if (bar.shown) fprintf(stderr, "\r%*s\r", BAR_WIDTH + 50, "");
    bar.shown = false;
}
