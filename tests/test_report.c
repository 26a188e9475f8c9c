/* Printing: rounded numbers, CSV, findings, JSON, and the page: nothing of a situation gets into it unescaped, both
 * languages are there, its tags are balanced and it needs no network. */
#include "fake_ensemble.h"

#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/fan.h"
#include "report/html.h"
#include "report/json.h"
#include "report/section.h"

/* ---- numbers and texts -------------------------------------------------------------------------------- */

static void expect_rounded(double value, int decimals, const char *expected) {
    char out[PL_ROUNDED_ROOM];
    assert_string_equal(pl_rounded(value, decimals, out), expected);
}

static void numbers_for_reading(void **state) {
    (void)state;
    expect_rounded(1234567.891, 1, "1,234,567.9");
    expect_rounded(-1234.5, 2, "-1,234.50");
    expect_rounded(999, 0, "999");
    expect_rounded(-0.0004, 2, "0.00");
    expect_rounded(123456789, -3, "123,457,000");
    expect_rounded(NAN, 2, "-");
    expect_rounded(1e18, 0, "1e+18");
    assert_int_equal(pl_rounding(36065, 4), 0);
    assert_int_equal(pl_rounding(0.0123, 3), 4);
    char out[PL_ROUNDED_ROOM];
    assert_string_equal(pl_html_rounded(-4.5e-9, 12, out), "−4.5\u00a0×\u00a010⁻⁹");
    assert_string_equal(pl_html_plain(0.002527474, out), "0.002527474");
    assert_string_equal(pl_html_plain(-250000, out), "−250,000");
    assert_string_equal(pl_html_signed(0.001, 1, out), "0.0");
    assert_string_equal(pl_html_signed(2.25, 2, out), "+2.25");
}

/* As the page's script prints them in both languages: tests/browser reads the same lines of value, decimals, text and
 * text with sign, rounded by hand. What rounds to zero has no sign. */
static void numbers_as_in_the_page(void **state) {
    (void)state;
    char path[4096], plain[PL_ROUNDED_ROOM], with_sign[PL_ROUNDED_ROOM], expected[2][PL_ROUNDED_ROOM];
    double value;
    int decimals, lines = 0;
    snprintf(path, sizeof path, "%s/tests/browser/numbers.txt", getenv("PARLEY_ROOT"));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (; fscanf(file, "%lf %d %63s %63s", &value, &decimals, expected[0], expected[1]) == 4; lines++) {
        assert_string_equal(pl_html_rounded(value, decimals, plain), expected[0]);
        assert_string_equal(pl_html_signed(value, decimals, with_sign), expected[1]);
    }
    assert_true(feof(file) && lines > 10);
    fclose(file);
}

static void fields_of_csv(void **state) {
    (void)state;
    pl_text text = {0};
    pl_text_csv(&text, "plain");
    pl_text_put(&text, "|");
    pl_text_csv(&text, "a, \"b\"");
    assert_string_equal(text.data, "plain|\"a, \"\"b\"\"\"");
    pl_release(text.data);
}

static void columns_count_characters(void **state) {
    (void)state;
    pl_text text = {0};
    pl_text_left(&text, "año", 5);
    pl_text_right(&text, "ñ", 3);
    assert_string_equal(text.data, "año    ñ");
    pl_release(text.data);
}

static void json_of_any_bytes(void **state) {
    (void)state;
    json_t *tree = json_object();
    char *text;
    pl_json_set(&tree, "name", pl_json_text("caf\xE9 \xC3\xA9"));
    pl_json_set(&tree, "number", pl_json_number(0.1));
    pl_json_set(&tree, "missing", pl_json_number(NAN));
    assert_int_equal(pl_json_finish(tree, &text, NULL), PL_OK);
    assert_string_equal(text, "{\"name\": \"caf\xEF\xBF\xBD \xC3\xA9\", \"number\": 0.1, \"missing\": null}\n");
    pl_text_free(text);
    tree = json_object();
    pl_json_set(&tree, "nothing", NULL); /* as where memory ran out */
    assert_null(tree);
    assert_int_equal(pl_json_finish(tree, &text, NULL), PL_MEMORY);
}

