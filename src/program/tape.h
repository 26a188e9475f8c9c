/* Inside a program: two sides (uniform values, one lane wide; lane values), each with four tapes of instructions.
 *
 * A place names registers: which memory (pl_base), whether the elements follow each other (stride 1) or one stands for
 * all (stride 0), and the index of the first.  On the lane side a register is `lanes` doubles of the slab (what lives
 * from step to step) or of the scratch; the pool and the row hold one double per uniform value.  On the uniform side
 * every value has a register of its own in one slab, and nothing else is used. */
#ifndef PL_TAPE_H
#define PL_TAPE_H
#include "program/kernels.h"
#include "program/program.h"

typedef enum pl_base { PL_SLAB, PL_SCRATCH, PL_POOL, PL_ROW, PL_BASES } pl_base;

typedef uint32_t pl_register; /* base << 30 | stride << 29 | index */
enum { PL_INDEX_LIMIT = 1 << 29 };
#define PL_PLACE(base, stride, index) ((pl_register)(base) << 30 | (pl_register)(stride) << 29 | (pl_register)(index))
#define PL_PLACE_BASE(place) ((place) >> 30)
#define PL_PLACE_STRIDE(place) ((place) >> 29 & 1)
#define PL_PLACE_INDEX(place) ((place) & (PL_INDEX_LIMIT - 1))

/* What an instruction does. X(id, what it is) */
#define PL_CODES(X)                                                                                     \
    X(APPLY, "an element-wise function: detail is its pl_function_id")                                  \
    X(CHAIN, "2 to 4 additions, subtractions and products: detail is the code, operands - 1 of them")   \
    X(COPY, "the operand, element by element")                                                          \
    X(GATHER, "element i is the register ints[detail + i]")                                             \
    X(REDUCE, "folds runs of ints[detail + 1] elements with function ints[detail]")                     \
    X(DOT, "sums of ints[detail] products each, of two registers from ints[detail + 1] on, element by element") \
    X(LOOKUP, "table ints[detail + i] for element i")                                                   \
    X(TABLE, "table ints[detail + 1 + i] for element i in the mode ints[detail]")                       \
    X(SERIES, "of table ints[detail + 1 + i] what ints[detail] (a pl_series_take) says, for element i") \
    X(PICK, "element ints[detail + 1 + i] + offset of a run of ints[detail]; the offset is operand 1") \
    X(GROUP, "what the row ints[detail] of PL_GROUP_FORMS does, for runs of ints[detail + 1] elements") \
    X(NOISE, "a draw of draws[detail + i] for element i")                                              \
    X(BELT_FILL, "a conveyor's content and state at the start; ints[detail ...] is its pl_belt_shape") \
    X(BELT_MOVE, "its outflow, leakages, what stays, and its state before what flows in")              \
    X(BELT_INSERT, "its state after that")                                                             \
    X(QUEUE_FILL, "a queue's state at the start")                                                      \
    X(QUEUE_SERVE, "its outflows and its state after them")

typedef enum pl_code {
#define X(id, text) PL_CODE_##id,
    PL_CODES(X)
#undef X
        PL_CODE_COUNT
} pl_code;

/* What SERIES takes from points over time. X(id, what it is of the operands A and B); a time counts as one of a point
 * where they differ by rounding only. */
#define PL_SERIES_TAKES(X)                                                                                       \
    X(FORWARD, "the value at A, or at the next point, or at the last")                                           \
    X(BACKWARD, "the value at A, or at the point before, or at the first")                                       \
    X(EXACT, "the value at A, :NA: where no point is there")                                                     \
    X(BETWEEN, "at A between the first and the last point: linear (B = 0), the next (1) or the one before (-1)") \
    X(MEAN, "the mean of the points from A to B")                                                                \
    X(MEDIAN, "their median")                                                                                    \
    X(MIN, "the smallest of them")                                                                               \
    X(MAX, "the largest of them")                                                                                \
    X(POINTS, "how many there are")

typedef enum pl_series_take {
#define X(id, text) PL_SERIES_##id,
    PL_SERIES_TAKES(X)
#undef X
        PL_SERIES_TAKE_COUNT
} pl_series_take;

