#!/usr/bin/env bash
# What an annotated function costs to compile: a crate of so many functions, plain, annotated for
# bitnet-bench, and annotated for divan. Then how long the harness takes to list ten cases of each.
#
#   scripts/compile-time.sh [FUNCTIONS] [ROUNDS]      default 1000 2
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
count=${1:-1000}
rounds=${2:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sizes='1, 2, 3, 4, 5, 6, 7, 8, 9, 10'

make() { # NAME DEPENDENCY ATTRIBUTE MAIN
  mkdir -p "$work/$1/src"
  printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n%s\n[workspace]\n' "compile-$1" "$2" >"$work/$1/Cargo.toml"
  {
    echo '#![allow(dead_code)]'
    for n in $(seq "$count"); do
      printf '%s\nfn f%d(size: usize) -> usize { std::hint::black_box(size).wrapping_mul(%d) }\n' "$3" "$n" "$n"
    done
    echo "$4"
  } >"$work/$1/src/main.rs"
}
make plain '' '' 'fn main() {}'
make bitnet-bench "bitnet-bench = { path = \"$root/bitnet-bench\" }" "#[bitnet_bench::bitnet_bench(sizes = [$sizes])]" 'bitnet_bench::main!();'
make divan 'divan = "0.1"' "#[divan::bench(args = [$sizes])]" 'fn main() { divan::main(); }'

unset CARGO_TARGET_DIR
for name in plain bitnet-bench divan; do
  (cd "$work/$name" && cargo build --release --quiet)
done
declare -A seconds
for _ in $(seq "$rounds"); do
  for name in plain bitnet-bench divan; do
    touch "$work/$name/src/main.rs"
    seconds[$name]+=" $( { cd "$work/$name" && TIMEFORMAT='%U %S' && time cargo build --release --quiet --offline; } 2>&1 | tail -n 1 | awk '{ printf "%.1f", $1 + $2 }')"
  done
done
echo "| $count functions | build of the crate, CPU seconds |"
echo '|---|---|'
for name in plain bitnet-bench divan; do echo "| $name |${seconds[$name]} |"; done

program="$work/bitnet-bench/target/release/compile-bitnet-bench"
cases=$("$program" --list --format terse | wc -l)
printf '\nlisting %d cases:' "$cases"
for _ in 1 2 3 4 5; do
  start=$(date +%s%N)
  "$program" --list --format terse >/dev/null
  printf ' %d ms' $((($(date +%s%N) - start) / 1000000))
done
echo
