/* Making nodes: each distinct operation on the same operands exists once (common subexpressions are found here).
 * Nodes are never changed once made; operands have smaller numbers than their users. */
#include "program/graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pl_graph_fail(pl_graph *g, pl_status status, pl_position at, const char *format, ...) {
    char message[sizeof g->error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pl_place place = {g->model->file, g->model->text, g->model->length, at.line, at.column, NULL};
    pl_error_at(g->error, status, place, "%s", message);
    longjmp(*g->escape, status);
}

void pl_graph_spend(pl_graph *g, int elements, pl_position at) {
    const double most = 3e8 / (1 << PL_SMALLER);
    g->spent += elements;
    if (g->spent <= most) return;
    pl_graph_fail(g, PL_UNSUPPORTED, at, "the equations of this model refer to more than %.0f elements together", most);
}

/* ---- pools ---- */

int pl_graph_ints(pl_graph *g, const int *values, int count) {
    g->ints = pl_arena_grow(g->arena, g->ints, g->int_count, &g->int_room, g->int_count + count, sizeof *g->ints);
    if (count) memcpy(g->ints + g->int_count, values, (size_t)count * sizeof *values);
    g->int_count += count;
    return g->int_count - count;
}

int pl_graph_table(pl_graph *g, const pl_table *table) {
    for (int i = g->table_count; i-- > 0 && i > g->table_count - 64;)
        if (g->tables[i] == table) return i;
    g->tables = pl_arena_grow(g->arena, g->tables, g->table_count, &g->table_room, g->table_count + 1,
                              sizeof *g->tables);
    g->tables[g->table_count] = table;
    return g->table_count++;
}

/* ---- nodes ---- */

static uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

/* How many numbers in graph->ints belong to a node and tell it from others. */
static int ints_of(const pl_node *node) {
    return node->op == PL_OP_LOOKUP ? node->count : node->op == PL_OP_TABLE || node->op == PL_OP_SERIES ? node->count + 1 : 0;
}

static uint64_t hash_node(const pl_graph *g, const pl_node *node) {
    uint64_t hash = mix((uint64_t)node->op, (uint64_t)node->count);
    for (int i = 0; i < node->arg_count; i++) {
        hash = mix(hash, (uint64_t)node->args[i].node);
        hash = mix(hash, (uint64_t)node->args[i].first << 1 | (unsigned)node->args[i].stride);
    }
    if (node->op == PL_OP_CONSTANT) {
        for (int i = 0; i < node->count; i++) {
            uint64_t bits;
            memcpy(&bits, g->numbers + node->detail + i, sizeof bits);
            hash = mix(hash, bits);
        }
        return hash;
    }
    int ints = ints_of(node);
    if (ints) {
        for (int i = 0; i < ints; i++) hash = mix(hash, (uint64_t)g->ints[node->detail + i]);
        return hash;
    }
    return mix(hash, (uint64_t)node->detail);
}

static bool same_node(const pl_graph *g, const pl_node *a, const pl_node *b) {
    if (a->op != b->op || a->count != b->count || a->arg_count != b->arg_count || a->run != b->run) return false;
    for (int i = 0; i < a->arg_count; i++)
        if (a->args[i].node != b->args[i].node || a->args[i].first != b->args[i].first ||
            a->args[i].stride != b->args[i].stride)
            return false;
    size_t count = (size_t)a->count;
    if (a->op == PL_OP_CONSTANT)
        return memcmp(g->numbers + a->detail, g->numbers + b->detail, count * sizeof(double)) == 0;
    if (ints_of(a)) return memcmp(g->ints + a->detail, g->ints + b->detail, (size_t)ints_of(a) * sizeof(int)) == 0;
    return a->detail == b->detail;
}

static void rehash(pl_graph *g) {
    g->bucket_count = g->bucket_count ? g->bucket_count * 2 : 1024;
    g->buckets = PL_ARRAY(g->arena, g->bucket_count, int);
    for (int i = 0; i < g->node_count; i++) {
        int *bucket = &g->buckets[hash_node(g, &g->nodes[i]) & (uint64_t)(g->bucket_count - 1)];
        g->chain[i] = *bucket;
        *bucket = i + 1;
    }
}

