# Reality checks of a Vensim model: `check` tries each and says what came of it; a run does not look at them.

  $ printf '%s\n' 'Yeast = INTEG(Yeast * growth, 100) ~Cell~|' 'growth = IF THEN ELSE(temperature < 50, 0, 0.1) ~1/Minute~|' 'temperature = 85 ~Degree~|' 'INITIAL TIME = 0 ~Minute~|' 'FINAL TIME = 3 ~Minute~|' 'TIME STEP = 1 ~Minute~|' 'cold is dormant :THE CONDITION: temperature < 50 :IMPLIES: growth = 0 ~~|' > good.mdl
  $ cp good.mdl bad.mdl; echo 'heat kills :THE CONDITION: temperature = RC STEP(120, 1) :IMPLIES: Yeast <= RC DECAY CHECK(1, Yeast, 2) ~~|' >> bad.mdl
  $ cp good.mdl odd.mdl; echo 'either :THE CONDITION: temperature = 3 :OR: growth = 0 :IMPLIES: Yeast = 100 ~~|' >> odd.mdl
  $ parley check --no-units good.mdl
  good.mdl:7:1: note: the reality check 'cold is dormant' holds
      cold is dormant :THE CONDITION: temperature < 50 :IMPLIES: growth = 0 ~~|
      ^
  good.mdl: no errors, 1 warnings or notes
  $ parley check --no-units --quiet bad.mdl
  bad.mdl:7:1: note: the reality check 'cold is dormant' holds
      cold is dormant :THE CONDITION: temperature < 50 :IMPLIES: growth = 0 ~~|
      ^
  bad.mdl:8:1: error: the reality check 'heat kills' does not hold: first at time 2
      heat kills :THE CONDITION: temperature = RC STEP(120, 1) :IMPLIES: Yeast <= RC DECAY CHECK(1, Yeast, 2) ~~|
      ^
  [4]
  $ parley check --no-units odd.mdl | tail -3
  odd.mdl:8:24: error: this condition cannot be forced: expected a test input, 'variable = value', an inequality, or several with :AND:
      either :THE CONDITION: temperature = 3 :OR: growth = 0 :IMPLIES: Yeast = 100 ~~|
                             ^
  $ parley run bad.mdl | tail -1
  3,133.1,0.1,85,0,3,1