/* 16-bit little-endian steps of 1/65534 between 0 and 1; 65535 is missing: bytes 00 00 FE FF FF 7F FF FF. */
static void packed_numbers_are_base64(void **state) {
    (void)state;
    const double values[] = {0, 1, 0.5, NAN};
    json_t *packed = pl_json_packed(values, 4);
    assert_string_equal(json_string_value(json_object_get(packed, "packed")), "AAD+//9///8=");
    assert_true(json_real_value(json_object_get(packed, "low")) == 0);
    assert_true(json_real_value(json_object_get(packed, "step")) == 1 / 65534.0);
    json_decref(packed);
}

static void data_cannot_end_their_script(void **state) {
    (void)state;
    pl_text out = {0};
    json_t *tree = json_pack("{s:[s,f]}", "a", "</script>&<!--", 0.5);
    pl_json_put_script(&out, tree);
    pl_text_put_bytes(&out, "", 1);
    assert_string_equal(out.data, "{\"a\": [\"\\u003c/script\\u003e\\u0026\\u003c!--\", 0.5]}");
    pl_release(out.data);
    json_decref(tree);
}

static void errors_show_their_place(void **state) {
    (void)state;
    static const char source[] = "a = 1\nb = año + c\n";
    pl_error error;
    char *text;
    pl_error_at(&error, PL_INVALID, (pl_place){"m.mdl", source, sizeof source - 1, 2, 12, NULL}, "there is no 'c'");
    assert_int_equal(pl_error_print(&error, &text, NULL), PL_OK);
    assert_string_equal(text, "m.mdl:2:12: error: there is no 'c'\n    b = año + c\n              ^\n");
    pl_text_free(text);
    pl_findings *findings = pl_findings_new();
    pl_findings_add(findings, PL_WARNING, &error);
    assert_int_equal(pl_findings_print(findings, PL_FORMAT_JSON, &text, NULL), PL_OK);
    json_t *tree = json_loads(text, 0, NULL), *first = json_array_get(json_object_get(tree, "findings"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "severity")), "warning");
    assert_int_equal(json_integer_value(json_object_get(first, "column")), 12);
    json_decref(tree);
    pl_text_free(text);
    pl_findings_free(findings);
}

/* A mark only saves walks through the text: places in any order show their own lines. */
static void marked_places_show_their_lines(void **state) {
    (void)state;
    static const char source[] = "one\ntwo\n\nfour\nfive";
    static const char *const lines[] = {"one", "two", "", "four", "five"};
    static const int order[] = {1, 2, 2, 5, 3, 4, 1, 5, 6, 7, 2};
    pl_line_mark mark = {0};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        pl_error error;
        pl_error_at(&error, PL_INVALID, (pl_place){"m.mdl", source, sizeof source - 1, order[i], 1, &mark}, "here");
        assert_string_equal(error.source, order[i] < 6 ? lines[order[i] - 1] : "");
        assert_int_equal(error.caret, order[i] < 6 ? 0 : -1);
    }
}

static void files_are_whole_or_not_there(void **state) {
    (void)state;
    char folder[] = "/tmp/parley-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a", folder);
    assert_int_equal(pl_file_write(path, "one", 3, NULL), PL_OK);
    assert_int_equal(pl_file_write(path, "two", 3, NULL), PL_OK);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_size, 3);
    pl_error error;
    assert_int_equal(pl_file_write("/nowhere/at/all", "x", 1, &error), PL_FILE);
    assert_string_equal(error.file, "/nowhere/at/all");
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* nothing is left beside it */
}

/* ---- the page ----------------------------------------------------------------------------------------- */

static pl_ensemble *filled(const char *text) {
    pl_ensemble *e = fake_ensemble(text, 30);
    for (long f = 0; f < 30; f++) {
        e->draws[f] = 0.001 * (double)f;
        for (long p = 0; p < 4; p++) {
            fake_measure(e, 0, p)[f] = 10 + (double)f + (double)p;
            fake_measure(e, 1, p)[f] = 5 + (double)p;
            fake_payoff(e, 0, p)[f] = (double)p + (double)(f % 3);
            fake_payoff(e, 1, p)[f] = -(double)p;
        }
    }
    return e;
}

static char *page_of(const char *text) {
    pl_ensemble *e = filled(text);
    char *page;
    pl_error error;
    if (pl_report_print(e, NULL, &page, NULL, &error) != PL_OK) fail_msg("%s", error.message);
    pl_ensemble_free(e);
    return page;
}

