#!/usr/bin/env bash
# What a CI job does with benchmarks; the same on a laptop.
#
#   scripts/ci.sh diff [BASE]   pull request: this tree against BASE, by default the merge base with the main branch
#   scripts/ci.sh record        main branch: measure, store, and look at the trends
#
# Words for `cargo bitnet-bench diff` and `cargo bench` come from the environment:
#   BENCH_BUILD    what to build, as in `--package my-crate --bench gemv`
#   BENCH_CASES    filters and flags, as in `gemv --time 2s`
#   BENCH_FAIL_ON  what fails the job, as in `regression:5%,missing`; empty: nothing does
#   BENCH_REPORTS  the folder of the reports [target/bitnet-bench/ci]
set -euo pipefail

reports=${BENCH_REPORTS:-target/bitnet-bench/ci}
read -ra build <<<"${BENCH_BUILD:-}"
read -ra cases <<<"${BENCH_CASES:-}"
gate=()
if [ -n "${BENCH_FAIL_ON:-}" ]; then gate=(--fail-on "$BENCH_FAIL_ON"); fi
mkdir -p "$reports"

base() {
  local main=${GITHUB_BASE_REF:-${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-main}} branch
  for branch in "origin/$main" "$main"; do
    if git rev-parse --verify --quiet "$branch" >/dev/null; then
      git merge-base "$branch" HEAD
      return
    fi
  done
  echo "error: there is no branch $main to compare with: name the base, or fetch it (fetch-depth: 0)" >&2
  return 2
}

# A step summary holds at most 1,024 KiB.
summarise() {
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then head -c 1000000 "$1" >>"$GITHUB_STEP_SUMMARY"; fi
}

case ${1:-} in
diff)
  base=${2:-$(base)}
  code=0
  cargo bitnet-bench diff "$base" "${cases[@]}" "${build[@]}" "${gate[@]}" \
    --report "markdown=$reports/diff.md" --report "junit=$reports/diff.xml" --report "json=$reports/diff.json" || code=$?
  if [ -f "$reports/diff.md" ]; then summarise "$reports/diff.md"; fi
  exit "$code"
  ;;
record)
  cargo bench "${build[@]}" -- "${cases[@]}" --save-baseline main
  cargo bitnet-bench trend --output-format markdown >"$reports/trend.md"
  summarise "$reports/trend.md"
  ;;
*)
  sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
