/* parley was built without libmicrohttpd: there is no server. */
#include "base/error.h"

pl_status pl_server_start(const pl_ensemble *ensemble, const pl_report_options *report,
                          const pl_server_options *options, pl_server **server, pl_error *error) {
    (void)ensemble, (void)report, (void)options;
    *server = NULL;
    return pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0,
                        "this parley was built without libmicrohttpd, so it cannot serve: 'parley report' writes the "
                        "page to a file");
}

const char *pl_server_address(const pl_server *server) {
    (void)server;
    return "";
}

pl_status pl_server_print(const pl_server *server, pl_format format, char **text, size_t *length) {
    (void)server, (void)format;
    *text = NULL, *length = 0;
    return PL_UNSUPPORTED;
}

void pl_server_stop(pl_server *server) { (void)server; }
