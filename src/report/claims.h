/* How many claims of each article came out how: a claim counts in each article that it names, separated by commas; what
 * stands behind a colon is the place in the last. */
#ifndef PL_REPORT_CLAIMS_H
#define PL_REPORT_CLAIMS_H
#include "study/claims.h"

enum { PL_MOST_ARTICLES = 100, PL_ARTICLE_ROOM = 40 };

typedef struct pl_article {
    char name[PL_ARTICLE_ROOM];
    int verdicts[PL_VERDICT_COUNT], tested, assumed;
} pl_article;

typedef struct pl_articles {
    pl_article list[PL_MOST_ARTICLES];
    int count;
} pl_articles;

void pl_articles_count(pl_articles *articles, const pl_claim_tests *tests);
/* The name that begins at a place of a claim's `article`, with its length; the place behind it, at which the text ends or
 * the next name follows. */
const char *pl_article_next(const char *at, size_t *length);
const char *pl_article_end(const char *at);
#endif