typedef struct pl_instruction {
    uint8_t code, operands;
    uint8_t flat;     /* every operand is whole runs of lanes or one uniform number: one kernel call for all elements */
    uint8_t spare;
    int32_t count;    /* elements */
    int32_t detail;
    int32_t variable; /* index of the model's variable that needed it, -1 none: for --timing */
    pl_register out, in[PL_MOST_OPERANDS];
} pl_instruction;

typedef enum pl_phase { PL_START, PL_EPOCH, PL_RATES, PL_OUTPUTS, PL_PHASES } pl_phase;

/* The last two are delays whose times differ by lane or change: what comes in is due after the delay time of its own
 * step.  INFORMATION: it takes the place of what is older and due later; where nothing is due the last value is held.
 * MATERIAL: what is due at the same step adds up; where nothing is due there is another value.  Of them a slot's
 * `initial` is count values, then count delay times; its `next` is count inputs, delay times, values where nothing is
 * due; its ring has one more row for the last step at which something is due. */
typedef enum pl_state_kind {
    PL_STATE_STOCK, PL_STATE_HELD, PL_STATE_DELAY, PL_STATE_INFORMATION, PL_STATE_MATERIAL, PL_STATE_KINDS
} pl_state_kind;
static inline bool pl_state_is_transit(int kind) { return kind == PL_STATE_INFORMATION || kind == PL_STATE_MATERIAL; }
/* Registers of a state's next and initial values, for each of its own. */
static inline int pl_state_next_width(int kind) { return pl_state_is_transit(kind) ? 3 : 1; }
static inline int pl_state_initial_width(int kind) { return pl_state_is_transit(kind) ? 2 : 1; }

/* A stock, a held value (SAMPLE IF TRUE) or a fixed delay on one side. */
typedef struct pl_slot {
    int32_t kind, count;           /* a pl_state_kind; elements */
    pl_register at, initial, next; /* `at` is in the slab */
    int32_t ring, slots;           /* DELAY: first register of slots x count, and the delay in steps (at least 1) */
    int32_t name;                  /* offset in text: the variable */
} pl_slot;

typedef struct pl_side {
    pl_instruction *tape[PL_PHASES];
    int length[PL_PHASES];
    pl_slot *slots;
    int slot_count;
    int slab_registers, scratch_registers;
    int held_registers; /* HELD and DELAY elements: room for their next values during Runge-Kutta stages */
    int stock_registers;
} pl_side;

enum { PL_UNIFORM, PL_LANE, PL_SIDES };

/* Two times: of the Runge-Kutta stage, and of the step, which test inputs (STEP, RAMP, ...) keep over its stages. */
enum { PL_STAGE_CLOCK, PL_STEP_CLOCK, PL_CLOCKS };

/* What TABLE looks up. X(id, operands, what it is) */
#define PL_TABLE_MODE_ROWS(X)                                        \
    X(FORWARD, 1, "the y of the next point")                         \
    X(BACKWARD, 1, "the y of the point before")                      \
    X(INVERT, 1, "the first x with a value")                         \
    X(SLOPE, 2, "the slope at an x, outside by operand 1")           \
    X(AREA, 2, "the area from one x to another")

typedef enum pl_table_mode {
#define X(id, operands, text) PL_TABLE_##id,
    PL_TABLE_MODE_ROWS(X)
#undef X
        PL_TABLE_MODES
} pl_table_mode;
/* Conveyors and queues (conveyor.c): elements, slats or batches, leakages or outflows, flags, entries of the list that
 * gives the initial content. Five integers of a program. */
typedef struct pl_belt_shape {
    int elements, slats, leaks, flags, listed;
} pl_belt_shape;
enum { PL_MOST_LEAKS = 8 };

/* What GROUP does with all elements of a run together, lane by lane; every operand and the result have as many
 * elements. X(id, operands, most elements in a run, what it is) */
