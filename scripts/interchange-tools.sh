#!/usr/bin/env bash
# Installs the tools that read our exports back in the tests, where they are not there yet:
#
#   critcmp, cargo-benchcmp                     into cargo's bin folder
#   jsonschema, junitparser, apache-otava       into a virtual environment
#
#   scripts/interchange-tools.sh [DIRECTORY]    default target/interchange-tools
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
directory=${1:-$root/target/interchange-tools}
packages=(jsonschema==4.26.0 junitparser==5.0.3 apache-otava==0.8.0)

for tool in critcmp@0.1.8 cargo-benchcmp@0.4.5; do
  if ! command -v "${tool%@*}" >/dev/null; then
    # They read text: optimising them would take longer than they ever run.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo install --quiet --locked "$tool"
  fi
done

if [ ! -e "$directory/${packages[*]}" ]; then
  python3 -m venv --clear "$directory"
  "$directory/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
  touch "$directory/${packages[*]}"
fi
