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

# describe: a model, and a variable of it with its links and loops.
  $ printf '%s\n' '{UTF-8}' '****' '	.epidemic' '****~ |' 'S = INTEG(-infection, 990) ~ people ~ Who can still fall ill: all who were never infected, for nobody loses immunity here. |' 'I = INTEG(infection - recovery, 10) ~ people ~ |' 'infection = contacts * I * S / N ~ people/day ~ |' 'recovery = I / duration ~ people/day ~ |' 'in hospital = 0.1 * SMOOTHI(I, duration, N - S) ~ people ~ |' 'contacts = 0.5 ~ 1/day [0,2] ~ |' 'duration = 5 ~ day ~ |' 'N = 1000 ~ people ~ |' 'immune[city] = INTEG(recovery * share[city], 0) ~ people ~ |' 'share[city] = 0.5, 0.3, 0.2 ~ Dmnl ~|' 'city: north, south, a town between ~~|' '****' '	.Control' '****~ |' 'INITIAL TIME = 0 ~ day ~|' 'FINAL TIME = 20 ~ day ~|' 'TIME STEP = 0.5 ~ day ~|' 'SAVEPER = 1 ~ day ~|' >sir.mdl
  $ parley describe sir.mdl
  sir: a Vensim model
    variables   3 stocks, 8 constants, 3 auxiliaries
    elements    18 in all
    time        0 to 20 by steps of 0.5, saved every 1 (day)
    method      Euler
    loops       3
  
  Dimensions
    city (3): north, south, a town between
  
  Stocks
    S                                            people
    I                                            people
    immune                                       people
  
  Groups
    epidemic (10)
    Control (4)
  $ parley describe sir.mdl s
  S: stock, people
    S = INTEG(-infection, 990)
    comment     Who can still fall ill: all who were never infected, for nobody
                loses immunity here.
    group       epidemic
    where       sir.mdl:5
    at start    990
  
  Needs
    - infection                                auxiliary  people/day
  
  Used by
    + infection                                auxiliary  people/day
    0 in hospital                              auxiliary  people
    (+ rises with it, - falls, ? the text does not tell, 0 only at the start)
  
  Feedback loops through it: 1
    - S -> infection -> S
    (+ reinforcing, - balancing, ? the text does not tell)
  $ parley describe sir.mdl infection | sed -n '/Needs/,$p'
  Needs
    + S                                        stock      people
    + I                                        stock      people
    + contacts                                 constant   1/day
    - N                                        constant   people
  
  Used by
    - S                                        stock      people
    + I                                        stock      people
    (+ rises with it, - falls, ? the text does not tell, 0 only at the start)
  
  Feedback loops through it: 2
    - infection -> S -> infection
    + infection -> I -> infection
    (+ reinforcing, - balancing, ? the text does not tell)
  $ parley describe sir.mdl 'in hospital'
  in hospital: auxiliary, people
    in hospital = 0.1 * SMOOTHI(I, duration, N - S)
    group       epidemic
    where       sir.mdl:9
    at start    1
  
  Needs
    0 S                                        stock      people
    + I                                        stock      people
    ? duration                                 constant   day
    0 N                                        constant   people
  
  Used by
    nothing
    (+ rises with it, - falls, ? the text does not tell, 0 only at the start)
  
  Feedback loops through it: 0
  $ parley describe sir.mdl 'immune[south]' | sed '/Needs/,$d'
  immune: stock, people
    immune[city] = INTEG(recovery * share[city], 0)
    group       epidemic
    where       sir.mdl:13
    over        city: north, south, a town between
    at start    0
  
  $ parley describe sir.mdl contacts --json
  {
    "name": "contacts",
    "kind": "constant",
    "units": "1/day",
    "comment": "",
    "group": "epidemic",
    "file": "sir.mdl",
    "line": 10,
    "column": 1,
    "range": [0, 2],
    "dimensions": [],
    "equations": [
      {"subscripts": "", "text": "0.5"}
    ],
    "initial": [0.5],
    "needs": [],
    "needs_time": false,
    "used_by": [
      {"name": "infection", "kind": "auxiliary", "sign": "+", "initial_only": false}
    ],
    "loops": {
      "count": 0,
      "more": false,
      "shortest": []
    }
  }
  $ parley describe sir.mdl --json | /usr/bin/python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["time"], d["loops"], d["dimensions"], d["variables"][0])'
  {'initial': 0, 'final': 20, 'step': 0.5, 'save': 1, 'units': 'day'} {'count': 3, 'more': False} [{'name': 'city', 'elements': ['north', 'south', 'a town between']}] {'name': 'S', 'kind': 'stock', 'units': 'people', 'group': 'epidemic', 'elements': 1}
  $ parley describe sir.mdl contact; echo $?
  sir.mdl: error: the model has no variable 'contact'; did you mean 'contacts'?
  3

# init: what it writes can be explored at once; it never writes over a file.
  $ mkdir new && mv sir.mdl new && parley init new/sir.mdl && cd new && parley explore . --futures 5 | sed 's/,.*//'
  written to new/situation.yaml
  5 cases: 1 profile x 5 futures
  $ parley init new/sir.mdl; echo $?
  new/situation.yaml: error: this file is there already, and is left as it is
  5
  $ parley init new/sir.mdl --output other.yaml; parley init new/sir.mdl --output new/other.yaml --json
  written to other.yaml
  {"file": "new/other.yaml", "bytes": 2346}
  $ mkdir other; parley init new/sir.mdl --output other/x.yaml
  other/x.yaml: error: the model must lie in the situation's folder
  [2]
  $ sed -n 8,25p new/situation.yaml
  run:
    futures: 1000
    seed: 1
  #   from: 0  # when courses begin to act; the model always starts at its INITIAL TIME
  #   to: 20  # in place of FINAL TIME
  
  # What is taken from each run: final, initial, at(TIME), mean, sum, integral, min, max, change, or
  # first with above: or below:; over a window from: ... to: ...
  measures:
    S: {of: S, take: final}  # people
    I: {of: I, take: final}  # people
    immune: {of: "immune[north]", take: final}  # people, one of 3 elements
  
  # What nobody knows: constants with a distribution (uniform [low, high], triangular [low, mode, high],
  # normal [mean, sd], lognormal [median, sd of the log], ...) and the source of it. The ranges below
  # are only where to begin.
  uncertainties:
  #   contacts: {uniform: [0, 2], source: judged}  # 0.5 1/day, line 10
  $ rm -r new other other.yaml