#define PL_GROUP_FORMS(X)                                                                                   \
    X(ORDER, 2, 4096, "places of the values in order, rising where operand 1 is above 0")                   \
    X(RANK, 2, 4096, "ranks of the values, rising where operand 1 is above 0")                              \
    X(REORDER, 2, 4096, "the values at the places that operand 1 gives")                                    \
    X(INVERT, 2, 4096, "the inverse of a square matrix, row by row, of as many rows as operand 1 says")     \
    X(ALLOCATE, 5, 1024, "what each request gets: requests, curves (type, priority, width), supply")        \
    X(DEMAND, 5, 1024, "what is asked for: quantities, curves, price")                                      \
    X(SUPPLY, 5, 1024, "what is supplied: quantities, curves, price")                                       \
    X(PRICE, 5, 1024, "the price between demand and supply: quantities, curves, side (1 or -1)")

typedef enum pl_group_form {
#define X(id, operands, most, text) PL_GROUP_##id,
    PL_GROUP_FORMS(X)
#undef X
        PL_GROUP_COUNT
} pl_group_form;

typedef struct pl_group_row {
    int operands, most;
} pl_group_row;
extern const pl_group_row pl_group_rows[]; /* [PL_GROUP_COUNT], lanes.c */

#define PL_NOT_AVAILABLE (-649037107316853453566312041152512.0) /* :NA:, -2^109 */

typedef struct pl_draw_spec {
    int32_t function, call;
    uint64_t hash;
    int32_t table, spare; /* of RANDOM LOOKUP; -1 for others */
} pl_draw_spec;

typedef struct pl_input_slot {
    int32_t side, count;   /* where its registers are (-1: nothing needs it), how many are set */
    int32_t at;            /* first register in that side's slab */
    int32_t input_class;
    double value;          /* the model's own */
} pl_input_slot;

typedef struct pl_gauge { /* a measure as the program takes it */
    int32_t take;
    int32_t from, to;      /* steps, both included */
    int32_t accumulator;   /* first of PL_GAUGE_REGISTERS in the lane slab */
    pl_register of;
    int32_t name;          /* offset in text */
    double threshold;
} pl_gauge;

/* value, trouble (NaN once it was not finite), missing (1 once it was :NA:) */
enum { PL_GAUGE_VALUE, PL_GAUGE_TROUBLE, PL_GAUGE_MISSING, PL_GAUGE_REGISTERS };

struct pl_program {
    int32_t method; /* pl_method */
    double initial_time, time_step;
    int32_t steps, act_step;
    double save_steps;     /* SAVEPER in steps, at least 1 */
    int32_t *saved;        /* where SAVEPER or FINAL TIME changes: the saved steps, rising; saved_count 0: by save_steps */
    double *clock;         /* where TIME STEP changes: the time of each step; clock_count 0: initial_time + n x time_step */
    int saved_count, clock_count;
    pl_side side[PL_SIDES];
    double *image;         /* [uniform slab_registers]: constants and inputs at the model's values */
    double *lane_image;    /* [lane inputs]: the same for the lane side's inputs, which open its slab */
    int lane_inputs;
    int32_t *pool, *row;   /* uniform register behind each entry */
    int pool_count, row_count;
    int32_t time_at[PL_SIDES][PL_CLOCKS]; /* registers of the times, -1 where not needed (lane side: in the slab) */
    int32_t future_at;     /* lane slab register that holds the futures' numbers; -1 without noise */
    int32_t *ints;
    int int_count;
    double *numbers;       /* lookup tables: xs, ys, slopes */
    int number_count;
    int32_t *table_at, *table_size; /* [table] */
    int table_count;
    pl_draw_spec *draws;
    int draw_count;
    pl_input_slot *inputs;
    int input_count;
    pl_gauge *gauges;
    int gauge_count;
    pl_register *outputs;
    int output_count;
    char *text;            /* names, NUL between */
    int text_size;
    void *block;           /* the memory of all arrays */
};

