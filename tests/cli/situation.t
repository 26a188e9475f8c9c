# A situation in a folder of its own: a stock that two actors push.
  $ mkdir two && printf '%s\n' '{UTF-8}' 'level = INTEG(push + pull + drift, 10) ~ m ~ |' 'push = 0 ~ m/h ~|' 'pull = 0 ~ m/h ~|' 'drift = 0 ~ m/h ~|' 'INITIAL TIME = 0 ~ h ~|' 'FINAL TIME = 4 ~ h ~|' 'TIME STEP = 1 ~ h ~|' 'SAVEPER = 1 ~ h ~|' >two/model.mdl
  $ printf '%s\n' 'parley: 1' 'title: {en: A push, es: Un empuje}' 'model: model.mdl' 'run: {from: 1, futures: 100, seed: 3}' 'base: rest' 'actors:' '  north: {courses: {none: {}, push: {set: {push: 1}}}, wants: {height: {weight: 1}}}' '  south: {courses: {none: {}, pull: {set: {pull: -2}}}, wants: {height: {weight: -1}}}' 'uncertainties: {drift: {uniform: [-1, 1], source: judged}}' 'measures: {height: {of: level, take: final}}' 'profiles: {rest: {north: none, south: none}, both: {north: push, south: pull}}' 'checks: {still: {expect: "level = initial(level)"}}' >two/situation.yaml
  $ parley check two
  two: no errors, 0 warnings or notes
  $ sed 's/level = initial(level)/level < 10/' two/situation.yaml >two/wrong.yaml; parley check two/wrong.yaml 2>&1 | head -1 | sed 's/wrong.yaml:[0-9:]* /wrong.yaml: /'; parley check two/wrong.yaml >/dev/null; echo $?
  two/wrong.yaml: error: the check 'still' does not hold at time 0: the left side is 10, the right side 10
  4
  $ sed 's/of: level/of: levle/' two/situation.yaml >two/wrong.yaml; parley check two/wrong.yaml >out; echo $?; head -1 out | grep -c "did you mean 'level'"
  3
  1
  $ rm two/wrong.yaml

# run: the model's own constants and the base profile; courses act from run.from, --set from the start.
  $ parley run two | cut -d, -f1,2
  time,level
  0,10
  1,10
  2,10
  3,10
  4,10
  $ parley run two --course NORTH=push --set drift=0.5 | cut -d, -f1-3
  time,level,push
  0,10,0
  1,10.5,1
  2,12,1
  3,13.5,1
  4,15,1
  $ parley run two --course west=push
  error: there is no actor 'west'; the actors are 'north', 'south'
  [2]
  $ parley run two --course north=pull
  error: 'north' has no course 'pull'; its courses are 'none', 'push'
  [2]

# explore writes the file and says so; the same inputs give the same bytes, whatever the threads.
  $ parley explore two --output a.nc
  400 cases: 4 profiles x 100 futures, written to a.nc
  $ parley explore two --output b.nc --threads 2 --json | /usr/bin/python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["cases"], d["failed"], d["file"], d["seconds"] > 0, d["runs_per_second"] > 0)'
  400 0 b.nc True True
  $ cmp a.nc b.nc && ls
  a.nc
  b.nc
  out
  two
  $ parley explore two --output -
  parley explore: results are a NetCDF file, which cannot go to standard output
  [2]
  $ parley explore two --output c.nc --design sobol
  error: the design 'sobol' is not known: random, latin, halton, factorial, morris, saltelli, one-at-a-time or given
  [2]

# table: three steps of +1 and -2 from 10 are 3 below the base in every future.
  $ parley table a.nc
  A push
  2 of 4 profiles, 100 futures each, seed 3; base: rest
  
  height
    final value of level, from 1 \[m\] (re)
    profile +median +5-95 % of futures +difference \(95 % interval\) +5-95 % of futures (re)
    rest .*\(the base\) (re)
    both .* -3.00 \(-3.00 to -3.00\) +-3.00 to -3.00 (re)
  
  Each profile meets the same futures; a range holds the middle 90 % of them. A difference is taken
  from the base in the same future: its median, the 95 % confidence interval of that median, and its
  range. Rounded here; --output and --json give all digits.
  $ parley table a.nc --all --output - | cut -d, -f1-4
  profile,measure,futures,missing
  rest,height,100,0
  none / pull,height,100,0
  push / none,height,100,0
  both,height,100,0
  $ parley table a.nc --output t.csv; wc -l <t.csv
  3

