#!/usr/bin/env bash
# Installs a build into a folder and uses it as another project would: tests/install.sh BUILD.  The examples are built
# with what pkg-config says, and run; manual pages and completions are there for every command and read without a
# warning by the tools that there are.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DESTDIR=$work/root meson install -C "$build" --no-rebuild >"$work/install.log"
prefix=$(dirname "$(dirname "$(find "$work/root" -path '*/bin/parley')")")
pc=$(find "$prefix" -name parley.pc)
export PKG_CONFIG_PATH=${pc%/*}
read -ra flags <<<"$(pkg-config --define-variable=prefix="$prefix" --cflags --libs parley)"
parley=$prefix/bin/parley

for source in "$root"/examples/*.c; do
    lines=$(wc -l <"$source")
    [ "$lines" -lt 80 ] || { echo "$source has $lines lines: an example has under 80"; exit 1; }
    cc -std=c11 -Wall -Wextra -Werror "$source" -o "$work/$(basename "$source" .c)" "${flags[@]}" -lm
done

# Each example gives what the program itself gives.
race=$prefix/share/parley/situations/arms-race
[ -f "$race/situation.yaml" ] || { echo "the situations are not installed"; exit 1; }
"$work/run" "$race/model.mdl" 'arms of a' defence=0.1 >"$work/run.txt"
largest=$("$parley" run "$race/model.mdl" --set defence=0.1 | cut -d, -f1,2 | tail -n +2 | sort -t, -g -k2 | tail -n 1)
grep -qxF "arms of a is largest at time ${largest%,*}: $(printf '%g' "${largest#*,}")" <(tail -n 1 "$work/run.txt")
"$work/ensemble" "$race" "$work/race.nc" >"$work/ensemble.txt"
"$parley" explore "$race" --futures 200 --output "$work/again.nc" --quiet >/dev/null
cmp "$work/race.nc" "$work/again.nc"
[ "$(wc -l <"$work/ensemble.txt")" -eq 19 ] && grep -qE '^ +0\.00 \+- 0\.00 ' "$work/ensemble.txt"
"$work/game" "$work/race.nc" >"$work/game.txt"
[ "$(grep -c '^equilibrium' "$work/game.txt")" -eq \
  "$("$parley" play "$work/race.nc" --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["equilibria"]))')" ]

# A page for every command, with every option of its help.
for command in $("$parley" help | sed -nE 's/^  ([a-z]+) .*/\1/p'); do
    page=$prefix/share/man/man1/parley-$command.1
    for option in $("$parley" "$command" --help | sed -nE 's/^  --([a-z-]+).*/\1/p'); do
        grep -qF -- "\\fB\\-\\-${option//-/\\-}\\fR" "$page" || { echo "$page lacks --$option"; exit 1; }
    done
done
if command -v groff >/dev/null; then
    for page in "$prefix"/share/man/man1/*.1; do
        [ -z "$(groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null)" ] || { groff -man -Tutf8 -ww "$page" >/dev/null; exit 1; }
    done
fi

# The completion of bash offers what the tables hold.
complete_bash() {
    bash -c 'complete() { :; }; source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _parley
        printf "%s\n" "${COMPREPLY[@]}"' bash "$prefix/share/bash-completion/completions/parley" "$@"
}
[ "$(complete_bash parley exp)" = explore ]
[ "$(complete_bash parley explore --fut)" = --futures ]
[ -z "$(complete_bash parley run --shar)" ]
[ "$(complete_bash parley check "$root/READ")" = "$root/README.md" ]
for shell in zsh fish; do
    command -v $shell >/dev/null || continue
    find "$prefix/share/$shell" -type f -exec $shell -n {} +
done
echo "$(ls "$root"/examples/*.c | wc -l) examples, $(ls "$prefix/share/man/man1" | wc -l) manual pages"
