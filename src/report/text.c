/* Growing text, CSV fields, padded columns and rounded numbers.  See text.h. */
#include "report/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"

static bool make_room(pl_text *text, size_t more) {
    if (text->failed) return false;
    size_t need = text->length + more + 1;
    if (need <= text->room) return true;
    size_t room = text->room ? text->room * 2 : 1024;
    if (room < need) room = need;
    char *data = pl_reallocate(text->data, room);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->room = room;
    return true;
}

void pl_text_put_bytes(pl_text *text, const char *bytes, size_t length) {
    if (!make_room(text, length)) return;
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = 0;
}

void pl_text_put(pl_text *text, const char *string) { pl_text_put_bytes(text, string, strlen(string)); }

void pl_text_repeat(pl_text *text, char c, int times) {
    for (int i = 0; i < times; i++) pl_text_put_bytes(text, &c, 1);
}

void pl_text_format(pl_text *text, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length > 0 && make_room(text, (size_t)length)) {
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void pl_text_number(pl_text *text, double value) {
    char number[32];
    pl_text_put_bytes(text, number, pl_number_print(value, number));
}

void pl_text_csv(pl_text *text, const char *field) {
    if (!field[strcspn(field, ",\"\r\n")]) {
        pl_text_put(text, field);
        return;
    }
    pl_text_put(text, "\"");
    for (; *field; field++) {
        if (*field == '"') pl_text_put(text, "\"");
        pl_text_put_bytes(text, field, 1);
    }
    pl_text_put(text, "\"");
}

int pl_text_width(const char *string) {
    int width = 0;
    for (; *string; string++) width += ((unsigned char)*string & 0xC0) != 0x80;
    return width;
}

void pl_text_left(pl_text *text, const char *string, int width) {
    pl_text_put(text, string);
    pl_text_repeat(text, ' ', width - pl_text_width(string));
}

void pl_text_right(pl_text *text, const char *string, int width) {
    pl_text_repeat(text, ' ', width - pl_text_width(string));
    pl_text_put(text, string);
}

void pl_text_cut(pl_text *text, const char *string, int room) {
    int width = pl_text_width(string), shown = 0;
    for (const char *s = string; *s; s++) {
        bool starts = ((unsigned char)*s & 0xC0) != 0x80;
        if (starts && width > room && shown == room - 3) break;
        shown += starts;
        pl_text_put_bytes(text, s, 1);
    }
    if (width > room) pl_text_put(text, "...");
}

void pl_text_cut_left(pl_text *text, const char *string, int room) {
    pl_text_cut(text, string, room);
    pl_text_repeat(text, ' ', room - pl_text_width(string));
}

pl_status pl_text_finish(pl_text *text, char **out, size_t *length) {
    if (make_room(text, 0)) {
        text->data[text->length] = 0;
        *out = text->data;
        if (length) *length = text->length;
        return PL_OK;
    }
    pl_release(text->data);
    memset(text, 0, sizeof *text);
    *out = NULL;
    if (length) *length = 0;
    return PL_MEMORY;
}

void pl_text_free(char *text) { pl_release(text); }

enum { MOST_DECIMALS = 12 };

int pl_rounding(double largest, int digits) {
    if (!isfinite(largest) || largest <= 0) return 0;
    int decimals = digits - 1 - (int)floor(log10(largest));
    if (decimals < 0) decimals = largest < 1e6 ? 0 : decimals + 2;
    return decimals > MOST_DECIMALS ? MOST_DECIMALS : decimals < -MOST_DECIMALS ? -MOST_DECIMALS : decimals;
}

/* Commas between groups of three digits before the point. */
static void separate(const char *plain, char *out) {
    size_t sign = *plain == '-', whole = strcspn(plain + sign, ".");
    if (sign) *out++ = '-';
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) *out++ = ',';
        *out++ = plain[sign + i];
    }
    strcpy(out, plain + sign + whole);
}

const char *pl_rounded(double value, int decimals, char out[PL_ROUNDED_ROOM]) {
    char plain[PL_ROUNDED_ROOM];
    if (isnan(value)) return strcpy(out, "-");
    if (!(fabs(value) < 1e15) || (decimals >= MOST_DECIMALS && value != 0 && fabs(value) < 1e-9)) {
        snprintf(out, PL_ROUNDED_ROOM, "%.3g", value);
        return out;
    }
    double scale = decimals < 0 ? pow(10, -decimals) : 1;
    snprintf(plain, sizeof plain, "%.*f", decimals > 0 ? decimals : 0, round(value / scale) * scale);
    if (decimals > 0) snprintf(plain, sizeof plain, "%.*f", decimals, value);
    bool zero = !plain[strspn(plain, "-0.")];
    separate(plain + (zero && *plain == '-'), out);
    return out;
}
