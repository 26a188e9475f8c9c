# Data over time from files that the command names, and changed constants.
  $ printf '%s\n' '{UTF-8}' 'side: a, b ~~|' 'price ~ dollar ~ |' 'rain[side] :HOLD BACKWARD: ~~|' 'cost = price * rate + SUM(rain[side!]) ~~|' 'rate = 2 ~~|' 'share[side] = 1, 2 ~~|' 'curve((0,0),(1,1)) ~~|' 'y = curve(0.5) + SUM(share[side!]) ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >m.mdl
  $ parley run m.mdl
  m.mdl:3:1: error: 'price' has no equation: it is data over time, and no file gives its values
      price ~ dollar ~ |
      ^
  m.mdl:4:1: error: 'rain' has no equation: it is data over time, and no file gives its values
      rain[side] :HOLD BACKWARD: ~~|
      ^
  [5]
  $ printf 'price\n0\t10\n2\t30\n\nrain[a] / as measured\n0 1 first\n1 2\nrain[b]\n1 5\nSomething else\n0 1\n' >all.dat
  $ parley run m.mdl --data all.dat --quiet | cut -d, -f1-5
  time,price,rain[a],rain[b],cost
  0,10,1,5,26
  1,20,2,5,47
  2,30,2,5,67
  $ parley check m.mdl --data all.dat --no-units 2>&1 | head -1
  all.dat: note: the model has no variable 'Something else' of this file

# Later files win; tables name variables across or down.
  $ printf 'time,price,rain[a]\n0,1,7\n2,3,\n' >across.csv
  $ printf 'time\t0\t2\nprice\t1\t3\nrain[a]\t7\t\n' >down.tab
  $ parley run m.mdl --data all.dat --data across.csv --quiet >across.out; parley run m.mdl --data all.dat --data down.tab --quiet | diff across.out - && cut -d, -f1-5 across.out
  time,price,rain[a],rain[b],cost
  0,1,7,5,14
  1,2,7,5,16
  2,3,7,5,18

# A number too large for a double is no point: price goes straight from 1 at time 0 to 3 at time 2.
  $ printf 'time,price\n0,1\n1,1e999\n2,3\n' >large.csv; printf 'price\n0 1\n1 1e999\n2 3\n' >large.dat
  $ for file in large.csv large.dat; do parley run m.mdl --data all.dat --data $file --quiet | cut -d, -f2 | paste -sd,; done
  price,1,2,3
  price,1,2,3

# Mistakes have a place.
  $ printf 'price\n0\n1 x\nrain[c]\n0 1\nrain\n0 1\nprice <year>\n' >bad.dat
  $ parley run m.mdl --data bad.dat
  bad.dat:2:2: error: expected a value behind the time
      0
       ^
  bad.dat:3:3: error: expected a value behind the time
      1 x
        ^
  bad.dat:4:1: error: 'rain' has no element 'c' at place 1
      rain[c]
      ^
  bad.dat:6:1: error: 'rain' has 1 subscripts: a series is for one of its elements
      rain
      ^
  bad.dat:8:1: error: a time base behind the name of a series is not supported
      price <year>
      ^
  [3]
  $ printf '0 1\n' >unnamed.dat && parley run m.mdl --data unnamed.dat 2>&1 | head -1
  unnamed.dat:1:1: error: no line with a name stands before this point
  $ parley run m.mdl --data none.dat 2>&1 | head -1; printf 'a\0b' >zero.dat && parley run m.mdl --data zero.dat 2>&1 | head -1
  none.dat: error: the file cannot be opened
  zero.dat: error: this is no text: it holds a byte 0
  $ parley run m.mdl --data none.dat 2>/dev/null
  [5]

# Changes: numbers, lists, lookups, the form of an optimization's control file.
  $ printf 'Rate = 3\nshare[side]=3,\n4\n share[b] = 5\n0 <= rate = 4 <= 9\ncurve((0,0),(1,10))\n' >c.cin
  $ parley run m.mdl --data all.dat --changes c.cin --quiet | head -2
  time,price,rain[a],rain[b],cost,rate,share[a],share[b],y,INITIAL TIME,FINAL TIME,TIME STEP,SAVEPER
  0,10,1,5,46,4,3,5,13,0,2,1,1
  $ printf 'raet = 3\nshare = 1\nshare[side] = 1,2,3\nshare[c] = 1\ny = 3\nrate = x\nfinal time = 1\n' >bad.cin
  $ parley run m.mdl --data all.dat --changes bad.cin 2>&1 | grep -v '^ '
  bad.cin:1:1: error: the model has no constant or lookup 'raet'; did you mean 'rate'?
  bad.cin:2:1: error: 'share' has 1 subscripts, here 0
  bad.cin:3:1: error: 'share' has 2 elements here, but 3 numbers
  bad.cin:4:7: error: 'share' has no element 'c' at place 1
  bad.cin:5:1: error: 'y' is no constant and no lookup of the model: it cannot be changed here
  bad.cin:6:8: error: expected a number, found 'x'
  all.dat: note: the model has no variable 'Something else' of this file