/* Walks the tags: each that opens is closed in order; void elements and <.../> are not opened. */
static void expect_balance(const char *page) {
    static const char *const never_closed[] = {"!DOCTYPE", "meta", "link", "input", "br"};
    char open[64][24];
    int depth = 0;
    for (const char *at = strchr(page, '<'); at; at = strchr(at + 1, '<')) {
        const char *end = strchr(at, '>');
        char name[24] = "";
        bool closes = at[1] == '/', is_void = end[-1] == '/';
        sscanf(at + 1 + closes, "%23[A-Za-z0-9!]", name);
        for (size_t i = 0; i < sizeof never_closed / sizeof *never_closed; i++)
            is_void |= strcmp(name, never_closed[i]) == 0;
        if (strcmp(name, "script") == 0) at = strstr(at, "</script>"); /* its text is no markup */
        if (is_void || strcmp(name, "script") == 0) continue;
        if (!closes) {
            assert_true(depth < 64);
            strcpy(open[depth++], name);
        } else {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], name);
        }
    }
    assert_int_equal(depth, 0);
}

static void the_page_escapes_what_is_not_ours(void **state) {
    (void)state;
    char *page = page_of(FAKE_SITUATION("</script><b><img src=x onerror=alert(1)>"));
    assert_null(strstr(page, "</script><b>"));
    assert_null(strstr(page, "<img src=x"));
    assert_non_null(strstr(page, "\\u003c/script\\u003e\\u003cb\\u003e")); /* in the data */
    assert_null(strstr(page, "<i>P1</i>"));
    assert_non_null(strstr(page, "&lt;/script&gt;&lt;b&gt;"));
    assert_non_null(strstr(page, "&lt;i&gt;P1&lt;/i&gt;"));
    assert_non_null(strstr(page, "Push &amp; pull"));
    expect_balance(page);
    pl_text_free(page);
}

static void the_page_stands_alone_in_both_languages(void **state) {
    (void)state;
    char *page = page_of(FAKE_SITUATION("Alone"));
    *strstr(page, "<script>") = 0; /* the scripts behind name namespaces and licences */
    assert_null(strstr(page, "http:"));
    assert_null(strstr(page, "https:"));
    assert_null(strstr(page, " src="));
    assert_non_null(strstr(page, "<span lang=\"en\">Height</span><span lang=\"es\">Altura</span>"));
    assert_non_null(strstr(page, "<title>Alone</title>"));
    assert_non_null(strstr(page, "data-es=\"Prueba: Alone\""));
    assert_non_null(strstr(page, "Nash equilibrium"));
    assert_non_null(strstr(page, "equilibrio de Nash"));
    pl_text_free(page);
}

/* The height at the end under `start` with growth g is 10 (1 + g/2)^20: what Euler's 20 steps of half a year give. The
 * page's words for the fan's median must say so: over growths 0 .. 0.029 the median is between the 15th and 16th. */
static void fans_are_the_models_own_runs(void **state) {
    (void)state;
    pl_ensemble *e = filled(FAKE_SITUATION("Fans"));
    pl_fans *fans;
    assert_int_equal(pl_fans_make(e, (const long[]){0, 2}, 2, &fans, NULL), PL_OK);
    assert_int_equal(fans->variable_count, 1); /* both measures look at `level` */
    assert_int_equal(fans->point_count, 21);
    assert_true(fans->act_from == 2002 && fans->times[20] == 2010);
    double low = 10 * pow(1 + 0.014 / 2, 20), high = 10 * pow(1 + 0.015 / 2, 20);
    const pl_fan *start = pl_fan_of(fans, 0, 0), *push = pl_fan_of(fans, 0, 1);
    assert_true(fabs(start->quantiles[PL_FAN_MEDIAN * 21 + 20] - (low + high) / 2) < 1e-12);
    for (int future = 0; future < 30; future++) {
        assert_true(start->paths[4 * 30 + future] == push->paths[4 * 30 + future]); /* until 2002 the same */
        assert_true(start->paths[5 * 30 + future] < push->paths[5 * 30 + future]);
    }
    pl_fans_free(fans);
    pl_ensemble_free(e);
}

/* Units as the page names those of a difference: points for per cent, an index where the model has no dimension, and a
 * measure's own, and all others, as they stand; "": the model gives none. */
