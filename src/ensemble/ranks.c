/* See ranks.h. */
#define _XOPEN_SOURCE 700 /* readlink */
#include "ensemble/ranks.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#ifndef PL_MODULE_FOLDER
#define PL_MODULE_FOLDER "/usr/lib/parley"
#endif

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const pl_ranks *joined;
static char trouble[400];

/* How many processes the launchers of Open MPI, and of MPICH and its kin, say that they have started. */
static bool is_under_mpi(void) {
    static const char *const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *size = getenv(variables[i]);
        if (size && atoi(size) > 1) return true;
    }
    return false;
}

/* The module in a folder: all its symbols are wanted by the parts of MPI that are loaded later. */
static void *load_from(const char *folder, size_t length) {
    char path[1024];
    if ((size_t)snprintf(path, sizeof path, "%.*s/parley-mpi.so", (int)length, folder) >= sizeof path) return NULL;
    return dlopen(path, RTLD_NOW | RTLD_GLOBAL);
}

/* Beside the program, as it is built; or where it is installed. */
static void *load(void) {
    char program[1024];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    void *module = NULL;
    if (length > 0) {
        program[length] = 0;
        char *slash = strrchr(program, '/');
        if (slash) module = load_from(program, (size_t)(slash - program));
    }
    return module ? module : load_from(PL_MODULE_FOLDER, strlen(PL_MODULE_FOLDER));
}

static void join(void) {
    if (!is_under_mpi()) return;
    void *module = load();
    if (!module) {
        snprintf(trouble, sizeof trouble, "this was started under MPI, and parley's module for MPI cannot be loaded: %s",
                 dlerror());
        return;
    }
    union { /* an object pointer as a pointer to a function, as POSIX has it */
        void *object;
        pl_ranks_module *function;
    } symbol = {dlsym(module, "pl_ranks_module_join")};
    joined = symbol.object ? symbol.function() : NULL;
    if (!joined) snprintf(trouble, sizeof trouble, "MPI cannot be started with threads that take turns");
}

pl_status pl_ranks_join(const pl_ranks **ranks, pl_error *error) {
    pthread_once(&once, join);
    *ranks = joined;
    return *trouble ? pl_error_set(error, PL_UNSUPPORTED, NULL, 0, 0, "%s", trouble) : PL_OK;
}