# Files that the model names.
  $ printf ',a,b\n0,1,2\n1,3,\n2,5,x\n' >t.csv
  $ sed -e 's/^price.*/price := GET DIRECT DATA("t.csv", ",", "A", "B2") ~~|/' -e 's/^rain.*/rain[side] := GET DIRECT DATA("t.csv", ",", "A", "B2") ~~|/' -e "/GET/s/\"/'/g" m.mdl >n.mdl
  $ parley run n.mdl | cut -d, -f1-4
  time,price,rain[a],rain[b]
  0,1,1,2
  1,3,3,2
  2,5,5,2
  $ sed "s/'t.csv'/'u.csv'/" n.mdl >o.mdl; parley run o.mdl
  o.mdl:3:26: error: there is no file 'u.csv' in the model's folder
      price := GET DIRECT DATA('u.csv', ',', 'A', 'B2') ~~|
                               ^
  o.mdl:4:31: error: there is no file 'u.csv' in the model's folder
      rain[side] := GET DIRECT DATA('u.csv', ',', 'A', 'B2') ~~|
                                    ^
  [5]
  $ ln -s /etc/hostname u.csv; parley run o.mdl 2>&1 | head -1
  o.mdl:3:26: error: 'u.csv' is outside the model's folder: only files in it are read
  $ sed -e 's/^rate = .*/rate = GET DIRECT CONSTANTS("t.csv", ",", "C4") ~~|/' -e "/GET/s/\"/'/g" n.mdl >p.mdl; parley run p.mdl
  p.mdl:6:43: error: cell C4 of 't.csv' holds no number but 'x'
      rate = GET DIRECT CONSTANTS('t.csv', ',', 'C4') ~~|
                                                ^
  [5]

# Results keep the files: they are read again without them, and other files are other results.
  $ mkdir s && cp t.csv s && sed 's/^rate = .*/rate = 2 ~~|/' n.mdl | sed 's/^INITIAL/level ~~|\nstock = INTEG(cost + level, 0) ~~|\nINITIAL/' >s/model.mdl
  $ printf '%s\n' 'parley: 1' 'model: model.mdl' 'run: {from: 0, to: 2, futures: 20, seed: 1}' 'uncertainties: {rate: {uniform: [1, 3], source: S}}' 'measures: {end: {of: stock, take: final}}' >s/situation.yaml
  $ printf 'level\n0 1\n' >level.dat; parley explore s --quiet
  s/model.mdl:10:1: error: 'level' has no equation: it is data over time, and no file gives its values
      level ~~|
      ^
  [5]
  $ parley explore s --data level.dat --quiet >/dev/null && rm level.dat s/t.csv s/model.mdl s/situation.yaml && parley table s/results.nc --quiet | grep -c end
  1

# A situation names the files itself: then every command has them.
  $ mkdir w w/data && printf '%s\n' 'level ~~|' 'rate = 1 ~~|' 'stock = INTEG(level * rate + push, 0) ~~|' 'push = 0 ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >w/model.mdl
  $ printf 'level\n0 1\n2 3\n' >w/data/level.dat; printf 'rate = 2\n' >w/best.cin
  $ printf '%s\n' 'parley: 1' 'model: model.mdl' 'files: [data/level.dat, best.cin]' 'run: {futures: 20}' 'uncertainties: {push: {uniform: [1, 3]}}' 'measures: {end: {of: stock, take: final}}' >w/situation.yaml
  $ parley run w | cut -d, -f1-4
  time,level,rate,stock
  0,1,2,0
  1,2,2,2
  2,3,2,6
  $ parley check w --quiet --no-units && parley table w --quiet | grep -c end && parley report w --output w.html --quiet && parley explore w --verify 5 --quiet
  1
  written to w.html
  5 cases of w/results.nc run again: every bit is the same
  $ printf 'level\n0 10\n' >ten.dat; parley run w --data ten.dat | cut -d, -f1,4 | tail -1
  2,40
  $ parley table w --data ten.dat --seed 2 --quiet | grep -c end
  1
  $ parley explore w --data ten.dat --verify 5 --seed 2 --quiet; parley explore w --verify 5 --seed 2 2>&1 | cut -d: -f2-
  5 cases of w/results.nc run again: every bit is the same
   error: these are results of other inputs (model, situation, seed, futures, design or version)
  $ (cd w && parley explore . --output ../same.nc --quiet >../out) && parley explore w --output again.nc --quiet >out && cmp same.nc again.nc