/* Every array of a program, in the order in which it is saved. X(type, member, number of items) */
#define PL_PROGRAM_ARRAYS(X)                                                        \
    X(double, image, side[PL_UNIFORM].slab_registers + PL_CELL)                     \
    X(double, lane_image, lane_inputs)                                              \
    X(double, numbers, number_count)                                                \
    X(pl_gauge, gauges, gauge_count)                                                \
    X(pl_input_slot, inputs, input_count)                                           \
    X(pl_draw_spec, draws, draw_count)                                              \
    X(double, clock, clock_count)                                                   \
    X(int32_t, saved, saved_count)                                                  \
    X(int32_t, pool, pool_count)                                                    \
    X(int32_t, row, row_count)                                                      \
    X(int32_t, ints, int_count)                                                     \
    X(int32_t, table_at, table_count)                                               \
    X(int32_t, table_size, table_count)                                             \
    X(pl_register, outputs, output_count)                                           \
    X(pl_instruction, side[PL_UNIFORM].tape[PL_START], side[PL_UNIFORM].length[PL_START])     \
    X(pl_instruction, side[PL_UNIFORM].tape[PL_EPOCH], side[PL_UNIFORM].length[PL_EPOCH])     \
    X(pl_instruction, side[PL_UNIFORM].tape[PL_RATES], side[PL_UNIFORM].length[PL_RATES])     \
    X(pl_instruction, side[PL_UNIFORM].tape[PL_OUTPUTS], side[PL_UNIFORM].length[PL_OUTPUTS]) \
    X(pl_instruction, side[PL_LANE].tape[PL_START], side[PL_LANE].length[PL_START])           \
    X(pl_instruction, side[PL_LANE].tape[PL_EPOCH], side[PL_LANE].length[PL_EPOCH])           \
    X(pl_instruction, side[PL_LANE].tape[PL_RATES], side[PL_LANE].length[PL_RATES])           \
    X(pl_instruction, side[PL_LANE].tape[PL_OUTPUTS], side[PL_LANE].length[PL_OUTPUTS])       \
    X(pl_slot, side[PL_UNIFORM].slots, side[PL_UNIFORM].slot_count)                 \
    X(pl_slot, side[PL_LANE].slots, side[PL_LANE].slot_count)                       \
    X(char, text, text_size)

/* Points the arrays of a program whose counts are set into one new block of memory (zeroed); false: out of memory. */
bool pl_program_allocate(pl_program *p);

/* One run of a tape. A register is width[b] doubles from bases[b]: the lanes of PL_SLAB and PL_SCRATCH; of PL_POOL and
 * PL_ROW a cell of equal numbers, or one number where there is one lane. walk[b] is their step as operands. */
typedef struct pl_frame {
    const pl_program *program;
    const pl_kernels *kernels;
    double *bases[PL_BASES];
    double *memory, *single[PL_BASES]; /* what sweeps address, and their bases in it: one number per uniform value */
    size_t width[PL_BASES], walk[PL_BASES];
    int lanes;
    double *reduce;        /* 2 x lanes doubles */
    uint64_t seed;
    int step;
} pl_frame;

/* Sets lanes, width and walk. */
void pl_frame_shape(pl_frame *frame, int lanes);
void pl_tape_run(const pl_frame *frame, const pl_instruction *tape, int length);

pl_kernel *pl_instruction_kernel(const pl_kernels *kernels, const pl_instruction *in); /* NULL: not one of APPLY, CHAIN */
pl_operand pl_operand_at(const pl_frame *frame, pl_register place, int element);
double *pl_register_at(const pl_frame *frame, pl_register place, int element);
double *pl_register_out(const pl_frame *frame, const pl_instruction *in, int element);

/* Instructions that go lane by lane (lanes.c) and draws (noise.c). */
/* One value of a place: element e, lane i. */
double pl_lane_value(const pl_frame *frame, pl_register place, int element, int lane);
void pl_run_table(const pl_frame *frame, const pl_instruction *in);
void pl_run_series(const pl_frame *frame, const pl_instruction *in); /* series.c */
void pl_run_pick(const pl_frame *frame, const pl_instruction *in);
void pl_run_group(const pl_frame *frame, const pl_instruction *in);
/* The forms that allocate, for one lane of one run that begins at element `from` (allocate.c). */
void pl_run_allocate(const pl_frame *frame, const pl_instruction *in, int from, int lane);
void pl_run_noise(const pl_frame *frame, const pl_instruction *in);
void pl_run_belt(const pl_frame *frame, const pl_instruction *in);
/* Registers of a conveyor's state per element. */
int64_t pl_belt_state(const pl_belt_shape *shape);
/* Registers of the result and of each operand; false: no such shape. */
bool pl_belt_counts(int code, const int32_t *ints, int64_t *out, int64_t runs[2]);

