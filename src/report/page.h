/* The files of web/ that every page carries, in the order of page_files in meson.build; tools/embed makes them a C array
 * when parley is built. */
#ifndef PL_PAGE_H
#define PL_PAGE_H

typedef struct pl_page_file {
    const char *name;         /* without its folder; NULL behind the last */
    const char *const *texts; /* its parts one after the other, up to NULL; a .wasm file's are base64 of gzip */
} pl_page_file;
extern const pl_page_file pl_page_files[];
#endif
