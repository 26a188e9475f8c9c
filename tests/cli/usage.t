# Help comes from the tables and goes to standard output.
  $ parley help | head -3
  parley .*: what will each side of a conflict do, what will come of it, and which course holds up\? (re)
  
  usage: parley COMMAND [OPTION]...
  $ parley --help | diff - <(parley help) && echo same
  same
  $ for c in $(parley help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do parley $c --help | head -1; done
  usage: parley init MODEL [OPTION]...
  usage: parley check MODEL|SITUATION [OPTION]...
  usage: parley describe MODEL [VARIABLE] [OPTION]...
  usage: parley run MODEL|SITUATION [OPTION]...
  usage: parley explore SITUATION [OPTION]...
  usage: parley merge FILE... [OPTION]...
  usage: parley table SITUATION|RESULTS [OPTION]...
  usage: parley play SITUATION|RESULTS|GAME.nfg|GAME.efg [OPTION]...
  usage: parley weigh SITUATION|RESULTS [OPTION]...
  usage: parley discover SITUATION|RESULTS|TABLE.csv [OPTION]...
  usage: parley sense SITUATION|RESULTS|TABLE.csv [OPTION]...
  usage: parley search SITUATION [OPTION]...
  usage: parley claims SITUATION [OPTION]...
  usage: parley fit SITUATION [OPTION]...
  usage: parley loops MODEL|SITUATION [VARIABLE|MEASURE] [OPTION]...
  usage: parley report SITUATION|RESULTS [OPTION]...
  usage: parley serve SITUATION|RESULTS [OPTION]...
  usage: parley convert IN OUT [OPTION]...
  usage: parley functions [OPTION]...
  usage: parley help [COMMAND] [OPTION]...
  $ parley help run | diff - <(parley run --help) && echo same
  same
  $ parley run -h
  usage: parley run MODEL|SITUATION [OPTION]...
  
  Run once with the model's own constants and print every saved value as CSV.
  
    --set NAME=VALUE       Set a constant from the start; may be given again.
    --course ACTOR=COURSE  Let an actor follow this course rather than the base's; may be given again.
    --data FILE            Read the model's data over time from this file (.dat, .csv, .tab, .xls, .xlsx); may be given again.
    --changes FILE         Change constants and lookups as this file says (.cin); may be given again.
    --seed S               Draw with this seed rather than the situation's.
    --output FILE          Write the result to this file; '-' is standard output.
    --json                 Print one JSON object.
    --timing               Say on standard error (and in --json) where the time goes, by variable and kernel.
    --quiet                Say nothing on standard error but errors.
    --help                 Show this help.
  $ parley explore -h | grep output
    --output FILE          Write the results to this file, in NetCDF.
  $ parley --version
  parley [0-9]+\.[0-9]+\.[0-9]+ (re)

# Mistakes are exit code 2, with the nearest names.
  $ parley >/dev/null
  [2]
  $ parley reprot
  parley: there is no command 'reprot'; did you mean 'report'?
  'parley help' lists the commands.
  [2]
  $ parley --verison
  parley: there is no option '--verison'
  'parley help' lists the commands.
  [2]
  $ parley explore x --future 5
  parley explore: there is no option '--future'; did you mean '--futures'?
  [2]
  $ parley functions --set a=1
  parley functions: there is no option '--set'
  [2]
  $ parley run
  parley run: an operand is missing
  usage: parley run MODEL|SITUATION [OPTION]...
  [2]
  $ parley run a b
  parley run: too many operands
  usage: parley run MODEL|SITUATION [OPTION]...
  [2]
  $ parley run a.mdl --set
  parley run: --set needs NAME=VALUE
  [2]
  $ parley run a.mdl --set b
  parley run: --set needs NAME=VALUE, not 'b'
  [2]
  $ parley run a.mdl --set b=c
  parley run: --set b needs a number, not 'c'
  [2]
  $ parley run a.mdl --json=yes
  parley run: --json takes no argument
  [2]
  $ parley explore x --futures -3
  parley explore: --futures needs a whole number from 1 up, not '-3'
  [2]
  $ parley explore x --seed 99999999999999999999
  parley explore: --seed needs a whole number from 0 up, not '99999999999999999999'
  [2]
  $ parley table r.nc --seed 3
  parley table: --seed needs a situation: a results file is read as it is
  [2]
  $ parley run a.mdl --course us=strike
  parley run: --course needs a situation, and 'a.mdl' is a model
  [2]
  $ parley explore x --verify 3 --shard 1/2
  parley explore: --verify runs nothing new, so --shard has no meaning with it
  [2]

What takes long says at once that its file cannot be written.

  $ parley search x --output nowhere/x.csv
  nowhere/x.csv: error: cannot be written: No such file or directory
  [5]
  $ parley fit x --output nowhere/x.csv
  nowhere/x.csv: error: cannot be written: No such file or directory
  [5]
  $ parley claims x --output nowhere/x.csv
  nowhere/x.csv: error: cannot be written: No such file or directory
  [5]

What draws its futures itself takes no file of them.

  $ parley fit x --futures some.csv
  parley fit: --futures needs a whole number from 1 up, not 'some.csv'
  [2]
  $ parley search x --futures some.csv
  parley search: --futures needs a whole number from 1 up, not 'some.csv'
  [2]
  $ parley weigh x --recommended --futures some.csv
  parley weigh: --futures needs a whole number from 1 up, not 'some.csv'
  [2]
