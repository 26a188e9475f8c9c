/* Groups by Tarjan's algorithm, loops counted by Johnson's, and the shortest loops through a variable by depth-first
 * searches of growing length that never go where the way back is too long.  All without recursion.  See loops.h. */
#include "study/loops.h"

#include <string.h>

static const double most_work = 5e7; /* steps along links */

/* ---- the graph ------------------------------------------------------------------------------------------ */

static void find_links(pl_loops *l) {
    const pl_structure *s = l->structure;
    int count = 0, *first = PL_ARRAY(&l->arena, l->count + 1, int);
    int *to = PL_ARRAY(&l->arena, s->first_use[l->count] + 1, int);
    for (int v = 0; v < l->count; v++) {
        first[v] = count;
        for (int i = s->first_use[v]; i < s->first_use[v + 1]; i++)
            if (!s->uses[i].initial) to[count++] = s->uses[i].variable;
    }
    first[l->count] = count;
    l->first = first, l->to = to;
}

/* Tarjan's algorithm with a path of its own. */
static void find_groups(pl_loops *l) {
    pl_arena *arena = &l->arena;
    int *order = PL_ARRAY(arena, l->count, int), *low = PL_ARRAY(arena, l->count, int);
    int *next = PL_ARRAY(arena, l->count, int), *path = PL_ARRAY(arena, l->count, int);
    int *open = PL_ARRAY(arena, l->count, int), depth = 0, open_count = 0, visited = 0, groups = 0;
    l->group = PL_ARRAY(arena, l->count + 1, int);
    l->group_size = PL_ARRAY(arena, l->count + 1, int);
    memset(l->group, -1, (size_t)l->count * sizeof *l->group);
    for (int root = 0; root < l->count; root++) {
        if (order[root]) continue;
        path[depth++] = root;
        while (depth > 0) {
            int v = path[depth - 1];
            if (!order[v]) order[v] = low[v] = ++visited, next[v] = l->first[v], open[open_count++] = v;
            if (next[v] < l->first[v + 1]) {
                int w = l->to[next[v]++];
                if (!order[w]) path[depth++] = w;
                else if (l->group[w] < 0 && order[w] < low[v]) low[v] = order[w];
                continue;
            }
            if (--depth > 0 && low[v] < low[path[depth - 1]]) low[path[depth - 1]] = low[v];
            if (low[v] != order[v]) continue;
            for (int w = -1; w != v; l->group_size[groups]++) w = open[--open_count], l->group[w] = groups;
            groups++;
        }
    }
}

void pl_loops_start(pl_loops *loops, const pl_structure *structure) {
    loops->structure = structure;
    loops->count = structure->model->variable_count;
    find_links(loops);
    find_groups(loops);
}

void pl_loops_start_links(pl_loops *loops, int count, const int *first, const int *to) {
    loops->structure = NULL;
    loops->count = count, loops->first = first, loops->to = to;
    find_groups(loops);
}

/* ---- counting ------------------------------------------------------------------------------------------- */

typedef struct waiting { /* variables that are freed with another */
    int variable, next;
} waiting;

typedef struct count_state {
    pl_loops *l;
    int start, least; /* only variables of the start's group from `least` up count */
    bool *blocked, *found;
    int *next, *path, *list, *freed; /* list: of waiting, -1 where it ends */
    waiting *rows;
    int row_count, row_room;
    long most;
    pl_loop_visit *visit; /* NULL: they are only counted */
    void *context;
    pl_loop_count result;
    double work;
} count_state;

static bool counts(const count_state *s, int v) { return v >= s->least && s->l->group[v] == s->l->group[s->start]; }

static void unblock(count_state *s, int v) {
    int count = 0;
    s->freed[count++] = v, s->blocked[v] = false;
    while (count > 0) {
        int from = s->freed[--count];
        for (int row = s->list[from]; row >= 0; row = s->rows[row].next) {
            int w = s->rows[row].variable;
            if (!s->blocked[w]) continue;
            s->blocked[w] = false;
            s->freed[count++] = w;
        }
        s->list[from] = -1;
    }
}

/* v stays blocked until one of those that it acts on is free again. */
static void wait_for(count_state *s, int v) {
    const pl_loops *l = s->l;
    for (int i = l->first[v]; i < l->first[v + 1]; i++) {
        int w = l->to[i], row = counts(s, w) ? s->list[w] : -1;
        if (!counts(s, w)) continue;
        for (; row >= 0 && s->rows[row].variable != v; s->work--) row = s->rows[row].next;
        if (row >= 0) continue;
        s->rows = pl_arena_grow(&s->l->arena, s->rows, s->row_count, &s->row_room, s->row_count + 1, sizeof *s->rows);
        s->rows[s->row_count] = (waiting){v, s->list[w]};
        s->list[w] = s->row_count++;
    }
}

static void enter(count_state *s, int v, int *depth) {
    s->path[(*depth)++] = v;
    s->blocked[v] = true, s->found[v] = false, s->next[v] = s->l->first[v];
}

static void leave(count_state *s, int *depth) {
    int v = s->path[--*depth];
    if (s->found[v]) unblock(s, v);
    else wait_for(s, v);
    if (*depth > 0) s->found[s->path[*depth - 1]] |= s->found[v];
}

