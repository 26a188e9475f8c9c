/* The server: GET / is the page, POST runs starts a run, GET runs/ID tells how far it is, DELETE runs/ID cancels it,
 * and runs/ID/results.json and runs/ID/results.csv are what came of it, all behind the token.  One run goes on at a
 * time, and the last few are kept.
 *
 * All requests are answered by one thread, libmicrohttpd's, so what is here needs no lock; a run has a thread of its
 * own (job.h).  Every answer carries the same headers, and no path is ever taken for a file's. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/json.h"
#include "report/report.h"
#include "serve/guard.h"
#include "serve/job.h"

enum {
    USUAL_FUTURES = 20000,
    MOST_BODY = 64 << 10,
    KEPT = 3,             /* runs whose results can be had */
    CONNECTIONS = 64,
    SILENCE = 30,         /* seconds until a connection that says nothing is closed */
    HEADERS_ROOM = 32 << 10
};

typedef struct kept_job {
    long id; /* from 1; 0: none */
    pl_job *job;
} kept_job;

struct pl_server {
    const pl_situation *s;
    struct MHD_Daemon *daemon;
    pl_experiment *experiment;
    pl_shared_text page;
    char *folder; /* NULL: none */
    char token[PL_TOKEN_DIGITS + 1], policy[PL_POLICY_ROOM], address[PL_TOKEN_DIGITS + 64];
    long futures, last_id;
    kept_job jobs[KEPT]; /* the job of an id is at id modulo KEPT */
    int port, socket; /* socket -1: none, or the daemon's */
};

/* A request while its body comes in. */
typedef struct incoming {
    char body[MOST_BODY];
    size_t length;
    bool too_long;
} incoming;

/* ---- answers ---------------------------------------------------------------------------------------------- */

static enum MHD_Result answer(pl_server *server, struct MHD_Connection *connection, unsigned code,
                              struct MHD_Response *response, const char *type) {
    const char *const headers[][2] = {
        {"Content-Type", type},
        {"Content-Security-Policy", server->policy},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    if (!response) return MHD_NO;
    enum MHD_Result fine = MHD_YES;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (MHD_add_response_header(response, headers[i][0], headers[i][1]) == MHD_NO) fine = MHD_NO;
    if (fine == MHD_YES) fine = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return fine;
}

/* A JSON object, and one header more where it is not NULL. */
static enum MHD_Result answer_json(pl_server *server, struct MHD_Connection *connection, unsigned code, json_t *tree,
                                   const char *header, const char *value) {
    char *text;
    size_t length;
    if (pl_json_finish(tree, &text, &length) != PL_OK) return MHD_NO;
    struct MHD_Response *response = MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_COPY);
    pl_text_free(text);
    if (response && header) MHD_add_response_header(response, header, value);
    return answer(server, connection, code, response, "application/json");
}

static enum MHD_Result refuse_with(pl_server *server, struct MHD_Connection *connection, unsigned code, const char *why,
                                   const char *header, const char *value) {
    json_t *tree = json_object();
    pl_json_set(&tree, "error", pl_json_text(why));
    return answer_json(server, connection, code, tree, header, value);
}

static enum MHD_Result refuse(pl_server *server, struct MHD_Connection *connection, unsigned code, const char *why) {
    return refuse_with(server, connection, code, why, NULL, NULL);
}

static void leave(void *shared) { pl_shared_text_leave(shared); }

/* A text that stays where it is while it is sent. */
static enum MHD_Result answer_text(pl_server *server, struct MHD_Connection *connection, pl_shared_text *shared,
                                   const char *type, const char *disposition) {
    atomic_fetch_add(&shared->holders, 1);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(shared->length, shared->text, leave, shared);
    if (!response) pl_shared_text_leave(shared);
    if (response && disposition) MHD_add_response_header(response, "Content-Disposition", disposition);
    return answer(server, connection, MHD_HTTP_OK, response, type);
}

/* ---- runs ------------------------------------------------------------------------------------------------- */

static pl_job *find_job(const pl_server *server, long id) {
    const kept_job *kept = &server->jobs[id % KEPT];
    return id > 0 && kept->id == id ? kept->job : NULL;
}

static bool is_busy(const pl_server *server) {
    const pl_job *last = find_job(server, server->last_id);
    return last && pl_job_get_state(last) == PL_JOB_RUNNING;
}

static enum MHD_Result refuse_busy(pl_server *server, struct MHD_Connection *connection) {
    return refuse_with(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                       "another run is going on: wait for its end, or cancel it", "Retry-After", "2");
}