# play: pushing is better whatever the other does, and so is pulling.
  $ parley play a.nc --json | /usr/bin/python3 -c 'import json, sys; d = json.load(sys.stdin); print([e["strategies"] for e in d["equilibria"]], d["complete"], d["equilibria"][0]["regret"], d["equilibria"][0]["share"])'
  [{'north': {'none': 0, 'push': 1}, 'south': {'none': 0, 'pull': 1}}] True 0 1
  $ parley play a.nc | grep -A5 '^1'
  1. north: push; south: pull
     actor        payoff  95 % interval                regret
     north   +[0-9]\.[0-9]{3}  [0-9.]+ to [0-9.]+ +0.000 (re)
     south   +-[0-9]\.[0-9]{3}  -[0-9.]+ to -[0-9.]+ +0.000 (re)
     stays an equilibrium in 100 % of 1000 bootstrap samples of the futures
     over all futures nobody would gain by leaving it (one-sided 95 % bound)

# In every future, too: payoffs differ between futures by the drift alone. Leaving `rest` gains 3 steps of 1, of 2.
  $ parley play a.nc | grep -e '^   in [0-9]' -e '% push'
     in 100 % of futures (96 to 100): north: push; south: pull
     north: 100 % push
  $ parley play a.nc --profile rest | sed -n '/^Who/,/^$/p'
  Who would leave this profile, and why (gains and what makes most of them; 95 % intervals, paired)
     north: none; south: none
     north would gain by
        push: +3.0000 (3.0000 to 3.0000)
           +3.000 height
     south would gain by
        pull: +6.0000 (6.0000 to 6.0000)
           +6.000 height
  
  $ parley play a.nc --profile nobody
  error: there is no profile 'nobody'; the profiles are 'base', 'rest', 'both'
  [2]
  $ parley play a.nc --frontier height --limit height
  error: whether more or less of 'height' is better cannot be told from what the actors want: write 'more height' or 'less height'
  [2]
  $ parley play a.nc --frontier 'more height' | head -1
  error: a frontier needs both: the measures, and the one to limit
  $ parley play a.nc --frontier 'more height' --limit 'more height' | grep -A4 '^The frontier'
  The frontier, from the strictest limit on: no other profile is better in one of these and no worse in the others
     north: push; south: none
        height [0-9.]+ \([0-9.]+ to [0-9.]+\) (re)
        height [0-9.]+ \([0-9.]+ to [0-9.]+\) (re)
        on the frontier in 100 % of bootstrap samples
  $ parley play a.nc --solver guess
  error: there is no solver 'guess'; the solvers are 'auto', .* (re)
  [2]

# One future: payoffs keep their digits, and nothing is said of how sure they are.
  $ sed 's/futures: 100/futures: 1/' two/situation.yaml >two/one.yaml; parley explore two/one.yaml --output one.nc
  4 cases: 4 profiles x 1 future, written to one.nc
  $ parley play one.nc | grep -A3 -e '^The game' -e '^1' | grep -v -e ^Nash -e ^--
  The game of 2 actors over 4 profiles; a payoff is the mean over 1 future
  
  1. north: push; south: pull
     actor        payoff  95 % interval                regret
     north   +[0-9]\.[0-9]{3}  n/a: one future +0.000 (re)
     south   +-[0-9]\.[0-9]{3}  n/a: one future +0.000 (re)
  $ parley play one.nc | grep -c bootstrap
  0
  [1]
  $ parley play one.nc --json | /usr/bin/python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["replicates"], d["without_pure"], d["equilibria"][0]["share"], d["equilibria"][0]["intervals"]["north"][1:])'
  0 None None [None, None]
  $ parley table one.nc | grep -e both -e n/a
    both  .* -3.00 \(n/a\) +-3.00 to -3.00 (re)
  n/a: under six futures, or under ten of a Latin hypercube, have no such interval.
  $ parley report one.nc --output - | grep -c 'There is one future'
  1
  $ sed 's/futures: 100/futures: 5, design: latin/' two/situation.yaml >two/one.yaml; parley explore two/one.yaml --output one.nc
  20 cases: 4 profiles x 5 futures, written to one.nc
  $ parley play one.nc | grep '^   north  ' | head -1
     north   +[0-9]\.[0-9]{3}  n/a: too few futures +0.000 (re)
  $ parley weigh one.nc | grep -c '^Intervals need ten futures of this design or more'
  1
  $ rm one.nc two/one.yaml

