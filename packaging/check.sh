#!/usr/bin/env bash
# Installs the packages of a release as users do, with pip, uv, pipx and npm, each in an empty place, and runs them.
#
#   packaging/check.sh [FOLDER]
#
# FOLDER is what packaging/release wrote. Without it, the packages for this system are built here, twice, and compared.
# What a machine lacks (Python, npm, the way to PyPI) is skipped with a line; the rest is checked.
set -euo pipefail
release=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")/.."

tmp=$(mktemp -d)
registry=
finish() {
  [ -z "$registry" ] || kill "$registry" 2>/dev/null || true
  rm -rf "$tmp"
}
trap finish EXIT

fail() {
  printf 'packaging/check.sh: %s\n' "$*" >&2
  exit 1
}

# quietly runs a command and shows what it says only if it fails.
quietly() {
  "$@" >"$tmp/output.txt" 2>&1 </dev/null || {
    cat "$tmp/output.txt"
    fail "$* failed"
  }
}

# works NAME COMMAND... runs an installed command: it tells its version, finds what is to be found, and ends with 1 then.
works() {
  local name=$1 said status=0
  shift
  said=$("$@" version)
  [ "$said" = "pylint-docker $version" ] || fail "$name: version says \"$said\", not $version"
  "$@" check --quiet --output-format concise testdata/projects/origin-2018 >"$tmp/findings.txt" || status=$?
  [ "$status" = 1 ] || fail "$name: check ended with $status, not 1"
  grep -q PLD103 "$tmp/findings.txt" || fail "$name: check does not find PLD103"
  printf '%s: %s\n' "$name" "$said"
}

system=$(go env GOHOSTOS)/$(go env GOHOSTARCH)
version=$(go run ./packaging/release -version)
if [ -z "$release" ]; then
  release=$tmp/release
  go run ./packaging/release -only "$system" "$release"
  # Once more from another folder. A clone has no uncommitted changes: with some, the same folder has to do.
  again=.
  if [ -z "$(git status --porcelain)" ]; then
    git clone --quiet . "$tmp/clone"
    again=$tmp/clone
  fi
  (cd "$again" && go run ./packaging/release -only "$system" "$tmp/again")
  rm -rf "$tmp/clone"
  (cd "$release" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) >"$tmp/sums.txt"
  (cd "$tmp/again" && sha256sum --quiet -c "$tmp/sums.txt") || fail "a second build has other bytes"
  sed 's/ .*\// /' "$tmp/sums.txt"
  printf 'two builds, the same bytes\n'
  rm -rf "$tmp/again"
fi

# tools installs what checks and installs packages, each of a known version.
tools=$tmp/tools/bin
tools() {
  quietly python3 -m venv "$tmp/tools"
  "$tools/pip" install --quiet twine==7.0.0 check-wheel-contents==0.6.3 'cyclonedx-python-lib[json-validation]==11.12.0' \
    uv==0.13.8 pipx==1.18.4 >"$tmp/output.txt" 2>&1 </dev/null && return
  # A machine without a way to PyPI can't know; what PyPI does not have is our mistake.
  grep -qiE 'connection|timed out|name resolution' "$tmp/output.txt" || { cat "$tmp/output.txt"; fail "the tools could not be installed"; }
  return 1
}

check_files() {
  quietly "$tools/twine" check --strict "$release"/pypi/*
  quietly "$tools/check-wheel-contents" "$release"/pypi/*.whl
  quietly "$tools/python" -c '
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
for file in sys.argv[1:]:
    problem = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(file, encoding="utf-8").read())
    if problem is not None:
        sys.exit(f"{file}: {problem}")
' "$release"/bin/*.cdx.json
  printf 'twine, check-wheel-contents and the schema of CycloneDX have nothing to say\n'
}

# Each wheel is chosen on the system that it is for, also where this machine is another one.
check_tags() {
  local wheel tag
  for wheel in "$release"/pypi/*.whl; do
    tag=${wheel##*-none-}
    for tag in $(tr . ' ' <<<"${tag%.whl}"); do
      rm -rf "$tmp/chosen"
      quietly "$tools/pip" download --quiet --no-index --find-links "$release/pypi" --no-deps --only-binary :all: \
        --platform "$tag" --dest "$tmp/chosen" --pre pylint-docker
      [ -e "$tmp/chosen/${wheel##*/}" ] || fail "pip for $tag does not choose ${wheel##*/}"
    done
  done
}

