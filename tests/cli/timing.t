--timing: where the time of a run goes. The table is a measurement, so its shape is what is tested: shares of all rows
add up to the whole, the seconds to what a run takes, and every variable that is computed has a row.

  $ cp -r "$PARLEY_ROOT"/situations/arms-race arms && cp "$PARLEY_ROOT"/bench/sir.mdl .
  $ parley explore arms --futures 64 --timing --json > explore.json 2> explore.txt
  $ grep -c "^read .* s, compiled .* runs/s)$" explore.txt
  1
  $ grep "^variable" explore.txt
  variable                                    kernel             share  us per run
  $ python3 -c 'import json; t = json.load(open("explore.json"))["timing"]; r = t["rows"]; print(abs(sum(x["share"] for x in r) - 1) < 1e-9, abs(sum(x["seconds"] for x in r) / t["seconds"] - 1) < 1e-9, t["lanes"] % 16)'
  True True 0
  $ python3 -c 'import json; r = json.load(open("explore.json"))["timing"]["rows"]; print([x["seconds"] for x in r] == sorted((x["seconds"] for x in r), reverse=True), {"arms of a", "arms of b", "arms of c", "largest lead"} <= {x["variable"] for x in r})'
  True True
  $ parley run sir.mdl --timing --json 2> run.txt | python3 -c 'import json, sys; r = json.load(sys.stdin)["timing"]["rows"]; print(sorted({(x["variable"], x["kernel"]) for x in r if "reco" in x["variable"].lower() or x["kernel"] == "DIVIDE"}))'
  [('Recovered', 'CHAIN of 2'), ('infections', 'DIVIDE'), ('recoveries', 'DIVIDE')]
  $ head -1 run.txt
  \d+\.\d{4} s (re)
  $ parley run sir.mdl --timing --quiet 2>&1 > /dev/null
  $ parley run sir.mdl --json | grep -c timing
  0
  [1]
