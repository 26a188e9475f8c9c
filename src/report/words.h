/* The catalogue: every text of the report, for C and for JavaScript, in the files below: one row each,
 *
 *     WORD(ID, "English", "Spanish of Mexico")
 *     PAGE_WORD(ID, ...)      the same for a text that JavaScript writes: it goes into the page's data
 *
 * A %1 to %9 stands for a value, which is escaped; nothing else in a text is special, but that C's may hold <b> and <em>.
 * tests/test_report_words.py holds both languages to the same values, and JavaScript to the rows that there are.
 * This file is included where WORD and PAGE_WORD are defined, so it has no guard. */
#include "report/words/page.h"
#include "report/words/findings.h"
#include "report/words/outcomes.h"
#include "report/words/game.h"
#include "report/words/history.h"
#include "report/words/claims.h"
#include "report/words/advice.h"
#include "report/words/inputs.h"
#include "report/words/weigh.h"
#include "report/words/sense.h"
#include "report/words/playing.h"
#include "report/words/boxes.h"
#include "report/words/loops.h"
#include "report/words/discover.h"
