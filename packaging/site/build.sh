#!/usr/bin/env bash
# Builds the documentation site and checks it: packaging/site/build.sh [FOLDER]
#
# The site is written to FOLDER, dist/site unless one is given; what was there before is gone. The generator
# is installed from PyPI into a folder that is thrown away, each file of it checked against requirements.txt.
# Exit codes: 0 when all is well, 1 when a page or a link is not, 3 when PyPI can't be reached.
set -euo pipefail
[ $# -le 1 ] || { echo "usage: packaging/site/build.sh [FOLDER]" >&2; exit 2; }
out=${1:-$(dirname "$0")/../../dist/site}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/../.."

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 -m venv "$tmp/venv"
if ! "$tmp/venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --only-binary :all: --require-hashes \
  -r packaging/site/requirements.txt >"$tmp/pip.txt" 2>&1; then
  cat "$tmp/pip.txt" >&2
  # What pip says when no index answers; anything else is a fault of requirements.txt.
  ! grep -qE 'Failed to establish a new connection|NewConnectionError|ConnectTimeout|Temporary failure in name resolution|Network is unreachable' "$tmp/pip.txt" || exit 3
  exit 1
fi

# The same commit gives the same files.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
# No advertisement for other programs in the output.
export NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true
# No byte code beside hooks.py.
PYTHONDONTWRITEBYTECODE=1 "$tmp/venv/bin/mkdocs" --quiet build --strict --config-file packaging/site/mkdocs.yml --site-dir "$out"

python3 packaging/site/check.py "$out"
