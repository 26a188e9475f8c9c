# A model of Vensim, written as XMILE: the other dialect where nothing says which.
  $ printf '%s\n' '{UTF-8}' 'stock = INTEG(births - deaths + 2 * "a, b", 8) ~ cups ~ |' 'tank = INTEG(births - deaths, 8) ~ cups ~ All & more |' 'births = XIDZ(tank, 2, 1) ~ cups/hour [0,9] ~ |' 'deaths = MODULO(tank, 3) ~~|' '"a, b" = WITH LOOKUP(Time, ((0,1),(2,3))) ~~|' 'INITIAL TIME = 0 ~ hour ~|' 'FINAL TIME = 2 ~ hour ~|' 'TIME STEP = 1 ~ hour ~|' 'SAVEPER = 2 ~ hour ~|' >good.mdl
  $ parley convert good.mdl -
  <?xml version="1.0" encoding="utf-8"?>
  <xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
      <header>
          <options namespace="std">
          </options>
          <name>good</name>
          <vendor>parley</vendor>
          <product version="0.1.0" lang="en">parley</product>
      </header>
      <sim_specs method="Euler" time_units="hour" isee:save_interval="2">
          <start>0</start>
          <stop>2</stop>
          <dt>1</dt>
      </sim_specs>
      <model>
          <variables>
              <stock name="stock">
                  <eqn>8</eqn>
                  <inflow>stock_net_flow</inflow>
                  <units>cups</units>
              </stock>
              <flow name="stock net flow">
                  <eqn>births - deaths + 2 * "a,_b"</eqn>
                  <units>cups/hour</units>
              </flow>
              <stock name="tank">
                  <doc>All &amp; more</doc>
                  <eqn>8</eqn>
                  <inflow>births</inflow>
                  <outflow>deaths</outflow>
                  <units>cups</units>
              </stock>
              <flow name="births">
                  <eqn>IF ABS(2) &lt; 1e-6 THEN 1 ELSE tank / 2</eqn>
                  <units>cups/hour</units>
                  <range min="0" max="9"/>
              </flow>
              <flow name="deaths">
                  <eqn>tank - 3 * (IF tank / 3 &lt; 0 THEN -INT(-(tank / 3)) ELSE INT(tank / 3))</eqn>
              </flow>
              <aux name="a, b">
                  <eqn>TIME</eqn>
                  <gf>
                      <xpts>0,2</xpts>
                      <ypts>1,3</ypts>
                  </gf>
              </aux>
          </variables>
      </model>
  </xmile>

# There and back: by hand, 8 + 4 - 2 + 2 x 1 = 12, then 12 + 5 - 1 + 2 x 2 = 20.
  $ parley convert good.mdl there.stmx && parley convert there.stmx back.mdl && parley convert good.mdl anew.mdl --quiet
  written to there.stmx
  written to back.mdl
  written to anew.mdl
  $ for m in good.mdl there.stmx back.mdl anew.mdl; do parley run $m | cut -d, -f1,2 | tail -1; done
  2,20
  2,20
  2,20
  2,20
  $ parley convert good.mdl - --to mdl | head -7
  {UTF-8}
  stock=
  		INTEG (births - deaths + 2 * "a, b",
  			8)
  	~	cups
  	~	
  	|

# What has no counterpart is named with its place, all of it; nothing is written.
  $ printf '%s\n' '{UTF-8}' 'side: a, b ~~|' 'x[side] = 3, 2 ~~|' 'y[side] = VECTOR RANK(x[side], 1) ~~|' 'pulse = PULSE(Time, 1) + GAMMA LN(2) ~~|' 'INITIAL TIME = 0 ~~|' 'FINAL TIME = y[a] + Time ~~|' 'TIME STEP = 1 ~~|' 'SAVEPER = 1 ~~|' >bad.mdl
  $ parley convert bad.mdl bad.xmile; echo $?; ls bad.xmile
  bad.mdl:7:1: error: 'FINAL TIME' is computed while the model runs, which has no counterpart in XMILE
      FINAL TIME = y[a] + Time ~~|
      ^
  bad.mdl:4:11: error: the function 'VECTOR RANK' has no counterpart in XMILE
      y[side] = VECTOR RANK(x[side], 1) ~~|
                ^
  bad.mdl:5:26: error: the function 'GAMMA LN' has no counterpart in XMILE
      pulse = PULSE(Time, 1) + GAMMA LN(2) ~~|
                               ^
  3
  ls: cannot access 'bad.xmile': No such file or directory
  [2]

# An XMILE file written anew keeps what is not XMILE's.
  $ printf '%s' '<xmile><model><variables><stock name="s" isee:x="1"><eqn>1</eqn></stock></variables><isee:more a="b"/><views><view/></views></model><sim_specs><start>0</start><stop>1</stop></sim_specs></xmile>' >sloppy.xmile
  $ parley convert sloppy.xmile - --to xmile --quiet
  <?xml version="1.0" encoding="utf-8"?>
  <xmile version="1.0" xmlns="http://docs.oasis-open.org/xmile/ns/XMILE/v1.0" xmlns:isee="http://iseesystems.com/XMILE">
      <header>
          <vendor>parley</vendor>
          <product version="0.1.0" lang="en">parley</product>
      </header>
      <sim_specs>
          <start>0</start>
          <stop>1</stop>
      </sim_specs>
      <model>
          <variables>
              <stock name="s" isee:x="1">
                  <eqn>1</eqn>
              </stock>
          </variables>
          <isee:more a="b"/>
          <views>
              <view/>
          </views>
      </model>
  </xmile>

# Wrong usage, and what cannot be read or written.
  $ parley convert good.mdl out.txt
  parley convert: 'out.txt' ends neither in .mdl nor in .xmile, .stmx or .itmx: say which with --to
  [2]
  $ parley convert good.mdl out.txt --to csv
  parley convert: --to needs mdl or xmile, not 'csv'
  [2]
  $ parley convert good.mdl out.txt --to xmile --json
  {"file": "out.txt", "bytes": 1709}
  $ parley convert absent.mdl out.xmile
  absent.mdl: error: the file cannot be opened
  [5]
  $ parley convert good.mdl absent/out.xmile
  absent/out.xmile: error: cannot be written: No such file or directory
  [5]
