/* What the files that read a situation share: the state of the reading, errors at a place of the YAML, rows of keys,
 * names and their nearest.  Memory comes from the situation's arena, whose want of it longjmps to the public function,
 * so that nothing here checks for NULL.  Internal to src/ensemble. */
#ifndef PL_READING_H
#define PL_READING_H
#include <setjmp.h>

#include "ensemble/situation.h"
#include "ensemble/yaml.h"
#include "model/reader.h"

typedef struct pl_reading {
    pl_situation *s;
    const pl_yaml *root;
    pl_findings *findings;
    pl_error *error;      /* the caller's: the first error */
    pl_status status;     /* of the first error */
    int errors, input_room, weight_room, uncertainty_room, rule_room, override_room;
    const char *owner;    /* "actor/course" of the course that is read; NULL: none */
    const pl_actor *actor; /* the two of them */
    const pl_course *course;
    pl_override *late;    /* what rules set, to go behind the drawn values */
    int late_count, late_room;
    pl_search *search;    /* while `search` is read: values are ranges, and conditions may name its thresholds */
    pl_file futures;      /* the file of futures: its name and bytes; bytes NULL: none */
    const pl_yaml *futures_at; /* where the situation names it; NULL: it does not */
    bool from_disk;       /* files that it names can be looked for */
    const pl_inputs *inputs; /* files that give the model values; NULL: none */
    double initial, final, dt; /* of the model; NaN where it computes them */
    pl_line_mark mark;         /* of the situation's text */
    jmp_buf out;
} pl_reading;

/* Records an error at a node and goes on; after 100 of them the reading stops. */
void pl_reading_error(pl_reading *r, const pl_yaml *at, const char *format, ...) PL_FORMAT(3, 4);
/* The same for what is checked now and comes to life in a later version. */
void pl_reading_refuse(pl_reading *r, const pl_yaml *at, const char *what);
void pl_reading_warn(pl_reading *r, const pl_yaml *at, const char *format, ...) PL_FORMAT(3, 4);
/* Records an error that something else has found, moved to the node. */
void pl_reading_pass(pl_reading *r, const pl_yaml *at, const pl_error *error);
/* Keeps a finding; leaves the reading where memory is out or errors are too many. */
void pl_reading_keep(pl_reading *r, pl_severity severity, const pl_error *error);
pl_place pl_reading_place(pl_reading *r, const pl_yaml *at);

/* One key that a mapping may have. Rows are read in their own order, whatever the order in the file. */
typedef struct pl_key_row {
    const char *name;
    bool required;
    void (*read)(pl_reading *r, const pl_yaml *value, void *object);
} pl_key_row;
/* Reads a mapping by its rows. what names it in messages ("a course"). An empty value counts as an empty mapping.
 * Keys that no row has go to `other` where it is not NULL, else they are errors. */
void pl_reading_mapping(pl_reading *r, const pl_yaml *node, const pl_key_row *rows, int count, const char *what,
                        void *object, void (*other)(pl_reading *, const pl_yaml *key, const pl_yaml *value, void *));
#define PL_ROWS(rows) (rows), (int)(sizeof(rows) / sizeof *(rows))

/* The kinds of values; each returns false (0 values) after having recorded an error. */
bool pl_reading_text(pl_reading *r, const pl_yaml *node, const char *what, const char **text);
bool pl_reading_number(pl_reading *r, const pl_yaml *node, const char *what, double *value);
bool pl_reading_truth(pl_reading *r, const pl_yaml *node, const char *what, bool *value);
bool pl_reading_whole(pl_reading *r, const pl_yaml *node, const char *what, double least, double most, double *value);
bool pl_reading_is(pl_reading *r, const pl_yaml *node, pl_yaml_kind kind, const char *what);
void pl_reading_title(pl_reading *r, const pl_yaml *node, pl_title *title);
/* A file that is named relative to the folder, lies in it and exists (where that can be looked up); NULL: an error. */
const char *pl_reading_file(pl_reading *r, const pl_yaml *node, const char *what);

/* The bytes of a file, with a 0 behind them, cut off behind `most`; NULL where it cannot be read. */
const char *pl_reading_bytes(pl_reading *r, const char *path, size_t most, size_t *length);

/* The names nearest to a word: start, offer each, then the text ("; did you mean 'a'?", or "" where none is near). */
enum { PL_NEAR_ROOM = 80, PL_NEAR_TEXT = 300 };
typedef struct pl_near {
    char key[PL_NEAR_ROOM];
    pl_nearest nearest;
} pl_near;
void pl_near_start(pl_near *near, const char *word);
void pl_near_offer(pl_near *near, const char *name);
const char *pl_near_text(const pl_near *near, char out[PL_NEAR_TEXT]);

