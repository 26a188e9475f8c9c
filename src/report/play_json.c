/* The game as JSON, and what is played in each future as CSV. */
#include <math.h>

#include "report/play.h"

static const char *actor_name(const pl_play *play, int actor) { return play->game->players[actor].name; }

static const char *course_name(const pl_play *play, int actor, long profile) {
    return play->game->players[actor].strategies[pl_game_strategy(play->game, profile, actor)];
}

static json_t *courses_object(const pl_play *play, long profile) {
    json_t *object = json_object();
    for (int a = 0; a < play->game->player_count; a++)
        pl_json_set(&object, actor_name(play, a), pl_json_text(course_name(play, a, profile)));
    return object;
}

static json_t *payoffs_object(const pl_play *play, long profile) {
    json_t *object = json_object();
    for (int a = 0; a < play->game->player_count; a++)
        pl_json_set(&object, actor_name(play, a), pl_json_interval(pl_play_payoff_in(play, a, profile)));
    return object;
}

/* ---- equilibria ------------------------------------------------------------------------------------------ */

static json_t *equilibrium_object(const pl_play *play, int index) {
    json_t *object = pl_equilibrium_json(play->game, &play->solution->equilibria[index]), *intervals = json_object();
    for (int a = 0; a < play->game->player_count; a++)
        pl_json_set(&intervals, actor_name(play, a), pl_json_interval(pl_play_expected_in(play, index, a)));
    pl_json_set(&object, "intervals", intervals);
    pl_json_set(&object, "regret_bound", pl_json_number(play->bound[index]));
    pl_json_set(&object, "share", pl_json_number(play->share[index]));
    return object;
}

static json_t *profile_object(const pl_play *play, long profile) {
    json_t *object = json_object(), *regrets = json_object(), *best = json_object();
    pl_json_set(&object, "courses", courses_object(play, profile));
    pl_json_set(&object, "payoffs", payoffs_object(play, profile));
    for (int a = 0; a < play->game->player_count; a++)
        pl_json_set(&regrets, actor_name(play, a), pl_json_number(pl_game_regret(play->game, profile, a)));
    pl_json_set(&object, "regrets", regrets);
    for (int a = 0; a < play->game->player_count; a++) {
        json_t *courses = json_array();
        double most = pl_game_payoff(play->game, a, profile) + pl_game_regret(play->game, profile, a);
        for (int k = 0; k < play->game->players[a].strategy_count; k++)
            if (pl_game_payoff(play->game, a, pl_game_deviate(play->game, profile, a, k)) >= most)
                pl_json_append(&courses, pl_json_text(play->game->players[a].strategies[k]));
        pl_json_set(&best, actor_name(play, a), courses);
    }
    pl_json_set(&object, "best_responses", best);
    pl_json_set(&object, "next", json_integer(play->paths.next[profile]));
    pl_json_set(&object, "end", play->paths.end[profile] < 0 ? json_null() : json_integer(play->paths.end[profile]));
    return object;
}

/* ---- the outlook ----------------------------------------------------------------------------------------- */

static json_t *outlook_object(const pl_play *play) {
    const pl_outlook *o = &play->outlook;
    json_t *object = json_object(), *rows = json_array(), *futures = json_array(), *several = json_array();
    json_t *actors = json_object();
    for (int i = 0; i < o->count; i++) {
        json_t *row = json_object();
        pl_json_set(&row, "courses", o->rows[i].profile < 0 ? json_null() : courses_object(play, o->rows[i].profile));
        pl_json_set(&row, "share", pl_json_interval(o->rows[i].share));
        pl_json_set(&row, "played", pl_json_interval(o->rows[i].played));
        pl_json_append(&rows, row);
    }
    for (long f = 0; f < play->ensemble->futures; f++) {
        pl_json_append(&futures, o->row[f] < 0 ? json_null() : json_integer(o->row[f]));
        pl_json_append(&several, json_integer(o->equilibria[f]));
    }
    for (int a = 0; a < play->game->player_count; a++) {
        json_t *courses = json_object();
        for (int k = 0; k < play->game->players[a].strategy_count; k++)
            pl_json_set(&courses, play->game->players[a].strategies[k], pl_json_interval(o->courses[a][k]));
        pl_json_set(&actors, actor_name(play, a), courses);
    }
    pl_json_set(&object, "profiles", rows);
    pl_json_set(&object, "courses", actors);
    pl_json_set(&object, "several", pl_json_interval(o->several));
    pl_json_set(&object, "by_future", futures);
    pl_json_set(&object, "equilibria_by_future", several);
    return object;
}

pl_status pl_play_csv(const pl_play *play, char **text, size_t *length) {
    const pl_outlook *o = &play->outlook;
    pl_text out = {0};
    pl_text_put(&out, "future,equilibrium,equilibria");
    for (int a = 0; a < play->game->player_count; a++) {
        pl_text_put(&out, ",");
        pl_text_csv(&out, actor_name(play, a));
    }
    pl_text_put(&out, "\n");
    for (long f = 0; f < play->ensemble->futures; f++) {
        long profile = o->row[f] < 0 ? -1 : o->rows[o->row[f]].profile;
        pl_text_format(&out, "%ld,", f);
        if (o->row[f] >= 0) pl_text_format(&out, "%d", o->row[f]);
        pl_text_format(&out, ",%d", o->equilibria[f]);
        for (int a = 0; a < play->game->player_count; a++) {
            pl_text_put(&out, ",");
            if (profile >= 0) pl_text_csv(&out, course_name(play, a, profile));
        }
        pl_text_put(&out, "\n");
    }
    return pl_text_finish(&out, text, length);
}

