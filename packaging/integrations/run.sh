#!/usr/bin/env bash
# Tries what puts pylint-docker into other tools, with those tools:
#
#   packaging/integrations/run.sh BINARY
#
# It needs Go, git, and a Python that makes virtual environments; the tools come from PyPI and through Go.
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
  printf '%s: %s [%ds]\n' "$name" "$(tail -n 1 "$tmp/log")" "$((SECONDS - began))"
}

try "scripts" shellcheck --severity=warning ./*.sh ../*.sh ../../.ci/run
try "pre-commit" ./pre-commit.sh "$binary"
try "schema of action.yml" check-jsonschema --builtin-schema vendor.github-actions ../../action.yml
try "workflows and their scripts" go run "$actionlint" ../../.github/workflows/*.yml
(cd ../.. && go run ./packaging/release -only "$(go env GOHOSTOS)/$(go env GOHOSTARCH)" "$tmp/release" >"$tmp/log" 2>&1) || { cat "$tmp/log"; exit 1; }
try "action" ./action.sh "$tmp/release/pypi"
try "GitLab" python gitlab.py "$binary" "$tmp/release/pypi"