check_pip() {
  local venv=$tmp/pip
  quietly python3 -m venv "$venv"
  quietly "$venv/bin/pip" install --no-index --find-links "$release/pypi" --only-binary :all: --pre pylint-docker
  quietly "$venv/bin/pip" check
  works pip "$venv/bin/pylint-docker"
  works "python -m pylint_docker" "$venv/bin/python" -m pylint_docker
  quietly "$venv/bin/pip" uninstall --yes pylint-docker
  [ -z "$(find "$venv" -iname '*pylint*docker*')" ] || fail "pip uninstall leaves something behind"
  quietly "$venv/bin/pip" install --no-index --find-links "$release/pypi" --target "$tmp/target" --pre pylint-docker
  PYTHONPATH=$tmp/target works "pip --target" "$venv/bin/python" -m pylint_docker
}

check_sdist() {
  local venv=$tmp/sdist
  quietly python3 -m venv "$venv"
  mkdir "$tmp/empty"
  if PATH=$tmp/empty "$venv/bin/pip" install --no-index "$release"/pypi/*.tar.gz >"$tmp/output.txt" 2>&1; then
    fail "the sdist was built without Go"
  fi
  grep -q 'install Go [0-9.]* or newer' "$tmp/output.txt" || { cat "$tmp/output.txt"; fail "without Go, pip does not say what is missing"; }
  quietly "$venv/bin/pip" install --no-index "$release"/pypi/*.tar.gz
  works "pip, from source" "$venv/bin/pylint-docker"
}

check_uv() {
  export UV_CACHE_DIR=$tmp/uv/cache UV_TOOL_DIR=$tmp/uv/tools UV_TOOL_BIN_DIR=$tmp/uv/bin UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1
  local from=(--no-index --find-links "$release/pypi" --prerelease allow)
  quietly "$tools/uv" tool install "${from[@]}" pylint-docker
  works "uv tool install" "$tmp/uv/bin/pylint-docker"
  works uvx "$tools/uvx" --quiet "${from[@]}" pylint-docker
}

check_pipx() {
  export PIPX_HOME=$tmp/pipx PIPX_BIN_DIR=$tmp/pipx/bin PIPX_MAN_DIR=$tmp/pipx/man PIPX_DEFAULT_PYTHON=$tools/python
  quietly "$tools/pipx" install --pip-args="--no-index --find-links $release/pypi --pre" pylint-docker
  works "pipx install" "$tmp/pipx/bin/pylint-docker"
  # pipx run wants the name of the wheel that the others choose among several.
  quietly "$tools/pip" download --no-deps --no-index --find-links "$release/pypi" --pre --dest "$tmp/chosen-here" pylint-docker
  works "pipx run" "$tools/pipx" run --quiet --spec "$(echo "$tmp/chosen-here"/*.whl)" pylint-docker
}

check_npm() {
  local project=$tmp/project
  export npm_config_cache=$tmp/npm npm_config_noproxy=127.0.0.1 npm_config_update_notifier=false npm_config_audit=false npm_config_fund=false
  node packaging/npm/registry.mjs "$release/npm" >"$tmp/registry.txt" &
  registry=$!
  for _ in $(seq 100); do
    [ -s "$tmp/registry.txt" ] && break
    sleep 0.1
  done
  npm_config_registry=$(cat "$tmp/registry.txt")
  [ -n "$npm_config_registry" ] || fail "the registry for the test did not start"
  export npm_config_registry
  mkdir "$project"
  quietly npm --prefix "$project" install pylint-docker
  [ "$(find "$project/node_modules/@pylint-docker" -mindepth 1 -maxdepth 1 | wc -l)" = 1 ] || fail "npm installs the programs of other systems"
  works npx npx --no --prefix "$project" pylint-docker
  # What a program reads and how it ends passes through the launcher.
  printf 'FROM python:3.12-slim\nRUN pip install flask\n' |
    "$project/node_modules/.bin/pylint-docker" check --exit-zero --output-format concise - >"$tmp/findings.txt"
  grep -q PLD "$tmp/findings.txt" || fail "npm: standard input does not reach the program"
  node packaging/npm/signal.mjs "$project/node_modules/.bin/pylint-docker"
  rm -rf "$project"
  mkdir "$project"
  quietly npm --prefix "$project" install --omit=optional pylint-docker
  local status=0
  "$project/node_modules/.bin/pylint-docker" version 2>"$tmp/output.txt" || status=$?
  if [ "$status" != 2 ] || ! grep -q 'is not installed' "$tmp/output.txt"; then
    cat "$tmp/output.txt"
    fail "npm: without the program, the launcher ends with $status and does not say why"
  fi
}

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
if ! command -v python3 >/dev/null; then
  printf 'skipped: pip, uv and pipx, for want of Python\n'
elif ! tools; then
  printf 'skipped: pip, uv and pipx, because PyPI can not be reached\n'
else
  check_files
  check_tags
  check_pip
  check_sdist
  check_uv
  check_pipx
fi
if command -v npm >/dev/null; then
  check_npm
else
  printf 'skipped: npm, which is not here\n'
fi
echo "the packages install and run"
