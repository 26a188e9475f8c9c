/* Who may ask, and what a browser may do with the answers.  The token is in the path of every address; besides it a
 * request must name this server as its host, and a browser's must come from a page of this server. */
#ifndef PL_GUARD_H
#define PL_GUARD_H
#include <stdbool.h>
#include <stddef.h>

#include "parley.h"

enum { PL_TOKEN_DIGITS = 64, PL_POLICY_ROOM = 512 };

/* 256 bits of the system's random numbers, as hexadecimal digits. PL_FILE where it gives none. */
pl_status pl_token_make(char out[PL_TOKEN_DIGITS + 1], pl_error *error);
/* What stands in a path behind "/TOKEN"; NULL where it does not begin so. The time that it takes tells nothing of the
 * token. */
const char *pl_token_strip(const char *token, const char *path);
/* Whether a Host header (NULL: none) is 127.0.0.1:PORT or localhost:PORT. */
bool pl_guard_host(const char *host, int port);
/* Whether an Origin header, where there is one, is this server's, and a Sec-Fetch-Site header, where there is one,
 * tells of no other site. Typing an address is `none`, a script of the page `same-origin`. */
bool pl_guard_origin(const char *origin, const char *site, int port);
/* The Content-Security-Policy: nothing from elsewhere, of scripts only this one (and the engine that it compiles). */
void pl_guard_policy(const char *script, size_t length, char out[PL_POLICY_ROOM]);
#endif