static pl_arg add_node(pl_graph *g, pl_node node, const pl_arg *args) {
    int count = node.count, arg_count = node.arg_count;
    node.args = (pl_arg *)(uintptr_t)args;
    node.variable = g->current;
    if (g->node_count >= g->bucket_count) rehash(g);
    int *bucket = &g->buckets[hash_node(g, &node) & (uint64_t)(g->bucket_count - 1)];
    int stride = count > 1;
    for (int i = *bucket; i; i = g->chain[i - 1])
        if (same_node(g, &g->nodes[i - 1], &node)) return (pl_arg){i - 1, 0, stride};
    node.args = PL_ARRAY(g->arena, arg_count, pl_arg);
    if (arg_count) memcpy(node.args, args, (size_t)arg_count * sizeof *args);
    g->nodes = pl_arena_grow(g->arena, g->nodes, g->node_count, &g->node_room, g->node_count + 1, sizeof *g->nodes);
    g->chain = pl_arena_grow(g->arena, g->chain, g->node_count, &g->chain_room, g->node_count + 1, sizeof *g->chain);
    g->nodes[g->node_count] = node;
    g->chain[g->node_count] = *bucket;
    *bucket = ++g->node_count;
    return (pl_arg){g->node_count - 1, 0, stride};
}

pl_arg pl_graph_node(pl_graph *g, int op, int count, const pl_arg *args, int arg_count, int detail) {
    return add_node(g, (pl_node){.op = (uint16_t)op, .count = count, .arg_count = arg_count, .detail = detail}, args);
}

pl_arg pl_graph_runs(pl_graph *g, int op, int count, int run, const pl_arg *args, int arg_count, int detail) {
    return add_node(g, (pl_node){.op = (uint16_t)op, .count = count, .arg_count = arg_count, .detail = detail, .run = run},
                    args);
}

pl_arg pl_graph_numbers(pl_graph *g, const double *values, int count) {
    g->numbers = pl_arena_grow(g->arena, g->numbers, g->number_count, &g->number_room, g->number_count + count,
                               sizeof *g->numbers);
    memcpy(g->numbers + g->number_count, values, (size_t)count * sizeof *values);
    int before = g->node_count;
    pl_arg arg = pl_graph_node(g, PL_OP_CONSTANT, count, NULL, 0, g->number_count);
    if (arg.node == before) g->number_count += count; /* else an equal one exists: the room is used again */
    return arg;
}

pl_arg pl_graph_number(pl_graph *g, double value) { return pl_graph_numbers(g, &value, 1); }

pl_arg pl_graph_collect(pl_graph *g, const pl_place_of *places, int *count) {
    int n = *count;
    bool same = true, run = true;
    for (int i = 1; i < n && (same || run); i++) {
        bool node = places[i].node == places[0].node;
        same = same && node && places[i].index == places[0].index;
        run = run && node && places[i].index == places[0].index + i;
    }
    if (same) {
        *count = 1;
        return (pl_arg){places[0].node, places[0].index, 0};
    }
    if (run) return (pl_arg){places[0].node, places[0].index, 1};
    pl_arg *args = PL_ARRAY(g->arena, n, pl_arg);
    for (int i = 0; i < n; i++) args[i] = (pl_arg){places[i].node, places[i].index, 0};
    return pl_graph_node(g, PL_OP_GATHER, n, args, n, 0);
}

void pl_graph_build(pl_graph *g) {
    int variables = g->model->variable_count;
    for (int c = 0; c < PL_CONTEXTS; c++) g->places[c] = PL_ARRAY(g->arena, variables, pl_place_of *);
    g->current = -1;
    pl_unit *units;
    int count = pl_order_units(g, PL_START_CONTEXT, &units);
    for (int i = 0; i < count; i++) pl_lower_unit(g, PL_START_CONTEXT, units[i]);
    pl_lower_stocks(g);
    pl_lower_latches(g);
    count = pl_order_units(g, PL_STEP_CONTEXT, &units);
    for (int i = 0; i < count; i++) pl_lower_unit(g, PL_STEP_CONTEXT, units[i]);
    pl_lower_nexts(g);
    pl_lower_rules(g);
}