static enum MHD_Result start_run(pl_server *server, struct MHD_Connection *connection, const incoming *body) {
    pl_request request;
    pl_error error;
    pl_job *job;
    if (is_busy(server)) return refuse_busy(server, connection);
    pl_status status = pl_request_read(server->s, body->body, body->length, server->futures, &request, &error);
    if (status == PL_INVALID) return refuse(server, connection, MHD_HTTP_BAD_REQUEST, error.message);
    if (status != PL_OK) return refuse(server, connection, MHD_HTTP_INTERNAL_SERVER_ERROR, error.message);
    if (pl_experiment_allows(server->experiment, &request, &error) != PL_OK) {
        pl_request_free(&request);
        return refuse(server, connection, MHD_HTTP_BAD_REQUEST, error.message);
    }
    if (pl_job_start(server->experiment, &request, server->folder, &job, &error) != PL_OK)
        return refuse(server, connection, MHD_HTTP_INTERNAL_SERVER_ERROR, error.message);
    long id = ++server->last_id;
    kept_job *place = &server->jobs[id % KEPT];
    pl_job_free(place->job);
    *place = (kept_job){id, job};
    json_t *tree = json_object();
    pl_json_set(&tree, "id", json_integer(id));
    return answer_json(server, connection, MHD_HTTP_ACCEPTED, tree, NULL, NULL);
}

static json_t *describe_job(pl_job *job, long id) {
    pl_job_state state = pl_job_get_state(job);
    json_t *tree = json_object();
    long done, all;
    pl_job_progress(job, &done, &all);
    pl_json_set(&tree, "id", json_integer(id));
    pl_json_set(&tree, "state", json_string(pl_job_state_names[state]));
    pl_json_set(&tree, "done", json_integer(done));
    pl_json_set(&tree, "all", json_integer(all));
    bool ended = state == PL_JOB_FAILED || state == PL_JOB_DONE;
    if (ended && *pl_job_message(job)) pl_json_set(&tree, "error", pl_json_text(pl_job_message(job)));
    if (state == PL_JOB_DONE) pl_json_set(&tree, "seconds", pl_json_rounded(pl_job_seconds(job), 4));
    if (state == PL_JOB_DONE && *pl_job_file(job)) pl_json_set(&tree, "file", pl_json_text(pl_job_file(job)));
    return tree;
}

static enum MHD_Result send_results(pl_server *server, struct MHD_Connection *connection, pl_job *job, long id,
                                    bool csv) {
    char disposition[96];
    if (pl_job_get_state(job) != PL_JOB_DONE)
        return refuse(server, connection, MHD_HTTP_NOT_FOUND, "this run has no results");
    if (!csv) return answer_text(server, connection, pl_job_results(job), "application/json", NULL);
    snprintf(disposition, sizeof disposition, "attachment; filename=\"parley-run-%ld.csv\"", id);
    return answer_text(server, connection, pl_job_futures(job), "text/csv; charset=utf-8", disposition);
}

/* ---- routes ----------------------------------------------------------------------------------------------- */

typedef enum route { ROUTE_NONE, ROUTE_BARE, ROUTE_PAGE, ROUTE_RUNS, ROUTE_RUN, ROUTE_RESULTS, ROUTE_FUTURES } route;

/* What a path behind the token means, and the number of the run in it. */
static route find_route(const char *path, long *id) {
    char *rest;
    if (!*path) return ROUTE_BARE;
    if (strcmp(path, "/") == 0) return ROUTE_PAGE;
    if (strcmp(path, "/runs") == 0) return ROUTE_RUNS;
    if (strncmp(path, "/runs/", 6) != 0 || path[6] < '1' || path[6] > '9') return ROUTE_NONE;
    errno = 0;
    *id = strtol(path + 6, &rest, 10);
    if (errno) return ROUTE_NONE;
    if (!*rest) return ROUTE_RUN;
    if (strcmp(rest, "/results.json") == 0) return ROUTE_RESULTS;
    return strcmp(rest, "/results.csv") == 0 ? ROUTE_FUTURES : ROUTE_NONE;
}

static enum MHD_Result refuse_method(pl_server *server, struct MHD_Connection *connection, const char *allowed) {
    return refuse_with(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED, "this address does not take that method",
                       "Allow", allowed);
}

static enum MHD_Result refuse_address(pl_server *server, struct MHD_Connection *connection) {
    return refuse(server, connection, MHD_HTTP_NOT_FOUND, "there is nothing at this address");
}

static enum MHD_Result redirect(pl_server *server, struct MHD_Connection *connection) {
    return refuse_with(server, connection, MHD_HTTP_PERMANENT_REDIRECT, "the page's address ends in /", "Location",
                       server->address);
}

