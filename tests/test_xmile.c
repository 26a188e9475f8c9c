/* The reader of XMILE files: what is wrong is said with its place, memory may run out anywhere, hostile texts end soon.
 * What models give is tested under tests/models/xmile_*. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "model/model.h"

static char *read_whole(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 16);
    if (!file) fail_msg("%s cannot be opened", path);
    *length = fread(text, 1, (1 << 16) - 1, file);
    fclose(file);
    return text;
}

/* Each tests/errors/xmile/NAME.xmile gives exactly what NAME.txt says, as `parley check` prints it. */
static void says_what_is_wrong(void **state) {
    (void)state;
    const char *root = getenv("PARLEY_ROOT");
    char folder[400];
    int files = 0;
    snprintf(folder, sizeof folder, "%s/tests/errors/xmile", root ? root : ".");
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    for (struct dirent *entry; (entry = readdir(listing));) {
        char path[700];
        size_t length = strlen(entry->d_name), text_length, expected_length, said_length;
        if (length < 7 || strcmp(entry->d_name + length - 6, ".xmile") != 0) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        char *text = read_whole(path, &text_length), *said;
        memcpy(path + strlen(path) - 6, ".txt", 5);
        char *expected = read_whole(path, &expected_length);
        pl_findings *findings = pl_findings_new();
        pl_model *model;
        pl_status status = pl_model_parse(text, text_length, entry->d_name, &model, findings, NULL);
        assert_int_equal(pl_status_exit_code(status), 3);
        assert_null(model);
        assert_int_equal(pl_findings_print(findings, PL_FORMAT_TEXT, &said, &said_length), PL_OK);
        assert_string_equal(said, expected);
        pl_text_free(said);
        pl_findings_free(findings);
        free(text);
        free(expected);
        files++;
    }
    closedir(listing);
    assert_true(files >= 6);
}

#define HEAD "<xmile><sim_specs><start>0</start><stop>1</stop><dt>1</dt></sim_specs>"

/* Uses every part of the reader, with the n-th allocation failing for every n: PL_MEMORY, no leak. */
static void survives_lack_of_memory(void **state) {
    (void)state;
    static const char text[] =
        HEAD "<isee:prefs/><dimensions><dim name='D' size='2'/></dimensions>"
        "<macro name='M'><parm>p</parm><eqn>p * 2</eqn></macro><model><variables>"
        "<aux name='a'><dimensions><dim name='D'/></dimensions><element subscript='1'><eqn>1</eqn></element>"
        "<element subscript='2'><eqn>M(SUM(b)) &lt; 3</eqn></element></aux>"
        "<aux name='b'><dimensions><dim name='D'/></dimensions><eqn>SMTH1(Time, 2)</eqn>"
        "<gf type='discrete'><xpts>0,1</xpts><ypts>2,3</ypts></gf></aux>"
        "<stock name='s'><eqn>1</eqn><inflow>f</inflow><outflow>g</outflow><non_negative/></stock>"
        "<flow name='f'><eqn>1</eqn><non_negative/></flow><flow name='g'><eqn>\"in.x\"</eqn></flow>"
        "<module name='in'><connect to='x' from='s'/></module></variables></model>"
        "<model name='in'><variables><aux name='x'/></variables></model></xmile>";
    pl_status status = PL_MEMORY;
    long n = 0;
    while (status == PL_MEMORY && n < 10000) {
        pl_model *model = NULL;
        pl_error error = {0};
        pl_allocation_fail_after(++n);
        status = pl_model_parse(text, sizeof text - 1, "m.xmile", &model, NULL, &error);
        pl_allocation_fail_after(0);
        if (status != PL_OK && status != PL_MEMORY) fail_msg("%s", error.message);
        assert_true(status == PL_OK ? model != NULL : model == NULL);
        pl_model_free(model);
    }
    assert_int_equal(status, PL_OK);
    assert_true(n > 5);
}

/* Deep, long and circular texts end in an error, soon and without a fault. */
static void survives_hostile_texts(void **state) {
    (void)state;
    enum { LENGTH = 400000 };
    static const char *const starts[] = {"", HEAD "<model><variables><aux name='a'><eqn>", HEAD "<model><variables>"};
    static const char *const parts[] = {"<a>", "1+", "(", "-", "not ", "IF ", "{", "a[", "SUM(", "MIN(", "a.", "&lt;",
                                        "<stock name='s'>", "<inflow>f</inflow>", "<module name='m'/>", "<aux/>"};
    char *text = malloc(LENGTH + 200);
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++)
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            size_t used = strlen(starts[s]), length = strlen(parts[i]);
            pl_model *model;
            memcpy(text, starts[s], used);
            while (used + length <= LENGTH) memcpy(text + used, parts[i], length), used += length;
            assert_int_not_equal(pl_model_parse(text, used, "m.xmile", &model, NULL, NULL), PL_OK);
            const char *end = s == 1 ? "</eqn></aux></variables></model></xmile>" : "</variables></model></xmile>";
            memcpy(text + used, end, strlen(end));
            pl_status status = pl_model_parse(text, used + strlen(end), "m.xmile", &model, NULL, NULL);
            assert_true(s == 2 || status != PL_OK); /* text between elements says nothing */
            pl_model_free(model);
        }
    free(text);
}

/* A model that contains itself is refused. */
static void refuses_circular_modules(void **state) {
    (void)state;
    static const char text[] = HEAD
        "<model><variables><module name='a'/></variables></model>"
        "<model name='a'><variables><module name='a'/><module name='b'/></variables></model>"
        "<model name='b'><variables><module name='a'/></variables></model></xmile>";
    pl_model *model;
    pl_error error;
    assert_int_equal(pl_model_parse(text, sizeof text - 1, "m.xmile", &model, NULL, &error), PL_UNSUPPORTED);
    assert_non_null(strstr(error.message, "modules contain each other"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(survives_hostile_texts),
        cmocka_unit_test(refuses_circular_modules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
