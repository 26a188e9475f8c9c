/* Errors and findings as people and programs read them. */
#include "report/json.h"

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

static pl_status print_json(const pl_findings *findings, const pl_claims_count *claims, char **text, size_t *length) {
    json_t *tree = json_object(), *list = json_array();
    for (int i = 0; i < pl_findings_count(findings); i++) {
        pl_severity severity;
        const pl_error *error = pl_findings_get(findings, i, &severity);
        pl_json_append(&list, finding_object(error, severity));
    }
    pl_json_set(&tree, "findings", list);
    pl_json_set(&tree, "claims", json_pack("{s:i,s:i}", "placed", claims ? claims->placed : 0, "outside",
                                           claims ? claims->outside : 0));
    return pl_json_finish(tree, text, length);
}

pl_status pl_findings_print(const pl_findings *findings, pl_format format, char **text, size_t *length) {
    return pl_check_print(findings, NULL, format, text, length);
}

pl_status pl_check_print(const pl_findings *findings, const pl_claims_count *claims, pl_format format, char **text,
                         size_t *length) {
    if (format == PL_FORMAT_JSON) return print_json(findings, claims, text, length);
    if (format != PL_FORMAT_TEXT) return PL_UNSUPPORTED;
    pl_text out = {0};
    for (int i = 0; i < pl_findings_count(findings); i++) {
        pl_severity severity;
        const pl_error *error = pl_findings_get(findings, i, &severity);
        put_finding(&out, error, severity);
    }
    if (claims) pl_text_format(&out, "claims: %d placed, %d outside\n", claims->placed, claims->outside);
    return pl_text_finish(&out, text, length);
}
