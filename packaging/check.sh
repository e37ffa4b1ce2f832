#!/usr/bin/env bash
# Installs the packages of a release as users do, by the commands of docs/install.md, with pip, uv, pipx and npm, each in an
# empty place, and runs them.
#
#   packaging/check.sh [FOLDER]
#
# FOLDER is what packaging/release.sh wrote. Without it, the packages for this system are built here, twice, and compared.
# What a machine lacks (Python, npm, the way to PyPI) is skipped with a line; the rest is checked.
set -euo pipefail
release=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")/.."
root=$PWD

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

# documented NAME FOLDER runs in a folder the commands that docs/install.md has below the mark <!-- command: NAME -->. Those that
# ask for the version must be told it.
documented() {
  local commands wanted said
  commands=$(awk -v mark="<!-- command: $1 -->" '
    $0 == mark { found = 1; next }
    found && /^```/ { if (inside) exit; inside = 1; next }
    found && inside { print }
  ' docs/install.md)
  [ -n "$commands" ] || fail "docs/install.md has no command marked $1"
  printf '$ %s\n' "${commands//$'\n'/$'\n'$ }"
  (cd "$2" && bash -euo pipefail -c "$commands") >"$tmp/output.txt" 2>&1 </dev/null || {
    cat "$tmp/output.txt"
    fail "the commands of docs/install.md failed"
  }
  said=$(grep -E '^pylint-docker [0-9]|Successfully installed|^ *installed (package|using)|^Installed|^added' "$tmp/output.txt" || true)
  printf '%s\n' "$said"
  wanted=$(grep -cE ' version( |$)' <<<"$commands" || true)
  [ "$(grep -cxF "pylint-docker $version" "$tmp/output.txt")" = "$wanted" ] || {
    cat "$tmp/output.txt"
    fail "pylint-docker $version was not said $wanted times"
  }
}

# works COMMAND... runs an installed command, which must find what is to be found and end with 1 then.
works() {
  local status=0
  "$@" check --quiet --output-format concise "$root/testdata/projects/origin-2018" >"$tmp/findings.txt" </dev/null || status=$?
  [ "$status" = 1 ] || fail "$*: check ended with $status, not 1"
  grep -q PLD103 "$tmp/findings.txt" || fail "$*: check does not find PLD103"
}

# tools installs what checks and installs packages, each of a known version.
tools=$tmp/tools/bin
tools() {
  quietly python3 -m venv "$tmp/tools"
  quietly python3 -m venv "$tmp/pipx-itself" # in the company of uv, pipx would use that instead of pip
  { "$tools/pip" install --quiet twine==7.0.0 check-wheel-contents==0.6.3 'cyclonedx-python-lib[json-validation]==11.12.0' uv==0.13.8 &&
    "$tmp/pipx-itself/bin/pip" install --quiet pipx==1.18.4; } >"$tmp/output.txt" 2>&1 </dev/null && return
  # A machine without a way to PyPI can't know; what PyPI does not have is our mistake.
  grep -qiE 'connection|timed out|name resolution' "$tmp/output.txt" || { cat "$tmp/output.txt"; fail "the tools could not be installed"; }
  return 1
}

# From here on, pip and uv find in the folder what users will find on PyPI: the version of this commit, and no other.
packages() {
  printf 'pylint-docker==%s\n' "$(basename "$release"/pypi/*.tar.gz .tar.gz | sed 's/^pylint_docker-//')" >"$tmp/constraint.txt"
  export PIP_FIND_LINKS=$release/pypi PIP_CONSTRAINT=$tmp/constraint.txt PIP_PRE=1
  export UV_FIND_LINKS=$release/pypi UV_CONSTRAINT=$tmp/constraint.txt UV_PRERELEASE=allow
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
      quietly "$tools/pip" download --quiet --no-index --no-deps --only-binary :all: --platform "$tag" --dest "$tmp/chosen" pylint-docker
      [ -e "$tmp/chosen/${wheel##*/}" ] || fail "pip for $tag does not choose ${wheel##*/}"
    done
  done
}

check_pip() {
  local venv=$tmp/pip
  quietly python3 -m venv "$venv"
  mkdir "$tmp/in-pip"
  PATH=$venv/bin:$PATH documented install-pip "$tmp/in-pip"
  quietly "$venv/bin/pip" check
  works "$venv/bin/pylint-docker"
  works "$venv/bin/python" -m pylint_docker
  quietly "$venv/bin/pip" uninstall --yes pylint-docker
  [ -z "$(find "$venv" -iname '*pylint*docker*')" ] || fail "pip uninstall leaves something behind"
  quietly "$venv/bin/pip" install --target "$tmp/target" pylint-docker
  PYTHONPATH=$tmp/target works "$venv/bin/python" -m pylint_docker
}

# On a system without a wheel, pip takes the sdist, which needs Go and says so.
check_sdist() {
  local venv=$tmp/sdist
  quietly python3 -m venv "$venv"
  mkdir "$tmp/empty"
  if PATH=$tmp/empty "$venv/bin/pip" install --no-index --no-binary :all: pylint-docker >"$tmp/output.txt" 2>&1; then
    fail "the sdist was built without Go"
  fi
  grep -o 'pylint-docker has no wheel .*' "$tmp/output.txt" | head -n 1
  grep -q 'install Go [0-9.]* or newer' "$tmp/output.txt" || { cat "$tmp/output.txt"; fail "without Go, pip does not say what is missing"; }
  quietly "$venv/bin/pip" install --no-index --no-binary :all: pylint-docker
  works "$venv/bin/pylint-docker"
  printf 'pip, from source: %s\n' "$("$venv/bin/pylint-docker" version)"
}

check_uv() {
  mkdir "$tmp/in-uv"
  export UV_CACHE_DIR=$tmp/uv/cache UV_TOOL_DIR=$tmp/uv/tools UV_TOOL_BIN_DIR=$tmp/uv/bin UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1
  PATH=$tools:$PATH documented install-uv "$tmp/in-uv"
  works "$tmp/uv/bin/pylint-docker"
}

check_pipx() {
  mkdir "$tmp/in-pipx"
  export PIPX_HOME=$tmp/pipx PIPX_BIN_DIR=$tmp/pipx/bin PIPX_MAN_DIR=$tmp/pipx/man PIPX_DEFAULT_PYTHON=$tmp/pipx-itself/bin/python
  PATH=$tmp/pipx-itself/bin:$PATH documented install-pipx "$tmp/in-pipx"
  works "$tmp/pipx/bin/pylint-docker"
}

check_npm() {
  local project=$tmp/in-npm
  export npm_config_cache=$tmp/npm npm_config_noproxy=127.0.0.1 npm_config_update_notifier=false npm_config_audit=false
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
  documented install-npm "$project"
  [ "$(find "$project/node_modules/@pylint-docker" -mindepth 1 -maxdepth 1 | wc -l)" = 1 ] || fail "npm installs the programs of other systems"
  works "$project/node_modules/.bin/pylint-docker"
  # What a program reads and how it ends passes through the launcher.
  printf 'FROM python:3.12-slim\nRUN pip install flask\n' |
    "$project/node_modules/.bin/pylint-docker" check --exit-zero --output-format concise - >"$tmp/findings.txt"
  grep -q PLD "$tmp/findings.txt" || fail "npm: standard input does not reach the program"
  node packaging/npm/signal.mjs "$project/node_modules/.bin/pylint-docker"
  # Without the program, it says why.
  rm -rf "$project"
  mkdir "$project"
  quietly npm --prefix "$project" install --omit=optional pylint-docker
  local status=0
  "$project/node_modules/.bin/pylint-docker" version 2>"$tmp/output.txt" || status=$?
  cat "$tmp/output.txt"
  if [ "$status" != 2 ] || ! grep -q 'is not installed' "$tmp/output.txt"; then
    fail "npm: without the program, the launcher ends with $status and does not say why"
  fi
  # npm corrects a package.json that it does not like, and then publishes another one than was tested.
  packaging/npm/publish.sh "$release/npm" --dry-run >"$tmp/output.txt" 2>&1 || { cat "$tmp/output.txt"; fail "npm would not publish"; }
  if grep -iE 'warn publish .*(correct|error|invalid)' "$tmp/output.txt"; then fail "npm corrects a package.json"; fi
}

# build makes the packages for this system, in a clone a second time by the commands of docs/install.md, and compares.
build() {
  local system
  system=$(go env GOHOSTOS)/$(go env GOHOSTARCH)
  release=$tmp/release
  go run ./packaging/release -only "$system" "$release"
  if [ -n "$(git status --porcelain)" ]; then
    printf 'skipped: a second build, because a clone has no uncommitted changes\n'
    return
  fi
  git clone --quiet . "$tmp/clone"
  if command -v python3 >/dev/null && python3 -m venv "$tmp/clone-venv" >/dev/null 2>&1; then
    PATH=$tmp/clone-venv/bin:$PATH documented install-clone "$tmp/clone"
    works "$tmp/clone-venv/bin/pylint-docker"
  else
    (cd "$tmp/clone" && go run ./packaging/release -only "$system" dist)
  fi
  (cd "$release" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) >"$tmp/sums.txt"
  (cd "$tmp/clone/dist" && sha256sum --quiet --check "$tmp/sums.txt") || fail "a second build has other bytes"
  sed 's/ .*\// /' "$tmp/sums.txt"
  printf 'two builds, the same bytes\n'
}

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
version=$(go run ./packaging/release -version)
[ -n "$release" ] || build
if ! command -v python3 >/dev/null || ! python3 -m venv "$tmp/venv" >/dev/null 2>&1; then
  printf 'skipped: pip, uv and pipx, for want of a Python that makes virtual environments\n'
elif ! tools; then
  printf 'skipped: pip, uv and pipx, because PyPI can not be reached\n'
else
  packages
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
