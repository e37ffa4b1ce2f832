#!/usr/bin/env bash
# Builds the playground and tries it in headless Chromium: editors/playground/test.sh [BINARY [FOLDER]]
# BINARY is the pylint-docker to compare with, built if it is not given. Into FOLDER go screenshots.
# Chromium is installed where apt can; without it, the page is only built.
set -euo pipefail
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if ! command -v xz >/dev/null && command -v apt-get >/dev/null; then missing=xz-utils; fi
chromium=$(command -v chromium || command -v chromium-browser || true)
[ -n "$chromium" ] || missing="${missing:-} chromium"
if [ -n "${missing:-}" ] && command -v apt-get >/dev/null; then
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  # shellcheck disable=SC2086 # several packages
  { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $missing; } >"$tmp/apt.txt" 2>&1 || tail -n 5 "$tmp/apt.txt"
  chromium=$(command -v chromium || true)
fi
if ! command -v xz >/dev/null; then
  echo "skipped: xz is missing, and can't be installed"
  exit 0
fi

./build.sh "$tmp/out"
./build.sh "$tmp/again" >/dev/null
diff -r "$tmp/out" "$tmp/again" || { echo "two builds of the same sources differ" >&2; exit 1; }

if [ -z "$chromium" ]; then
  echo "skipped: there is no Chromium to try the page in"
  exit 0
fi
binary=${1:-}
if [ -z "$binary" ]; then
  binary=$tmp/pylint-docker
  go build -o "$binary" ../../cmd/pylint-docker
fi
mkdir "$tmp/test"
cp package.json package-lock.json test/page.mjs "$tmp/test"
(cd "$tmp/test" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
CHROMIUM=$chromium BINARY=$binary PAGE=$tmp/out node "$tmp/test/page.mjs" "${2:-$tmp}"
