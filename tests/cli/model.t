# A model to read, and one with mistakes.
  $ printf '%s\n' '{UTF-8}' 'stock = INTEG(-rate * stock, 8) ~ cups ~ |' '"a, b" = stock / 2 ~ cups ~ |' 'rate = 0.5 ~ 1/hour ~ |' 'INITIAL TIME = 0 ~ hour ~|' 'FINAL TIME = 2 ~ hour ~|' 'TIME STEP = 1 ~ hour ~|' 'SAVEPER = TIME STEP ~ hour ~|' >good.mdl
  $ printf '%s\n' '{UTF-8}' 'x = y + 1 ~~|' 'año = niño * foo(3) ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >bad.mdl

# run: 8, 4, 2 by Euler's steps of 1; names with commas are quoted (RFC 4180).
  $ parley run good.mdl
  time,stock,"a, b",rate,INITIAL TIME,FINAL TIME,TIME STEP,SAVEPER
  0,8,4,0.5,0,2,1,1
  1,4,2,0.5,0,2,1,1
  2,2,1,0.5,0,2,1,1
  $ parley run good.mdl --output - --set RATE=0.1 | cut -d, -f1,2
  time,stock
  0,8
  1,7.2
  2,6.48
  $ parley run good.mdl --set rate=1 --set 'final time=1' --json --set rate=0.25
  {
    "time": [0, 1],
    "variables": {
      "stock": [8, 6],
      "a, b": [4, 3],
      "rate": [0.25, 0.25],
      "INITIAL TIME": [0, 0],
      "FINAL TIME": [1, 1],
      "TIME STEP": [1, 1],
      "SAVEPER": [1, 1]
    }
  }
  $ parley run good.mdl --output out.csv && tail -1 out.csv && ls
  2,2,1,0.5,0,2,1,1
  bad.mdl
  good.mdl
  out.csv
  $ parley run good.mdl --output /nowhere/out.csv
  /nowhere/out.csv: error: cannot be written: No such file or directory
  [5]
  $ parley run good.mdl --set rats=1
  good.mdl: error: the model has no variable 'rats'; did you mean 'rate'?
  [3]
  $ parley run good.mdl --set stock=1 2>&1 | sed 's/:[0-9]*:[0-9]*:/:LINE:COLUMN:/'
  good.mdl:LINE:COLUMN: error: stock is not a constant of the model: it cannot be set
  $ parley run missing.mdl
  missing.mdl: error: the file cannot be opened
  [5]

# A variable that is not finite fails no run: one line names the first by time, and the exit code is 0.
  $ printf '%s\n' '{UTF-8}' 'stock = INTEG(1, 0) ~~|' 'late = 1/(1 - stock) ~~|' 'early = 1/stock ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >infinite.mdl
  $ parley run infinite.mdl | cut -d, -f1-4
  infinite.mdl: warning: early is not finite at time 0; nor is 1 more variable, then or later
  time,stock,late,early
  0,0,1,inf
  1,1,inf,1
  2,2,-1,0.5
  $ parley run infinite.mdl --quiet >infinite.csv
  $ sed -i '/late/d' infinite.mdl; parley run infinite.mdl 2>&1 >infinite.csv
  infinite.mdl: warning: early is not finite at time 0
  $ rm infinite.*

# check: every error with its place, the line and a caret; exit code 3.
  $ parley check good.mdl
  good.mdl: no errors, 0 warnings or notes
  $ parley check --quiet good.mdl
  $ parley check bad.mdl; echo $?
  bad.mdl:2:5: error: unknown variable 'y'
      x = y + 1 ~~|
          ^
  bad.mdl:3:8: error: unknown variable 'niño'; did you mean 'año'?
      año = niño * foo(3) ~~|
            ^
  bad.mdl:3:16: error: unknown function 'foo'
      año = niño * foo(3) ~~|
                   ^
  3
  $ parley check bad.mdl --json | /usr/bin/python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["findings"][0], d["claims"])'
  {'severity': 'error', 'file': 'bad.mdl', 'line': 2, 'column': 5, 'message': "unknown variable 'y'"} {'placed': 0, 'outside': 0}
  $ printf '%s\n' '{UTF-8}' 'a = b ~~|' 'b = a ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 2 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >circle.mdl; parley check circle.mdl
  circle.mdl:2:1: error: equations need each other in a circle with no stock between: a -> b -> a
      a = b ~~|
      ^
  [3]

# functions: the table, as text and as JSON.
  $ parley functions | grep -A1 '^SMOOTH  '
  SMOOTH .* (re)
  .* (re)
  $ parley functions --json | /usr/bin/python3 -c 'import json, sys; d = json.load(sys.stdin)["functions"]; print(next(f for f in d if f["name"] == "MAX"))'
  {'name': 'MAX', 'vensim': 'MAX', 'xmile': 'MAX', 'arguments': [2, 2], 'text': 'the larger of A and B', 'example': 'MAX(2, 3) = 3'}
