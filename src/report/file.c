/* Files written as a whole or not at all: FILE.part~ is written, synced and renamed.  A path that is there and is no
 * regular file (a device, a pipe) is written to directly. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"

static bool write_all(int file, const char *text, size_t length) {
    while (length) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

static bool write_to(const char *path, int flags, const char *text, size_t length, bool sync) {
    int file = open(path, flags, 0666);
    if (file < 0) return false;
    bool fine = write_all(file, text, length) && (!sync || fsync(file) == 0);
    int reason = errno;
    if (close(file) != 0 && fine) return false;
    errno = reason;
    return fine;
}

static pl_status fail(const char *path, pl_error *error) {
    return pl_error_set(error, PL_FILE, path, 0, 0, "cannot be written: %s", strerror(errno));
}

/* FILE.part~, for the caller to release; NULL: out of memory. */
static char *name_beside(const char *path, pl_error *error) {
    size_t room = strlen(path) + 8;
    char *beside = pl_allocate(room);
    if (beside) snprintf(beside, room, "%s.part~", path);
    else pl_error_set(error, PL_MEMORY, path, 0, 0, "out of memory");
    return beside;
}

pl_status pl_file_write(const char *path, const char *text, size_t length, pl_error *error) {
    struct stat facts;
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
        return write_to(path, O_WRONLY, text, length, false) ? PL_OK : fail(path, error);
    char *beside = name_beside(path, error);
    if (!beside) return PL_MEMORY;
    pl_status status = PL_OK;
    if (!write_to(beside, O_WRONLY | O_CREAT | O_TRUNC, text, length, true) || rename(beside, path) != 0) {
        status = fail(path, error);
        unlink(beside);
    }
    pl_release(beside);
    return status;
}

pl_status pl_file_try(const char *path, pl_error *error) {
    struct stat facts;
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode)) return PL_OK;
    char *beside = name_beside(path, error);
    if (!beside) return PL_MEMORY;
    pl_status status = write_to(beside, O_WRONLY | O_CREAT | O_TRUNC, "", 0, false) ? PL_OK : fail(path, error);
    if (status == PL_OK) unlink(beside);
    pl_release(beside);
    return status;
}
