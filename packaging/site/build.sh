#!/usr/bin/env bash
# Builds the documentation site and checks it: packaging/site/build.sh [--playground] [FOLDER]
#
# With --playground, the playground is built as well, as the site's folder of that name; it takes Go, node and xz.
# The site is written to FOLDER, dist/site unless one is given; what was there before is gone. The generator
# is installed from PyPI into a folder that is thrown away, each file of it checked against requirements.txt.
# Exit codes: 0 when all is well, 1 when a page or a link is not, 3 when PyPI can't be reached or Python is missing.
set -euo pipefail
playground=
if [ "${1-}" = --playground ]; then
  playground=1
  shift
fi
[ $# -le 1 ] || { echo "usage: packaging/site/build.sh [--playground] [FOLDER]" >&2; exit 2; }
out=${1:-$(dirname "$0")/../../dist/site}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/../.."

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if ! { python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' && python3 -m venv "$tmp/venv"; } >"$tmp/venv.txt" 2>&1; then
  echo "packaging/site/build.sh: Python 3.11 or newer with its venv module is needed (on Debian: python3-venv)" >&2
  exit 3
fi
if ! "$tmp/venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --retries 2 --timeout 30 \
  --only-binary :all: --require-hashes -r packaging/site/requirements.txt >"$tmp/pip.txt" 2>&1; then
  cat "$tmp/pip.txt" >&2
  # What pip says when no index answers; anything else is a fault of requirements.txt.
  grep -qE 'New(HTTPS)?ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|ProtocolError|name resolution|unreachable' "$tmp/pip.txt" || exit 1
  exit 3
fi

# The same commit gives the same files.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
# The theme's notice that it gets fixes until May 2027, and that Zensical, which reads the same mkdocs.yml, follows it.
export NO_MKDOCS_2_WARNING=1
# Without --quiet, which would keep --strict from seeing any warning. No byte code beside hooks.py.
PYTHONDONTWRITEBYTECODE=1 "$tmp/venv/bin/mkdocs" build --strict --config-file packaging/site/mkdocs.yml --site-dir "$out"
[ -z "$playground" ] || editors/playground/build.sh "$out/playground"

python3 packaging/site/check.py "$out"
