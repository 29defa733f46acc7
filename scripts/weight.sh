#!/usr/bin/env bash
# How much a bench target's dependency weighs: crates and the processor time of a clean build, side
# by side with criterion (without its html and plots) and divan.
#
#   scripts/weight.sh [ROUNDS]        builds each so many times, in turn (default 2)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${1:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make() { # NAME DEPENDENCY-LINE
  mkdir -p "$work/$1/src"
  printf '[package]\nname = "weigh-%s"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n%s\n[workspace]\n' "$1" "$2" >"$work/$1/Cargo.toml"
  : >"$work/$1/src/lib.rs"
}
make bitnet-bench "bitnet-bench = { path = \"$root/bitnet-bench\" }"
make criterion 'criterion = { version = "0.8", default-features = false, features = ["cargo_bench_support"] }'
make divan 'divan = "0.1"'

for name in bitnet-bench criterion divan; do
  (cd "$work/$name" && cargo fetch --quiet)
done
echo '| | crates | build, CPU seconds |'
echo '|---|---|---|'
declare -A seconds
for _ in $(seq "$rounds"); do
  for name in bitnet-bench criterion divan; do
    rm -rf "$work/$name/target"
    seconds[$name]+=" $( { cd "$work/$name" && env -u CARGO_TARGET_DIR bash -c 'TIMEFORMAT="%U %S"; time cargo build --release --quiet --offline'; } 2>&1 | tail -n 1 | awk '{ printf "%.1f", $1 + $2 }')"
  done
done
for name in bitnet-bench criterion divan; do
  crates=$(cd "$work/$name" && cargo tree --offline -e normal,build --prefix none | sed 's/ (.*//' | sort -u | tail -n +1 | grep -vc "^weigh-")
  echo "| $name | $crates |${seconds[$name]} |"
done
