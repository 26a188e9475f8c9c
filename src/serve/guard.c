/* See guard.h. */
#include "serve/guard.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/error.h"

pl_status pl_token_make(char out[PL_TOKEN_DIGITS + 1], pl_error *error) {
    unsigned char bytes[PL_TOKEN_DIGITS / 2];
    size_t filled = 0;
    while (filled < sizeof bytes) {
        ssize_t got = getrandom(bytes + filled, sizeof bytes - filled, 0);
        if (got < 0 && errno != EINTR)
            return pl_error_set(error, PL_FILE, NULL, 0, 0, "the system gives no random numbers: %s", strerror(errno));
        if (got > 0) filled += (size_t)got;
    }
    for (size_t i = 0; i < sizeof bytes; i++) snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return PL_OK;
}

const char *pl_token_strip(const char *token, const char *path) {
    unsigned char differs = 0;
    if (strlen(path) < PL_TOKEN_DIGITS + 1 || path[0] != '/') return NULL;
    for (int i = 0; i < PL_TOKEN_DIGITS; i++) differs |= (unsigned char)(token[i] ^ path[i + 1]);
    return differs ? NULL : path + 1 + PL_TOKEN_DIGITS;
}

/* HOST:PORT, behind what stands before it. */
static bool is_here(const char *text, const char *before, int port) {
    static const char *const names[] = {"127.0.0.1", "localhost"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char here[64];
        snprintf(here, sizeof here, "%s%s:%d", before, names[i], port);
        if (strcasecmp(text, here) == 0) return true;
        snprintf(here, sizeof here, "%s%s", before, names[i]);
        if (port == 80 && strcasecmp(text, here) == 0) return true;
    }
    return false;
}

bool pl_guard_host(const char *host, int port) { return host && is_here(host, "", port); }

bool pl_guard_origin(const char *origin, const char *site, int port) {
    if (origin && !is_here(origin, "http://", port)) return false;
    return !site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
}

/* Styles are free: Observable Plot writes some into its drawings. Workers are the page's own texts. */
void pl_guard_policy(const char *script, size_t length, char out[PL_POLICY_ROOM]) {
    uint8_t digest[SHA256_DIGEST_SIZE];
    char hash[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = {0};
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)script);
    sha256_digest(&context, sizeof digest, digest);
    base64_encode_raw(hash, sizeof digest, digest);
    snprintf(out, PL_POLICY_ROOM,
             "default-src 'none'; script-src 'sha256-%s' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; "
             "img-src data: blob:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; "
             "frame-ancestors 'none'",
             hash);
}
