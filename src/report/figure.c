/* See figure.h. */
#include "report/figure.h"

#include <math.h>

#include "report/html.h"

/* Sizes in SVG units: about half a pixel on a page of a phone, so that whole units are fine enough for all lines. */
enum { WIDTH = 680, HEIGHT = 420, LEFT = 116, RIGHT = 20, TOP = 24, BOTTOM = 52 };
enum { SHOWN_PATHS = 10, STRIP_WIDTH = 220, STRIP_HEIGHT = 22 };

/* ---- scales ------------------------------------------------------------------------------------------- */

pl_scale pl_scale_over(double low, double high, int wanted) {
    if (!(high > low)) {
        double room = low != 0 ? fabs(low) * 0.1 : 1;
        low -= room, high += room;
    }
    double rough = (high - low) / wanted, power = pow(10, floor(log10(rough))), step = 10 * power;
    const double steps[] = {5, 2.5, 2, 1};
    for (int i = 0; i < 4; i++)
        if (steps[i] * power >= rough) step = steps[i] * power;
    int decimals = (int)ceil(-log10(step) - 1e-9);
    if (decimals < 0) decimals = 0;
    double shift = step * pow(10, decimals); /* 2.5 needs one more */
    if (fabs(shift - round(shift)) > 1e-6) decimals++;
    return (pl_scale){floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step, decimals};
}

static void widen(double value, double *low, double *high) {
    if (isnan(value)) return;
    if (!(value >= *low)) *low = value;
    if (!(value <= *high)) *high = value;
}

/* The futures whose paths are drawn: the first ones, which are a random sample as any other. */
static int shown_paths(const pl_fans *fans) { return fans->futures < SHOWN_PATHS ? fans->futures : SHOWN_PATHS; }

pl_scale pl_fan_scale(const pl_fans *fans, int variable) {
    double low = NAN, high = NAN;
    for (int profile = 0; profile < fans->profile_count; profile++) {
        const pl_fan *fan = pl_fan_of(fans, variable, profile);
        for (int i = 0; i < fans->point_count * PL_FAN_QUANTILES; i++) widen(fan->quantiles[i], &low, &high);
        for (int point = 0; point < fans->point_count; point++)
            for (int k = 0; k < shown_paths(fans); k++)
                widen(fan->paths[(size_t)point * (size_t)fans->futures + (size_t)k], &low, &high);
    }
    if (isnan(low)) low = 0, high = 1;
    if (low > 0 && low < 0.4 * high) low = 0; /* a scale from 0 where that costs little */
    return pl_scale_over(low, high, 4);
}

/* ---- the fan ------------------------------------------------------------------------------------------ */

typedef struct frame {
    const pl_fans *fans;
    pl_scale scale;
} frame;

static int x_of(const frame *f, double time) {
    const double *times = f->fans->times;
    double from = times[0], to = times[f->fans->point_count - 1];
    return (int)lround(LEFT + (WIDTH - LEFT - RIGHT) * (to > from ? (time - from) / (to - from) : 0.5));
}

static int y_of(const frame *f, double value) {
    return (int)lround(TOP + (HEIGHT - TOP - BOTTOM) * (f->scale.high - value) / (f->scale.high - f->scale.low));
}

/* Horizontal lines with their numbers, and years below. */
static void put_axes(pl_text *out, const frame *f) {
    char number[PL_ROUNDED_ROOM];
    int count = (int)lround((f->scale.high - f->scale.low) / f->scale.step);
    for (int i = 0; i <= count; i++) {
        double value = f->scale.low + i * f->scale.step;
        int y = y_of(f, value);
        pl_text_format(out, "<path class=\"grid\" d=\"M%d %dH%d\"/>", LEFT, y, WIDTH - RIGHT);
        pl_text_format(out, "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>", LEFT - 12, y + 7,
                       pl_html_rounded(value, f->scale.decimals, number));
    }
    double from = f->fans->times[0], to = f->fans->times[f->fans->point_count - 1];
    pl_scale times = pl_scale_over(from, to, 4);
    double first = ceil(from / times.step - 1e-9), last = floor(to / times.step + 1e-9);
    for (double k = first; k <= last; k++) {
        double time = k * times.step;
        int x = x_of(f, time);
        pl_text_format(out, "<path class=\"axis\" d=\"M%d %dv8\"/>", x, HEIGHT - BOTTOM);
        pl_text_format(out, "<text class=\"tick\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">%.*f</text>", x, HEIGHT - 16,
                       times.decimals, time);
    }
}

/* Where a path of steps has got to; known is false where it must be moved to a new place. */
typedef struct pen {
    int x, y;
    bool known;
} pen;

static void put_number(pl_text *out, int number) {
    pl_text_format(out, number < 0 ? "%d" : " %d", number);
}

