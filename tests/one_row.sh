#!/usr/bin/env bash
# One row is enough to add a builtin: copies the sources, adds the row of HYPOT to model/functions.h, builds, and runs
# a model that uses it.    tests/one_row.sh
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cp -R include src cli web tools meson.build meson_options.txt "$folder"
mkdir "$folder"/{tests,fuzz,bench}
touch "$folder"/{tests,fuzz,bench}/meson.build

row='    FN(HYPOT, "HYPOT", "", 2, pl_sqrt(A * A + B * B), "the hypotenuse", "HYPOT(3, 4) = 5") \\'
sed -i "/^    FN(SQRT, /i $row" "$folder/src/model/functions.h"
[ "$(diff src/model/functions.h "$folder/src/model/functions.h" | grep -c '^[<>]')" = 1 ]

sed -i "s/'-O3'/'-O0'/" "$folder/src/program/meson.build" # kernels that need not be fast

meson setup "$folder/build" "$folder" -Dbuildtype=debug -Ddebug=false -Dengine=disabled
ninja -C "$folder/build" parley

cat >"$folder/model.mdl" <<'MODEL'
long side = HYPOT(Time * 3, Time * 4) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 2 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
MODEL
"$folder/build/parley" run "$folder/model.mdl" --output - >"$folder/out.csv"
cat "$folder/out.csv"
/usr/bin/python3 - "$folder/out.csv" <<'PYTHON'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert [float(row["long side"]) for row in rows] == [0, 5, 10], rows
PYTHON
"$folder/build/parley" functions | grep HYPOT
