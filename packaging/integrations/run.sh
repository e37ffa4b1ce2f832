#!/usr/bin/env bash
# Tries what puts pylint-docker into other tools, with those tools:
#
#   packaging/integrations/run.sh BINARY
#
# It needs Go, git, and a Python that makes virtual environments; the tools come from PyPI and through Go.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")"
actionlint=github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

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
  printf '%s: %s [%ds]\n' "$name" "$(tail -n 1 "$tmp/log")" "$((SECONDS - began))"
}

try "scripts" shellcheck --severity=warning ./*.sh ../*.sh ../../.ci/run
try "pre-commit" ./pre-commit.sh "$binary"
try "schemas" check-jsonschema --builtin-schema vendor.github-actions ../../action.yml
try "workflows" go run "$actionlint" ../../.github/workflows/*.yml
try "action" ./action.sh
