#!/usr/bin/env bash
# The memory accesses of the kernels under AddressSanitizer (all paths of this processor) and under valgrind, which has
# no AVX-512 and hides it, so that the narrower paths run there.
#
#   scripts/sanitizers.sh
#
# A missing tool skips its part, visibly, or fails when BITNET_BENCH_REQUIRE names it: asan, valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."

export PROPTEST_CASES=${PROPTEST_CASES-8}
target=${CARGO_TARGET_DIR:-target}
# What has `unsafe` in it; optimised a little, because these tools are slow.
tests=(kernels::gem reference::lines reference::pool memory::read)
optimise=(--config profile.dev.package.bitnet-benchmarks.opt-level=1)

missing() { # NAME WHAT
  case ",${BITNET_BENCH_REQUIRE-}," in
    *",$1,"*) echo "$2 is missing, and BITNET_BENCH_REQUIRE names $1" >&2; exit 1 ;;
    *) echo "SKIPPED: $1 ($2 is missing)" ;;
  esac
}

host=$(rustc -vV | sed -n 's/^host: //p')
if cargo +nightly --version >/dev/null 2>&1; then
  echo "== AddressSanitizer"
  RUSTFLAGS='-Zsanitizer=address' cargo +nightly "${optimise[@]}" test -p bitnet-benchmarks --lib \
    --target "$host" --target-dir "$target/asan" -- "${tests[@]}"
else
  missing asan 'a nightly toolchain'
fi

if command -v valgrind >/dev/null; then
  echo "== valgrind"
  program=$(cargo "${optimise[@]}" test -p bitnet-benchmarks --lib --no-run 2>&1 | tee /dev/stderr |
    sed -n 's/^ *Executable .*(\(.*\))$/\1/p')
  # Rows of millions of columns would take minutes.
  PROPTEST_CASES=2 valgrind --quiet --error-exitcode=9 "$program" "${tests[@]}" --nocapture \
    --skip the_longest_row --skip worst_cases --skip every_place --skip the_cache --skip than_a_tile | tee "$target/valgrind.log"
  if ! grep -q '^paths: .*Scalar' "$target/valgrind.log" || grep '^paths: .*512' "$target/valgrind.log"; then
    echo 'the paths under valgrind are not those expected' >&2
    exit 1
  fi
else
  missing valgrind valgrind
fi