static bool is_json(struct MHD_Connection *connection) {
    const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
    return type && strncasecmp(type, "application/json", 16) == 0 && (!type[16] || type[16] == ';' || type[16] == ' ');
}

static enum MHD_Result post(pl_server *server, struct MHD_Connection *connection, const incoming *body) {
    if (!is_json(connection))
        return refuse(server, connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "a request is application/json");
    if (body->too_long)
        return refuse(server, connection, MHD_HTTP_CONTENT_TOO_LARGE, "a request has at most 65536 bytes");
    return start_run(server, connection, body);
}

static enum MHD_Result dispatch(pl_server *server, struct MHD_Connection *connection, const char *method,
                                const char *path, const incoming *body) {
    long id = 0;
    bool gets = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0, deletes = strcmp(method, "DELETE") == 0;
    route where = find_route(path, &id);
    if (where == ROUTE_NONE) return refuse_address(server, connection);
    if (where == ROUTE_RUNS)
        return strcmp(method, "POST") == 0 ? post(server, connection, body) : refuse_method(server, connection, "POST");
    if (!gets && !(deletes && where == ROUTE_RUN))
        return refuse_method(server, connection, where == ROUTE_RUN ? "GET, HEAD, DELETE" : "GET, HEAD");
    if (where == ROUTE_BARE) return redirect(server, connection);
    if (where == ROUTE_PAGE) return answer_text(server, connection, &server->page, "text/html; charset=utf-8", NULL);
    pl_job *job = find_job(server, id);
    if (!job) return refuse(server, connection, MHD_HTTP_NOT_FOUND, "there is no such run, or it is no longer kept");
    if (where != ROUTE_RUN) return send_results(server, connection, job, id, where == ROUTE_FUTURES);
    if (deletes) pl_job_cancel(job);
    return answer_json(server, connection, MHD_HTTP_OK, describe_job(job, id), NULL, NULL);
}

/* ---- requests --------------------------------------------------------------------------------------------- */

static const char *header_of(struct MHD_Connection *connection, const char *name) {
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* Where the request may be answered: what stands behind the token. Else it is refused, in *result. */
static const char *let_in(pl_server *server, struct MHD_Connection *connection, const char *path,
                          enum MHD_Result *result) {
    const char *rest = pl_token_strip(server->token, path);
    if (!pl_guard_host(header_of(connection, "Host"), server->port))
        *result = refuse(server, connection, MHD_HTTP_FORBIDDEN, "this is no address of this server");
    else if (!rest)
        *result = refuse_address(server, connection);
    else if (!pl_guard_origin(header_of(connection, "Origin"), header_of(connection, "Sec-Fetch-Site"), server->port))
        *result = refuse(server, connection, MHD_HTTP_FORBIDDEN, "pages from elsewhere may not ask this server");
    else
        return rest;
    return NULL;
}

static bool is_announced_too_long(struct MHD_Connection *connection) {
    const char *length = header_of(connection, "Content-Length");
    return length && strtoull(length, NULL, 10) > MOST_BODY;
}

static void take_body(incoming *body, const char *data, size_t size) {
    if (size > sizeof body->body - body->length) body->too_long = true;
    if (body->too_long) return;
    memcpy(body->body + body->length, data, size);
    body->length += size;
}

/* Called when the headers are there, then for each piece of the body, then at its end. A body that is announced as too
 * long is not waited for. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *data, size_t *size, void **state) {
    pl_server *server = context;
    incoming *body = *state;
    enum MHD_Result result;
    (void)version;
    if (body && *size) {
        take_body(body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    const char *rest = let_in(server, connection, path, &result);
    if (!rest) return result;
    if (body) return dispatch(server, connection, method, rest, body);
    if (!(*state = body = pl_allocate(sizeof *body))) return MHD_NO;
    body->too_long = is_announced_too_long(connection);
    return body->too_long ? dispatch(server, connection, method, rest, body) : MHD_YES;
}

static void finish(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode how) {
    (void)context, (void)connection, (void)how;
    pl_release(*state);
    *state = NULL;
}

/* ---- start and stop --------------------------------------------------------------------------------------- */

static pl_status no_memory(pl_error *error) { return pl_error_set(error, PL_MEMORY, NULL, 0, 0, "out of memory"); }

static pl_status refuse_port(int port, pl_error *error) {
    return pl_error_set(error, PL_FILE, NULL, 0, 0, "cannot listen at 127.0.0.1:%d: %s", port, strerror(errno));
}

/* Takes the port, so that it is known to be free before the page is written; no one is answered yet. */
static pl_status take_port(pl_server *server, int port, pl_error *error) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    server->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool taken = server->socket >= 0 &&
                 setsockopt(server->socket, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) == 0 &&
                 bind(server->socket, (struct sockaddr *)&here, size) == 0 &&
                 getsockname(server->socket, (struct sockaddr *)&here, &size) == 0;
    if (!taken) return refuse_port(port, error);
    server->port = ntohs(here.sin_port);
    snprintf(server->address, sizeof server->address, "http://127.0.0.1:%d/%s/", server->port, server->token);
    return PL_OK;
}