/* ---- what was asked for ---------------------------------------------------------------------------------- */

static const char *goal_name(const pl_play *play, int goal) {
    return play->ensemble->situation->measures[play->frontier->goals[goal].measure].name;
}

static json_t *goal_values(const pl_play *play, const pl_frontier_point *point) {
    json_t *object = json_object();
    for (int g = 0; g < play->frontier->goal_count; g++)
        pl_json_set(&object, goal_name(play, g), pl_json_interval(point->value[g]));
    return object;
}

static json_t *step_object(const pl_play *play, const pl_frontier_step *step) {
    const pl_frontier *f = play->frontier;
    json_t *object = json_object(), *best = json_object();
    for (int g = 0; g < f->goal_count - 1; g++) {
        json_t *one = json_object();
        pl_json_set(&one, "courses", courses_object(play, step->best[g]));
        pl_json_set(&one, "mean", pl_json_number(f->means[g * play->game->profile_count + step->best[g]]));
        pl_json_set(&best, goal_name(play, g), one);
    }
    pl_json_set(&object, "limit", pl_json_number(step->limit));
    pl_json_set(&object, "best", best);
    return object;
}

static json_t *frontier_object(const pl_play *play) {
    const pl_frontier *f = play->frontier;
    json_t *object = json_object(), *points = json_array(), *steps = json_array(), *better = json_object();
    for (int g = 0; g < f->goal_count; g++)
        pl_json_set(&better, goal_name(play, g), pl_json_text(f->goals[g].sign > 0 ? "more" : "less"));
    for (int i = 0; i < f->point_count; i++) {
        json_t *point = json_object();
        pl_json_set(&point, "courses", courses_object(play, f->points[i].profile));
        pl_json_set(&point, "measures", goal_values(play, &f->points[i]));
        pl_json_set(&point, "share", pl_json_number(f->points[i].share));
        pl_json_append(&points, point);
    }
    for (int i = 0; i < f->step_count; i++) pl_json_append(&steps, step_object(play, &f->steps[i]));
    pl_json_set(&object, "better", better);
    pl_json_set(&object, "limit", pl_json_text(goal_name(play, f->goal_count - 1)));
    pl_json_set(&object, "futures", json_integer(f->futures));
    pl_json_set(&object, "limits", steps);
    pl_json_set(&object, "profiles", points);
    return object;
}

static json_t *deviation_object(const pl_play *play, const pl_deviation *d) {
    const pl_actor *actor = &play->ensemble->situation->actors[d->actor];
    json_t *object = json_object(), *parts = json_object();
    pl_json_set(&object, "actor", pl_json_text(actor->name));
    pl_json_set(&object, "course", pl_json_text(actor->courses[d->course].name));
    pl_json_set(&object, "gain", pl_json_interval(d->gain));
    for (int i = 0; i < actor->want_count; i++)
        pl_json_set(&parts, play->ensemble->situation->measures[actor->wants[i].measure].name, pl_json_interval(d->part[i]));
    pl_json_set(&object, "parts", parts);
    return object;
}

static json_t *deviations_object(const pl_play *play) {
    json_t *object = json_object(), *items = json_array();
    for (int i = 0; i < play->deviations->count; i++)
        pl_json_append(&items, deviation_object(play, &play->deviations->items[i]));
    pl_json_set(&object, "courses", courses_object(play, play->deviations->profile));
    pl_json_set(&object, "gains", items);
    return object;
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static json_t *joint_object(const pl_play *play) {
    json_t *object = json_object();
    double best = pl_game_joint(play->game, play->best_joint), worst = INFINITY;
    for (int i = 0; i < play->solution->count; i++) {
        double sum = 0;
        for (int a = 0; a < play->game->player_count; a++) sum += play->solution->equilibria[i].payoffs[a];
        worst = fmin(worst, sum);
    }
    pl_json_set(&object, "courses", courses_object(play, play->best_joint));
    pl_json_set(&object, "sum", pl_json_number(best));
    pl_json_set(&object, "worst_equilibrium", pl_json_number(worst));
    pl_json_set(&object, "price_of_anarchy", pl_json_number(worst > 0 ? best / worst : NAN));
    return object;
}

pl_status pl_play_json(const pl_play *play, char **text, size_t *length) {
    json_t *tree = json_object(), *equilibria = json_array(), *profiles = json_array();
    for (int i = 0; i < play->solution->count; i++) pl_json_append(&equilibria, equilibrium_object(play, i));
    pl_json_set(&tree, "equilibria", equilibria);
    pl_solution_json(&tree, play->game, play->solution);
    pl_json_set(&tree, "futures", json_integer(play->futures));
    pl_json_set(&tree, "replicates", json_integer(play->replicates));
    pl_json_set(&tree, "without_pure", pl_json_number(play->none));
    if (play->nearest_miss >= 0) pl_json_set(&tree, "nearest", profile_object(play, play->nearest_miss));
    pl_json_set(&tree, "outlook", outlook_object(play));
    pl_json_set(&tree, "joint", joint_object(play));
    if (play->frontier) pl_json_set(&tree, "frontier", frontier_object(play));
    if (play->deviations) pl_json_set(&tree, "deviations", deviations_object(play));
    for (long p = 0; p < play->game->profile_count; p++) pl_json_append(&profiles, profile_object(play, p));
    pl_json_set(&tree, "profiles", profiles);
    return pl_json_finish(tree, text, length);
}