# Where all medians are 0, the ranges keep their digits: 0.4 in one future of five, by a course.
  $ mkdir rare && printf '%s\n' '{UTF-8}' 'hit = IF THEN ELSE(luck > 0.8, 0.4, 0) * gain ~~|' 'luck = 0 ~~|' 'gain = 0 ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >rare/model.mdl
  $ printf '%s\n' 'parley: 1' 'title: Rare' 'model: model.mdl' 'run: {futures: 100}' 'base: rest' 'actors: {north: {courses: {none: {}, bet: {set: {gain: 1}}}, wants: {win: {weight: 1}}}}' 'uncertainties: {luck: {uniform: [0, 1], source: judged}}' 'measures: {win: {of: hit, take: final}}' 'profiles: {rest: {north: none}}' >rare/situation.yaml
  $ parley table rare --all --quiet | grep '^  bet '
    bet +0.0000 +0.0000 to 0.4000 +0.000 \(0.000 to 0.000\) +0.000 to 0.400 (re)
  $ rm -r rare

# Without actors there is nothing to weigh; where nothing changes it is said why no loop has a share.
  $ mkdir alone && printf '%s\n' '{UTF-8}' 'x = INTEG(-rate*x, 0) ~~|' 'rate = 0.5 ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >alone/model.mdl
  $ printf '%s\n' 'parley: 1' 'title: Alone' 'model: model.mdl' 'run: {futures: 10}' 'uncertainties: {rate: {uniform: [0, 1], source: judged}}' 'measures: {end: {of: x, take: final}}' >alone/situation.yaml
  $ parley weigh alone --quiet
  error: the situation has no actors, so there are no courses to weigh
  [3]
  $ parley loops alone/model.mdl | grep '^  -:'
    -: nothing here changes in the run with the model's own constants, so no loop has a share
  $ rm -r alone

# Courses that are equal by a criterion are all the best: here both are as good as the base in every future.
  $ mkdir even && printf '%s\n' '{UTF-8}' 'x = luck ~~|' 'luck = 0 ~~|' 'gain = 0 ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >even/model.mdl
  $ printf '%s\n' 'parley: 1' 'title: Even' 'model: model.mdl' 'run: {futures: 20}' 'base: rest' 'actors: {north: {courses: {none: {}, bet: {set: {gain: 1}}}, wants: {end: {weight: 1}}}}' 'uncertainties: {luck: {uniform: [0, 1], source: judged}}' 'measures: {end: {of: x, take: final}}' 'profiles: {rest: {north: none}}' >even/situation.yaml
  $ parley weigh even --quiet | grep -c '\*100 %'
  2
  $ rm -r even

# A study of a situation runs it first and says so; the second time the file is there.
  $ parley table two --futures 50 --output - | tail -1 | cut -d, -f1-3
  ran 200 cases in .* s, 0 failed (re)
  both,height,50
  $ parley table two --futures 50 --output - | tail -1 | cut -d, -f1-3
  both,height,50
  $ parley report two --futures 50
  written to report.html
  $ parley report a.nc --output - | head -2 | cut -c1-30
  <!DOCTYPE html>
  <html lang="en" data-en="A pus
  $ parley table missing
  missing: error: .* (re)
  [5]

# Staged play without the times at which the actors choose is refused before anything is run.
  $ parley report two --staged 2>&1 | sed 's/.*error: //'
  staged play needs the times at which the actors choose: 'at' in 'play'
  $ rm -f two/results.nc; parley report two --staged 2>/dev/null; echo $?; ls two
  3
  model.mdl
  situation.yaml