static void count_from(count_state *s, int start, int least) {
    const pl_loops *l = s->l;
    int depth = 0;
    s->start = start, s->least = least, s->row_count = 0;
    for (int v = 0; v < l->count; v++) s->list[v] = -1;
    memset(s->blocked, 0, (size_t)l->count * sizeof *s->blocked);
    s->work -= l->count / 16.0;
    enter(s, start, &depth);
    while (depth > 0 && !s->result.more) {
        int v = s->path[depth - 1];
        s->result.more = --s->work < 0;
        if (s->next[v] == l->first[v + 1]) {
            leave(s, &depth);
            continue;
        }
        int w = l->to[s->next[v]++];
        if (w == start) {
            s->found[v] = true;
            if (s->result.count == s->most) s->result.more = true;
            else if (s->visit && !s->visit(s->context, s->path, depth)) s->result.more = true;
            else s->result.count++;
        } else if (counts(s, w) && !s->blocked[w]) {
            enter(s, w, &depth);
        }
    }
}

static bool acts_on_itself(const pl_loops *l, int v) {
    for (int i = l->first[v]; i < l->first[v + 1]; i++)
        if (l->to[i] == v) return true;
    return false;
}

static pl_loop_count count_loops(count_state *s, int variable) {
    pl_loops *l = s->l;
    s->work = most_work;
    s->blocked = PL_ARRAY(&l->arena, l->count, bool), s->found = PL_ARRAY(&l->arena, l->count, bool);
    s->next = PL_ARRAY(&l->arena, l->count, int), s->path = PL_ARRAY(&l->arena, l->count, int);
    s->list = PL_ARRAY(&l->arena, l->count, int), s->freed = PL_ARRAY(&l->arena, l->count, int);
    for (int v = variable < 0 ? 0 : variable; v < l->count && !s->result.more; v++) {
        bool looped = l->group_size[l->group[v]] > 1 || acts_on_itself(l, v);
        if (looped) count_from(s, v, variable < 0 ? v : 0);
        if (variable >= 0) break;
    }
    return s->result;
}

pl_loop_count pl_loops_count(pl_loops *l, int variable) {
    count_state s = {.l = l, .most = PL_MOST_LOOPS};
    return count_loops(&s, variable);
}

pl_loop_count pl_loops_each(pl_loops *l, long most, pl_loop_visit *visit, void *context) {
    count_state s = {.l = l, .most = most, .visit = visit, .context = context};
    return count_loops(&s, -1);
}

/* ---- the shortest --------------------------------------------------------------------------------------- */

typedef struct search_state {
    pl_loops *l;
    int start, most, found;
    int *distance; /* of the shortest way to the start; -1: none */
    int *path, *next;
    bool *on_path;
    pl_loop *out;
    double work;
} search_state;

/* Breadth first, against the links. */
static void find_distances(search_state *s) {
    const pl_structure *structure = s->l->structure;
    int *queue = PL_ARRAY(&s->l->arena, s->l->count, int), from = 0, count = 0;
    memset(s->distance, -1, (size_t)s->l->count * sizeof *s->distance);
    s->distance[s->start] = 0, queue[count++] = s->start;
    while (from < count) {
        int v = queue[from++];
        for (int i = structure->first_cause[v]; i < structure->first_cause[v + 1]; i++) {
            int w = structure->causes[i].variable;
            if (structure->causes[i].initial || s->distance[w] >= 0) continue;
            s->distance[w] = s->distance[v] + 1;
            queue[count++] = w;
        }
    }
}

static pl_sign link_sign(const pl_structure *s, int cause, int effect) {
    for (int i = s->first_use[cause]; i < s->first_use[cause + 1]; i++)
        if (s->uses[i].variable == effect) return s->uses[i].sign;
    return PL_SIGN_UNKNOWN;
}

static void keep(search_state *s, int length) {
    int *variables = PL_ARRAY(&s->l->arena, length, int);
    pl_sign sign = PL_SIGN_POSITIVE;
    memcpy(variables, s->path, (size_t)length * sizeof *variables);
    for (int i = 0; i < length; i++)
        sign = pl_sign_product(sign, link_sign(s->l->structure, variables[i], variables[(i + 1) % length]));
    s->out[s->found++] = (pl_loop){variables, length, sign};
}

static void enter_search(search_state *s, int v, int *depth) {
    s->path[(*depth)++] = v;
    s->on_path[v] = true, s->next[v] = s->l->first[v];
}

/* All loops of one length. */
static void search_length(search_state *s, int length) {
    const pl_loops *l = s->l;
    int depth = 0;
    enter_search(s, s->start, &depth);
    while (depth > 0) {
        int v = s->path[depth - 1];
        if (s->next[v] == l->first[v + 1] || s->found == s->most || --s->work < 0) {
            s->on_path[v] = false;
            depth--;
            continue;
        }
        int w = l->to[s->next[v]++];
        if (w == s->start && depth == length) keep(s, length);
        else if (!s->on_path[w] && s->distance[w] >= 0 && depth + s->distance[w] <= length)
            enter_search(s, w, &depth);
    }
}

int pl_loops_shortest(pl_loops *l, int variable, int most, pl_loop *out) {
    search_state s = {.l = l, .start = variable, .most = most, .out = out, .work = most_work / 10.0};
    s.distance = PL_ARRAY(&l->arena, l->count, int), s.path = PL_ARRAY(&l->arena, l->count + 1, int);
    s.next = PL_ARRAY(&l->arena, l->count, int), s.on_path = PL_ARRAY(&l->arena, l->count, bool);
    find_distances(&s);
    int longest = l->group_size[l->group[variable]];
    for (int length = 1; length <= longest && s.found < most && s.work > 0; length++) search_length(&s, length);
    return s.found;
}