static void units_of_differences(void **state) {
    (void)state;
    static const char model[] =
        "{UTF-8}\n"
        "share = 40\n\t~ percent ~ |\n"
        "ratio = 0.5\n\t~ Dmnl ~ |\n"
        "bare = 3\n\t~ ~ |\n"
        "speed = 2\n\t~ km/hour ~ |\n"
        "INITIAL TIME = 2000 ~ year ~ |\nFINAL TIME = 2010 ~ year ~ |\n"
        "TIME STEP = 0.5 ~ year ~ |\nSAVEPER = 0.5 ~ year ~ |\n";
    static const char text[] =
        "parley: 1\ntitle: Units\nmodel: model.mdl\nrun: {futures: 10, seed: 7}\n"
        "actors:\n"
        "  one: {courses: {slow: {set: {speed: 2}}, fast: {set: {speed: 3}}}, wants: {share: {weight: 1, per: 1}}}\n"
        "base: start\nprofiles: {start: {one: slow}}\n"
        "units: {km/hour: {en: kilometres an hour, es: kilómetros por hora}}\n"
        "measures:\n"
        "  share: {of: share, take: final}\n"
        "  ratio: {of: ratio, take: final}\n"
        "  bare: {of: bare, take: final}\n"
        "  speed: {of: speed, take: final}\n"
        "  declared: {of: share, take: final, units: {en: \"% of homes\", es: \"% de los hogares\"}}\n";
    static const pl_title expected[] = {{{"percentage points", "puntos porcentuales"}},
                                        {{"index, no unit", "índice, sin unidad"}},
                                        {{"", ""}},
                                        {{"kilometres an hour", "kilómetros por hora"}},
                                        {{"% of homes", "% de los hogares"}}};
    pl_situation *s;
    pl_error error;
    if (pl_situation_parse(text, strlen(text), "s.yaml", model, strlen(model), &s, NULL, &error) != PL_OK)
        fail_msg("%d:%d: %s", error.line, error.column, error.message);
    const pl_report report = {.situation = s};
    for (int k = 0; k < 5; k++) {
        pl_title units = pl_report_units(&report, k);
        assert_string_equal(units.in[PL_EN], expected[k].in[PL_EN]);
        assert_string_equal(units.in[PL_ES], expected[k].in[PL_ES]);
    }
    pl_situation_free(s);
}

static void expect_rest(int rows, const char *rest) {
    static const pl_word heads[] = {PL_WORD_PROFILE};
    pl_report report = {0};
    pl_phrase caption;
    pl_section_table(&report, pl_phrase_start(&caption, PL_WORD_OUTCOMES), heads, 1);
    for (int row = 0; row < rows; row++) pl_text_put(&report.out, "<tr><td>1</td></tr>\n");
    pl_section_table_end(&report);
    const char *found = strstr(report.out.data, "<p class=\"rest\">");
    assert_true(!found == !rest);
    if (rest) assert_non_null(strstr(found, rest));
    pl_release(report.out.data);
}

static void long_tables_say_what_is_printed(void **state) {
    (void)state;
    expect_rest(200, NULL);
    expect_rest(201, "Printed are the first 200 of 201 rows;");
    expect_rest(1201, "Se imprimen las primeras 200 de 1,201 filas;");
}

static void out_of_memory_is_a_status(void **state) {
    (void)state;
    pl_ensemble *e = filled(FAKE_SITUATION("Memory"));
    long refused = 0;
    pl_status status = PL_MEMORY;
    for (long n = 1; status != PL_OK && n < 5000; n++) {
        char *page = NULL;
        pl_allocation_fail_after(n);
        status = pl_report_print(e, NULL, &page, NULL, NULL);
        pl_allocation_fail_after(0);
        assert_true(status == PL_OK || status == PL_MEMORY);
        assert_true((status == PL_OK) == (page != NULL));
        refused += status == PL_MEMORY;
        pl_text_free(page);
    }
    assert_int_equal(status, PL_OK);
    assert_true(refused > 10);
    pl_ensemble_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_for_reading),
        cmocka_unit_test(numbers_as_in_the_page),
        cmocka_unit_test(fields_of_csv),
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(json_of_any_bytes),
        cmocka_unit_test(packed_numbers_are_base64),
        cmocka_unit_test(data_cannot_end_their_script),
        cmocka_unit_test(errors_show_their_place),
        cmocka_unit_test(marked_places_show_their_lines),
        cmocka_unit_test(files_are_whole_or_not_there),
        cmocka_unit_test(the_page_escapes_what_is_not_ours),
        cmocka_unit_test(the_page_stands_alone_in_both_languages),
        cmocka_unit_test(fans_are_the_models_own_runs),
        cmocka_unit_test(units_of_differences),
        cmocka_unit_test(long_tables_say_what_is_printed),
        cmocka_unit_test(out_of_memory_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
