# Ctrl-C: what is in flight is finished and kept, and the exit code is 130. So many futures take minutes.
  $ mkdir one && printf '%s\n' '{UTF-8}' 'level = INTEG(drift * level, 10) ~ m ~ |' 'drift = 0 ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = 1000 ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >one/model.mdl
  $ printf '%s\n' 'parley: 1' 'title: One' 'model: model.mdl' 'run: {futures: 20000000}' 'uncertainties: {drift: {uniform: [-1e-3, 1e-3], source: judged}}' 'measures: {height: {of: level, take: final}}' >one/situation.yaml
  $ parley explore one --output one.nc & until [ -s one.nc.part ]; do sleep 0.1; done; kill -INT $!; wait $!
  error: interrupted; what was finished is kept in one.nc.part: the same command with --resume goes on there
  [130]
  $ ls
  one
  one.nc.part
  $ parley table one.nc.part
  one.nc.part: error: this is a results file that is not finished: 'parley explore' writes it while it runs
  [3]
  $ head -c 3000 one.nc.part >short.part; parley play short.part
  short.part: error: this is a results file that is not finished: 'parley explore' writes it while it runs
  [3]
  $ rm one.nc.part short.part

# A limit on the size of files is an error of writing; what was not finished under another name is removed.
  $ (ulimit -f 1; parley explore one --futures 10000 --output one.nc)
  one.nc.part: error: cannot be written: File too large; what was finished is kept in one.nc.part: the same command with --resume goes on there
  [5]
  $ rm one.nc.part; (ulimit -f 1; parley run one --output run.csv)
  run.csv: error: cannot be written: File too large
  [5]
  $ (ulimit -f 1; parley run one >run.csv)
  parley: standard output: File too large
  [5]
  $ rm run.csv; (ulimit -f 12; parley explore one --futures 512 --output one.nc)
  one.nc.new: error: cannot be written: .* \(is the disk full\?\); what was finished is kept in one.nc.part: the same .* (re)
  [5]
  $ ls
  one
  one.nc.part