/* Points of values along time, as steps of whole units; a missing value interrupts a line and is left out of a band. */
static void put_points(pl_text *out, const frame *f, pen *at, const double *values, size_t stride, bool band,
                       bool backwards) {
    for (int k = 0; k < f->fans->point_count; k++) {
        int point = backwards ? f->fans->point_count - 1 - k : k;
        double value = values[(size_t)point * stride];
        if (isnan(value)) {
            at->known = at->known && band;
            continue;
        }
        int x = x_of(f, f->fans->times[point]), y = y_of(f, value);
        if (at->known) {
            put_number(out, x - at->x);
            put_number(out, y - at->y);
        } else {
            pl_text_format(out, "M%d %dl0 0", x, y);
        }
        *at = (pen){x, y, true};
    }
}

static void put_line(pl_text *out, const frame *f, const char *style, const double *values, size_t stride) {
    pen at = {0, 0, false};
    pl_text_format(out, "<path class=\"%s\" d=\"", style);
    put_points(out, f, &at, values, stride, false, false);
    pl_text_put(out, "\"/>");
}

static void put_band(pl_text *out, const frame *f, const char *style, const pl_fan *fan, int low, int high) {
    pen at = {0, 0, false};
    pl_text_format(out, "<path class=\"%s\" d=\"", style);
    put_points(out, f, &at, fan->quantiles + high * f->fans->point_count, 1, true, false);
    put_points(out, f, &at, fan->quantiles + low * f->fans->point_count, 1, true, true);
    pl_text_put(out, "\"/>");
}

/* Where courses begin, unless that is the start of the run. */
static void put_beginning(pl_text *out, const frame *f) {
    double from = f->fans->times[0], to = f->fans->times[f->fans->point_count - 1], at = f->fans->act_from;
    if (!(at > from && at < to)) return;
    pl_text_format(out, "<path class=\"begin\" d=\"M%d %dV%d\"/>", x_of(f, at), TOP, HEIGHT - BOTTOM);
}

void pl_figure_fan(pl_text *out, const pl_fans *fans, int variable, int profile, int base, pl_scale scale,
                   const char *label) {
    frame f = {fans, scale};
    const pl_fan *fan = pl_fan_of(fans, variable, profile);
    pl_text_format(out, "<svg class=\"fan\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s\">", WIDTH, HEIGHT,
                   label);
    put_band(out, &f, "band90", fan, 0, 4);
    put_band(out, &f, "band50", fan, 1, 3);
    put_axes(out, &f);
    put_beginning(out, &f);
    for (int k = 0; k < shown_paths(fans); k++) put_line(out, &f, "path", fan->paths + k, (size_t)fans->futures);
    if (base >= 0 && base != profile)
        put_line(out, &f, "base", pl_fan_of(fans, variable, base)->quantiles + PL_FAN_MEDIAN * fans->point_count, 1);
    put_line(out, &f, "median", fan->quantiles + PL_FAN_MEDIAN * fans->point_count, 1);
    pl_text_put(out, "</svg>\n");
}

void pl_figure_fan_key(pl_text *out) {
    static const struct {
        const char *style;
        bool area;
        pl_word word;
    } keys[] = {{"median", false, PL_WORD_MEDIAN}, {"band50", true, PL_WORD_BAND50}, {"band90", true, PL_WORD_BAND90},
                {"path", false, PL_WORD_PATHS},    {"base", false, PL_WORD_BASE_MEDIAN},
                {"begin", false, PL_WORD_COURSES_BEGIN}};
    pl_text_put(out, "<ul class=\"key\">\n");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pl_text_put(out, "<li><svg viewBox=\"0 0 56 24\" aria-hidden=\"true\">");
        if (keys[i].area) pl_text_format(out, "<rect class=\"%s\" width=\"56\" height=\"24\"/>", keys[i].style);
        else pl_text_format(out, "<path class=\"%s\" d=\"M0 12H56\"/>", keys[i].style);
        pl_text_put(out, "</svg> ");
        pl_html_word(out, keys[i].word, NULL);
        pl_text_put(out, "</li>\n");
    }
    pl_text_put(out, "</ul>\n");
}

/* ---- strips ------------------------------------------------------------------------------------------- */

void pl_figure_strip(pl_text *out, const pl_spread *difference, double low, double high) {
    double scale = high > low ? (STRIP_WIDTH - 12) / (high - low) : 0, middle = STRIP_HEIGHT / 2.0;
    pl_text_format(out, "<svg class=\"strip\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", STRIP_WIDTH, STRIP_HEIGHT);
    pl_text_format(out, "<line class=\"zero\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>", 6 - low * scale,
                   6 - low * scale, STRIP_HEIGHT);
    if (!isnan(difference->low))
        pl_text_format(out, "<rect class=\"span\" x=\"%.1f\" width=\"%.1f\" y=\"%.1f\" height=\"6\" rx=\"3\"/>",
                       6 + (difference->low - low) * scale, (difference->high - difference->low) * scale, middle - 3);
    pl_interval median = difference->median;
    if (!isnan(median.low))
        pl_text_format(out, "<rect class=\"sure\" x=\"%.1f\" width=\"%.1f\" y=\"%.1f\" height=\"12\" rx=\"1\"/>",
                       6 + (median.low - low) * scale, fmax((median.high - median.low) * scale, 1.5), middle - 6);
    if (!isnan(median.estimate))
        pl_text_format(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>",
                       6 + (median.estimate - low) * scale, middle);
    pl_text_put(out, "</svg>");
}
