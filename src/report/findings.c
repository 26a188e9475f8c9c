/* Errors and findings as people and programs read them. */
#include <math.h>
#include <string.h>

#include "report/json.h"
#include "study/backtest.h"

static const char *const severities[] = {[PL_NOTE] = "note", [PL_WARNING] = "warning", [PL_ERROR] = "error"};

/* The caret stands under its character: bytes that continue a UTF-8 character take no column. */
static void put_source(pl_text *text, const pl_error *error) {
    pl_text_format(text, "    %s\n    ", error->source);
    for (int i = 0; i < error->caret && error->source[i]; i++)
        if (((unsigned char)error->source[i] & 0xC0) != 0x80) pl_text_put(text, " ");
    pl_text_put(text, "^\n");
}

static void put_finding(pl_text *text, const pl_error *error, pl_severity severity) {
    if (*error->file) {
        pl_text_format(text, "%s:", error->file);
        if (error->line > 0) pl_text_format(text, "%d:", error->line);
        if (error->line > 0 && error->column > 0) pl_text_format(text, "%d:", error->column);
        pl_text_put(text, " ");
    }
    pl_text_format(text, "%s: %s\n", severities[severity], error->message);
    if (error->caret >= 0) put_source(text, error);
}

pl_status pl_error_print(const pl_error *error, char **text, size_t *length) {
    pl_text out = {0};
    put_finding(&out, error, PL_ERROR);
    return pl_text_finish(&out, text, length);
}

static json_t *finding_object(const pl_error *error, pl_severity severity) {
    json_t *object = json_object();
    pl_json_set(&object, "severity", json_string(severities[severity]));
    pl_json_set(&object, "file", pl_json_text(error->file));
    pl_json_set(&object, "line", json_integer(error->line));
    pl_json_set(&object, "column", json_integer(error->column));
    pl_json_set(&object, "message", pl_json_text(error->message));
    return object;
}

static json_t *backtests_array(const pl_backtests *backtests) {
    json_t *list = json_array();
    for (int i = 0; i < backtests->count; i++) {
        const pl_backtest *t = &backtests->tests[i];
        json_t *o = json_object();
        pl_json_set(&o, "id", pl_json_text(t->id));
        pl_json_set(&o, "variable", pl_json_text(t->variable));
        pl_json_set(&o, "value", pl_json_number(t->value));
        pl_json_set(&o, "target", pl_json_number(t->target));
        pl_json_set(&o, "tolerance", pl_json_number(t->tolerance));
        pl_json_set(&o, "expected", pl_json_text(pl_outcome_names[t->expected]));
        pl_json_set(&o, "outcome", pl_json_text(pl_outcome_names[t->outcome]));
        pl_json_set(&o, "what", pl_json_text(t->what));
        pl_json_set(&o, "source", pl_json_text(t->source));
        pl_json_append(&list, o);
    }
    return list;
}

/* The room of a column for its longest text, two blanks behind it. */
static int column_room(const pl_backtests *backtests, bool ids, int least) {
    for (int i = 0; i < backtests->count; i++) {
        int length = (int)strlen(ids ? backtests->tests[i].id : backtests->tests[i].variable) + 2;
        if (length > least) least = length;
    }
    return least;
}

/* One run with the model's own constants: there is no interval, and the head says so. */
static void put_backtests(pl_text *out, const pl_backtests *backtests) {
    char a[PL_ROUNDED_ROOM], b[PL_ROUNDED_ROOM], c[PL_ROUNDED_ROOM];
    pl_text_put(out, "back-tests: one run each with the model's own constants, so the values have no interval\n");
    int ids = column_room(backtests, true, 8), variables = column_room(backtests, false, 24);
    pl_text_put(out, "  ");
    pl_text_left(out, "id", ids);
    pl_text_left(out, "variable", variables);
    pl_text_put(out, "      value        target   tolerance  declared          came out\n");
    for (int i = 0; i < backtests->count; i++) {
        const pl_backtest *t = &backtests->tests[i];
        int decimals = pl_rounding(fabs(t->target) > fabs(t->value) || isnan(t->value) ? fabs(t->target) : fabs(t->value), 4);
        pl_text_put(out, "  ");
        pl_text_left(out, t->id, ids);
        pl_text_left(out, t->variable, variables);
        pl_text_right(out, pl_rounded(t->value, decimals, a), 11);
        pl_text_right(out, pl_rounded(t->target, decimals, b), 14);
        pl_text_right(out, pl_rounded(t->tolerance, decimals, c), 12);
        pl_text_put(out, "  ");
        pl_text_left(out, pl_outcome_names[t->expected], 18);
        pl_text_format(out, "%s\n", pl_outcome_names[t->outcome]);
    }
}

static pl_status print_json(const pl_findings *findings, const pl_claims_count *claims, const pl_backtests *backtests,
                            char **text, size_t *length) {
    json_t *tree = json_object(), *list = json_array();
    for (int i = 0; i < pl_findings_count(findings); i++) {
        pl_severity severity;
        const pl_error *error = pl_findings_get(findings, i, &severity);
        pl_json_append(&list, finding_object(error, severity));
    }
    pl_json_set(&tree, "findings", list);
    pl_json_set(&tree, "claims", json_pack("{s:i,s:i}", "placed", claims ? claims->placed : 0, "outside",
                                           claims ? claims->outside : 0));
    if (backtests) pl_json_set(&tree, "backtests", backtests_array(backtests));
    return pl_json_finish(tree, text, length);
}

pl_status pl_findings_print(const pl_findings *findings, pl_format format, char **text, size_t *length) {
    return pl_check_print(findings, NULL, NULL, format, text, length);
}

pl_status pl_check_print(const pl_findings *findings, const pl_claims_count *claims, const pl_backtests *backtests,
                         pl_format format, char **text, size_t *length) {
    if (format == PL_FORMAT_JSON) return print_json(findings, claims, backtests, text, length);
    if (format != PL_FORMAT_TEXT) return PL_UNSUPPORTED;
    pl_text out = {0};
    for (int i = 0; i < pl_findings_count(findings); i++) {
        pl_severity severity;
        const pl_error *error = pl_findings_get(findings, i, &severity);
        put_finding(&out, error, severity);
    }
    if (claims) pl_text_format(&out, "claims: %d placed, %d outside\n", claims->placed, claims->outside);
    if (backtests) put_backtests(&out, backtests);
    return pl_text_finish(&out, text, length);
}