/* Compares names as the model does: any case, blanks or _. */
bool pl_names_equal(const char *a, const char *b);
bool pl_name_is(const char *text, size_t length, const char *name); /* a text without a NUL at its end */
/* Indices by name, -1 after a recorded error that lists the nearest. */
int pl_reading_measure(pl_reading *r, const pl_yaml *node, const char *name);
int pl_reading_actor(pl_reading *r, const pl_yaml *node, const char *name);
int pl_reading_group(pl_reading *r, const pl_yaml *node, const char *name);
int pl_reading_course(pl_reading *r, const pl_yaml *node, const pl_actor *actor, const char *name);
int pl_reading_uncertainty(pl_reading *r, const pl_yaml *node, const char *name);
int pl_reading_profile(pl_reading *r, const pl_yaml *node, const char *name);
/* A variable of the model with an element: -1 only where it is a whole array. */
bool pl_reading_variable(pl_reading *r, const pl_yaml *node, const char *name, pl_variable **variable, int *element);
/* A constant of the model that a run may set: neither TIME STEP nor its kind (unless allowed). */
bool pl_reading_constant(pl_reading *r, const pl_yaml *node, const char *name, pl_variable **variable, int *element);
/* Its name, with the element where there is one. */
const char *pl_reading_full_name(pl_reading *r, const pl_variable *variable, int element);
/* The input for a constant, made where there is none yet. -1 after an error: it has another class, or overlaps. */
int pl_reading_input(pl_reading *r, const pl_yaml *node, pl_variable *variable, int element, pl_input_class class);
/* An input of the situation's own: a hidden constant of the model, 0, with the units given. */
int pl_reading_own_input(pl_reading *r, const char *name, const char *units, pl_input_class class);
/* A new uncertainty of an input under the name of its stream, without its distribution; NULL after an error. */
pl_uncertainty *pl_reading_new_uncertainty(pl_reading *r, const pl_yaml *node, const char *name, const char *stream,
                                           int input);

/* The parts of the file, each in a file of its own. */
bool pl_reading_distribution(pl_reading *r, const pl_yaml *node, const pl_yaml *numbers, pl_distribution *d);
bool pl_reading_quantity(pl_reading *r, const pl_yaml *node, const char *what, pl_quantity *quantity);
int pl_distribution_named(const char *name); /* the kind, or -1 */
void pl_reading_actors(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_uncertainties(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_groups(pl_reading *r, const pl_yaml *node, void *situation);
/* How readers see the names of the model (labels.c). */
void pl_reading_variables(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_units(pl_reading *r, const pl_yaml *node, void *situation);
/* The groups that a measure burdens (sign -1) or benefits: a name or a list of names. */
void pl_reading_bearings(pl_reading *r, const pl_yaml *node, pl_measure *measure, int sign);
void pl_reading_measures(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_profiles(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_risks(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_checks(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_play(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_correlations(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_input_groups(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_series(pl_reading *r, const pl_yaml *node, void *situation);
void pl_reading_data(pl_reading *r, const pl_yaml *node, void *situation);
/* `fit`, once the profiles are known; node NULL: there is none (observed.c). */
void pl_reading_fit(pl_reading *r, const pl_yaml *node, void *situation);
/* A `set`: levers and their values over time. Into the situation's inputs, or (a check's) into inputs of its own. */
typedef struct pl_set_target {
    pl_setting *settings;
    int count;
    pl_input *inputs; /* NULL: the situation's */
    bool check;
    int rule;         /* from 1: of a `when`, whose values hold from when it is met; 0: none */
} pl_set_target;
void pl_reading_set(pl_reading *r, const pl_yaml *node, pl_set_target *target);
/* Keeps which courses take part, and once the tree is there lets the others leave it (chosen.c). */
void pl_reading_choose(pl_reading *r, const pl_choice *choices, int count);
void pl_reading_leave_courses(pl_reading *r);
/* Takes the bytes of a file of futures, which `at` names (NULL: the caller). */
void pl_reading_futures(pl_reading *r, const char *path, const pl_yaml *at);
/* The futures of the file, once all that is drawn is known (given.c). */
void pl_reading_given(pl_reading *r);
/* A condition, bound over variables or over measures (measures.c): its text, its place, its expression with names, and
 * (where it is not NULL) as bound. NULL after an error. */
struct pl_condition;
pl_expr *pl_reading_condition(pl_reading *r, const pl_yaml *node, bool over_variables, const char **text,
                              pl_position *at, struct pl_condition **condition);
/* A value within a range of `search`; the range as a uniform distribution of [low, high] or [low, high, step]. */
bool pl_reading_range(pl_reading *r, const pl_yaml *node, const char *what, pl_quantity *quantity);
/* `search`, once everything else is read (search.c), and the thresholds in a condition in place of their names. */
void pl_reading_search(pl_reading *r, const pl_yaml *node);
void pl_reading_thresholds(pl_reading *r, pl_expr *expr);
/* `when` of a course (when.c). */
void pl_reading_when(pl_reading *r, const pl_yaml *node, pl_course *course);
/* The overrides of rules behind those of drawn values, once all courses are read. */
void pl_reading_join_overrides(pl_reading *r);
/* What levers may not reach: recorded as errors and warnings at the settings' places (reach.c). */
void pl_reading_reach(pl_reading *r);
#endif