/* Reciprocals of divisors that stay the same from step to step, where the kernels divide by them (calls.c). */
typedef struct pl_inverse {
    pl_register of;
    size_t n;
    double *at;
} pl_inverse;

typedef struct pl_inverses {
    int count;
    pl_inverse *inverse;
    double *memory;
} pl_inverses;

/* A tape made ready for one frame: sweeps made, kernels and operands looked up once, for as long as the frame's bases
 * stay where they are. An instruction that is no sweep and more than one call of a kernel is run as it stands. */
typedef struct pl_call {
    pl_sweep_op *sweep; /* NULL: none, */
    pl_kernel *kernel;  /* NULL: none either, run the instruction */
    double *out;
    const pl_operand *operands;
    size_t n;
    const pl_instruction *instruction;
} pl_call;

typedef struct pl_calls {
    int count;
    pl_call *call;
} pl_calls;

/* How often each result of the lane side's rates and outputs is read, element by element in the tapes' order
 * (sweep.c). */
typedef struct pl_sweep_reads {
    int32_t *rates, *outputs;
} pl_sweep_reads;
bool pl_sweep_read(const pl_program *p, pl_sweep_reads *reads);
void pl_sweep_reads_free(pl_sweep_reads *reads);
/* Whether an instruction can be part of a sweep. */
bool pl_sweep_takes(const pl_instruction *in);
/* The operations of some instructions that can, in memory of their own; reads: of their results. NULL: out of
 * memory. */
pl_sweep_op *pl_sweep_make(const pl_frame *frame, const pl_instruction *tape, int length, const int32_t *reads);

/* Finds the divisors; false: out of memory. */
bool pl_inverses_find(const pl_frame *frame, pl_inverses *inverses);
void pl_inverses_free(pl_inverses *inverses);
/* To be called whenever the epoch's values have changed. */
void pl_inverses_update(const pl_frame *frame, const pl_inverses *inverses);
/* inverses may be NULL; so may reads, of this tape: no sweeps then. False: out of memory. What was never made may be
 * freed. */
bool pl_calls_make(const pl_frame *frame, const pl_instruction *tape, int length, const pl_inverses *inverses,
                   const int32_t *reads, pl_calls *calls);
void pl_calls_free(pl_calls *calls);
void pl_call_run(const pl_frame *frame, const pl_call *call);
void pl_calls_run(const pl_frame *frame, const pl_calls *calls);

/* Integration of one side: state in slab, stage values through `stage`. integrator.c */
typedef struct pl_stepper {
    const pl_side *side;
    pl_frame *frame;
    double *before, *total; /* stock_registers x lanes each: Runge-Kutta */
    double *held;           /* held_registers x lanes */
    /* Makes the frame ready for a stage (0 .. stages-1) of frame->step: time register, row. */
    void (*stage)(void *context, int stage);
    void *context;
} pl_stepper;

int pl_method_stages(int method);
double pl_stage_time(const pl_program *p, int step, int stage);
/* Initial states after the start tape has run. */
void pl_stepper_start(const pl_stepper *stepper);
/* After the rates at stage 0 have been computed: the state of the next step. */
void pl_stepper_advance(const pl_stepper *stepper);
/* Whether any stock of a side is not finite in a lane. */
void pl_side_trouble(const pl_side *side, const double *slab, int lanes, unsigned char *failed);

/* A track: see program.h. */
typedef struct pl_epoch {
    int step;
    double *pool;    /* [pool_count] */
    double *levers;  /* [input_count]: values in force */
} pl_epoch;

struct pl_track {
    const pl_program *program;
    int first_step;
    pl_lever_change *changes;
    int change_count;
    pl_epoch *epochs;
    int epoch_count;
    double *rows; /* [(step - first_step) * stages + stage][row_count] */
    int last_step; /* rows end before it, or (at the end of the run) with it */
    double *state; /* before the changes of last_step: the uniform slab, then the levers; NULL at the end of the run */
    unsigned char failed; /* a uniform stock was not finite */
    const char *failed_name;
};
#endif
