/* Drawings as SVG: a fan chart, and the strip that shows a difference.  Colours and line widths are the page's style
 * (style.h), by class. */
#ifndef PL_FIGURE_H
#define PL_FIGURE_H
#include "report/fan.h"
#include "report/text.h"

/* A scale for values: its ends lie on round numbers. */
typedef struct pl_scale {
    double low, high, step;
    int decimals; /* that its numbers need */
} pl_scale;
/* A scale that holds low and high with about `wanted` intervals. */
pl_scale pl_scale_over(double low, double high, int wanted);
/* The scale of a variable over all profiles: what the 5-95 % bands and the paths shown span. */
pl_scale pl_fan_scale(const pl_fans *fans, int variable);

/* A fan chart of a variable under a profile; base: the profile whose median is drawn dashed (-1: none). label: the id
 * of the element that names the figure. */
void pl_figure_fan(pl_text *out, const pl_fans *fans, int variable, int profile, int base, pl_scale scale,
                   const char *label);
/* The keys to the fan's lines and bands. */
void pl_figure_fan_key(pl_text *out);
/* A strip with the spread of a difference; low and high are the ends of its scale, which holds 0. */
void pl_figure_strip(pl_text *out, const pl_spread *difference, double low, double high);
#endif
