#!/usr/bin/env bash
# Tries what puts pylint-docker into other tools, with those tools:
#
#   packaging/integrations/run.sh BINARY
#
# It needs Go, git, and a Python that makes virtual environments; the tools come from PyPI, through Go and, where there is apt, from Debian.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")"
actionlint=$(sed -n 's/^actionlint=//p' ../../.ci/run)

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if ! python3 -m venv "$tmp/venv" >"$tmp/venv.txt" 2>&1; then
  printf 'skipped: no Python that makes virtual environments (on Debian, the package python3-venv)\n'
  exit 0
fi
"$tmp/venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
export PATH=$tmp/venv/bin:$PATH

# try NAME COMMAND... shows what a command prints in full only if it fails.
try() {
  local name=$1 began=$SECONDS
  shift
  if ! "$@" >"$tmp/log" 2>&1 </dev/null; then
    cat "$tmp/log"
    printf '%s: failed\n' "$name" >&2
    exit 1
  fi
  local said
  said=$(tail -n 1 "$tmp/log")
  printf '%s: %s [%ds]\n' "$name" "${said:-nothing to complain of}" "$((SECONDS - began))"
}

if ! { command -v zsh && command -v fish && command -v mandoc && [ -e /usr/share/bash-completion ]; } >/dev/null && command -v apt-get >/dev/null; then
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends zsh fish bash-completion mandoc; } \
    >"$tmp/apt.txt" 2>&1 || printf 'zsh, fish or mandoc could not be installed\n'
fi

try "scripts" shellcheck --severity=warning ./*.sh ../*.sh ../../.ci/run
try "pre-commit" ./pre-commit.sh "$binary"
try "schema of action.yml" check-jsonschema --builtin-schema vendor.github-actions ../../action.yml
try "workflows and their scripts" go run "$actionlint" ../../.github/workflows/*.yml
(cd ../.. && go run ./packaging/release -only "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" "$tmp/release" >"$tmp/log" 2>&1) || { cat "$tmp/log"; exit 1; }
try "action" ./action.sh "$tmp/release/pypi"
try "the comment of the action" python comment.py ../../action.yml
try "GitLab" python gitlab.py "$binary" "$tmp/release/pypi"
try "recipes" python recipes.py "$binary" "go run $actionlint"

go run ../../cmd/internal/manual/write.go "$tmp/manual"
if command -v mandoc >/dev/null; then
  try "manual" mandoc -T lint -W warning "$tmp"/manual/man1/*
else
  printf 'manual: skipped, no mandoc\n'
fi
try "completions" python completions.py "$binary" "$tmp/manual"