# Futures from a file: of the situation, or of the command line in their place.
  $ printf 'PUSH\n1.5\n2\n2.5\n' >w/futures.csv; printf '# mine\npush\n1\n7\n' >mine.csv
  $ sed -i 's/futures: 20/futures: futures.csv/' w/situation.yaml; parley explore w --output f.nc
  3 cases: 1 profile x 3 futures, written to f.nc
  $ parley explore w --futures mine.csv --output g.nc
  mine.csv:4:1: warning: the distribution of 'push' never gives 7
      7
      ^
  2 cases: 1 profile x 2 futures, written to g.nc
  $ parley explore w --futures mine.csv --output g.nc --verify 2 --quiet
  2 cases of g.nc run again: every bit is the same
  $ parley table g.nc --quiet | head -1
  1 of 1 profile, 2 futures each, seed 1; base: base
  $ parley explore w --futures 5 --design latin --output h.nc
  5 cases: 1 profile x 5 futures, written to h.nc
  $ parley explore w --design latin --output h.nc
  error: futures from a file have no design: 'latin' needs the number of futures to draw
  [2]
  $ parley sense w --futures mine.csv --design latin
  parley sense: --design does not go with a file of futures: it needs how many to draw
  [2]
  $ parley explore w --design given --futures 5 --output h.nc
  error: the file of futures has 3, not 5
  [2]
  $ parley explore w --futures none.csv
  none.csv: error: the file of futures cannot be read
  [5]
  $ parley table f.nc --futures mine.csv
  parley table: --futures needs a situation: a results file is read as it is
  [2]
  $ rm -r w && parley table f.nc --quiet | head -1
  1 of 1 profile, 3 futures each, seed 1; base: base

# Fitted futures say what they were fitted to. To name them changes nothing; of another model whoever reads them warns once.
  $ mkdir y && printf '%s\n' 'a = 2 ~~|' 'y = a * Time ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 4 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >y/model.mdl
  $ printf 'time,value\n1,3\n2,5\n3,6\n4,8\n' >y/y.csv
  $ printf '%s\n' 'parley: 1' 'model: model.mdl' 'run: {futures: 30, seed: 3}' 'uncertainties: {a: {uniform: [1, 3]}}' 'measures: {end: {of: y, take: final}}' 'data: [{variable: y, file: y.csv, error: {normal: 1}}]' >y/situation.yaml
  $ parley fit y --futures 20 --quiet | tail -1; head -3 y/fitted.csv | tail -1 | sed -E 's/[0-9a-f]{64}$/HASH/'
  20 fitted futures in y/fitted.csv
  # situation HASH
  $ parley explore y --futures y/fitted.csv --output y.nc && parley report y --output y.html 2>&1 | grep -v 'cases in'
  20 cases: 1 profile x 20 futures, written to y.nc
  written to y.html
  $ sed -i 's/futures: 30/futures: fitted.csv/' y/situation.yaml; parley explore y --output y.nc; parley check y --no-units
  20 cases: 1 profile x 20 futures, written to y.nc
  y: no errors, 0 warnings or notes
  $ sed -i 's/futures: fitted.csv/futures: 30/; s/seed: 3/seed: 4/' y/situation.yaml; parley explore y --futures y/fitted.csv --output y.nc 2>&1 | grep -v '# situation'
  y/fitted.csv:3:1: warning: these futures were fitted to another situation or model than this, or before it was changed
      ^
  20 cases: 1 profile x 20 futures, written to y.nc
  $ sed -i 's/seed: 4/seed: 3/; s/a = 2/a = 1.9/' y/situation.yaml y/model.mdl; for c in "table y --futures y/fitted.csv" "table y.nc" "sense y --futures y/fitted.csv" "report y --output y.html"; do parley $c 2>&1 | grep -c 'warning: these futures were fitted'; done
  1
  1
  1
  1
  $ parley report y --output y.html --quiet
  written to y.html
