/* The page's style sheet and script: texts to put into it one after the other, up to NULL. */
#ifndef PL_STYLE_H
#define PL_STYLE_H
extern const char *const pl_report_style[];
extern const char *const pl_report_script[];
#endif