static pl_status begin(pl_server *server, pl_error *error) {
    sigset_t all, before;
    if (listen(server->socket, CONNECTIONS) != 0) return refuse_port(server->port, error);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the caller's threads */
    server->daemon = MHD_start_daemon(
        MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, server->socket,
        MHD_OPTION_NOTIFY_COMPLETED, finish, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_ROOM,
        MHD_OPTION_END);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!server->daemon) return no_memory(error);
    server->socket = -1; /* the daemon's */
    return PL_OK;
}

static pl_status make_policy(pl_server *server, pl_error *error) {
    pl_text script = {0};
    pl_report_put_script(&script);
    if (!script.failed) pl_guard_policy(script.data, script.length, server->policy);
    pl_release(script.data);
    return script.failed ? no_memory(error) : PL_OK;
}

static pl_status make_folder(pl_server *server, const char *folder, pl_error *error) {
    struct stat facts;
    if (!folder) return PL_OK;
    size_t size = strlen(folder) + 1;
    if (!(server->folder = pl_allocate(size))) return no_memory(error);
    memcpy(server->folder, folder, size);
    if (mkdir(folder, 0777) == 0) return PL_OK;
    if (errno == EEXIST && stat(folder, &facts) == 0 && S_ISDIR(facts.st_mode)) return PL_OK;
    return pl_error_set(error, PL_FILE, folder, 0, 0, "this folder cannot be made: %s", strerror(errno));
}

static pl_status make_page(pl_server *server, const pl_ensemble *ensemble, const pl_report_options *report,
                           pl_error *error) {
    pl_report_options options = report ? *report : (pl_report_options){0};
    options.served = server->futures;
    return pl_report_print(ensemble, &options, &server->page.text, &server->page.length, error);
}

pl_status pl_server_start(const pl_ensemble *ensemble, const pl_report_options *report,
                          const pl_server_options *options, pl_server **started, pl_error *error) {
    *started = NULL;
    if (options->port < 0 || options->port > 65535)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "a port is a number from 0 to 65535");
    if (options->futures < 0 || options->futures > PL_MOST_FUTURES)
        return pl_error_set(error, PL_USAGE, NULL, 0, 0, "the number of futures must be from 1 to %d", PL_MOST_FUTURES);
    pl_server *server = pl_allocate(sizeof *server);
    if (!server) return no_memory(error);
    *server = (pl_server){.s = ensemble->situation, .socket = -1,
                            .futures = options->futures ? options->futures : USUAL_FUTURES};
    atomic_init(&server->page.holders, 1);
    pl_status status = make_folder(server, options->folder, error);
    if (status == PL_OK) status = pl_token_make(server->token, error);
    if (status == PL_OK) status = take_port(server, options->port, error);
    if (status == PL_OK) status = make_policy(server, error);
    if (status == PL_OK) status = pl_experiment_new(ensemble, options->threads, &server->experiment, error);
    if (status == PL_OK) status = make_page(server, ensemble, report, error);
    if (status == PL_OK) status = begin(server, error);
    if (status == PL_OK) *started = server;
    else pl_server_stop(server);
    return status;
}

const char *pl_server_address(const pl_server *server) { return server->address; }

pl_status pl_server_print(const pl_server *server, pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_CSV) return PL_UNSUPPORTED;
    if (format == PL_FORMAT_JSON) {
        json_t *tree = json_object();
        pl_json_set(&tree, "address", json_string(server->address));
        pl_json_set(&tree, "port", json_integer(server->port));
        return pl_json_finish(tree, text, length);
    }
    pl_text line = {0};
    pl_text_format(&line, "%s\n", server->address);
    return pl_text_finish(&line, text, length);
}

void pl_server_stop(pl_server *server) {
    if (!server) return;
    if (server->daemon) MHD_stop_daemon(server->daemon); /* from here on no other thread looks at the jobs */
    if (server->socket >= 0) close(server->socket);
    for (int i = 0; i < KEPT; i++) pl_job_free(server->jobs[i].job);
    pl_experiment_free(server->experiment);
    pl_text_free(server->page.text);
    pl_release(server->folder);
    pl_release(server);
}
