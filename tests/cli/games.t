# A game in extensive form: Selten's chain store, solved backwards; then every Nash equilibrium.
  $ printf '%s\n' 'EFG 2 R "chain store" { "entrant" "store" } ""' 'p "" 1 1 "enter?" { "in" "out" } 0' 'p "" 2 1 "fight?" { "yield" "fight" } 0' 't "" 1 "" { 2 2 }' 't "" 0' 't "" 2 "" { 1 5 }' >chain.efg
  $ parley play chain.efg
  A game of 2 players in extensive form: 5 nodes, 2 information sets, perfect information
  Solved: backward induction
  
  Subgame-perfect equilibria: 1 (the only one)
  
  1. regret 0 (exact)
     entrant: payoff 2
        enter?  in
     store: payoff 2
        fight?  yield
  
  Agent logit: the principal branch leads to equilibrium 1
  $ parley play chain.efg --solver sequence --json | python3 -c 'import json, sys; a = json.load(sys.stdin); print(a["complete"], [e["strategies"]["store"]["fight?"]["fight"] for e in a["equilibria"]], a["equilibria"][1]["off_path"])'
  True [0, 0.5, 1] {'entrant': [], 'store': ['fight?']}

# Written anew as a game in normal form, which is solved too.
  $ parley play chain.efg --output chain.nfg && cat chain.nfg
  written to chain.nfg
  NFG 1 R "chain store" { "entrant" "store" }
  
  { { "in" "out" }
    { "yield" "fight" }
  }
  ""
  
  2 2  1 5
  0 0  1 5
  $ parley play chain.nfg | grep equilibria:
  Nash equilibria: 3 (all extreme ones)

# What is wrong is shown; an unknown solver and a number that is none are wrong usage.
  $ printf '%s\n' 'EFG 2 R "" { "a" } ""' 'p "" 2 1 "" { "x" } 0' >wrong.efg
  $ parley play wrong.efg
  wrong.efg:2:6: error: the number of a player lies from 1 to 1, and is not '2'
      p "" 2 1 "" { "x" } 0
           ^
  [3]
  $ parley play chain.efg --solver magic
  error: there is no solver 'magic' of games in extensive form; they are auto, sequence, lp, lemke, logit, normal
  [2]
  $ parley play chain.efg --solver logit --lambda no
  parley play: --lambda needs a number above 0, not 'no'
  [2]
  $ parley play missing.efg
  missing.efg: error: the file cannot be opened
  [5]
