#!/usr/bin/env bash
# Draws the pictures of the documentation from real runs: docs/images/render.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
go build -o "$tmp/pylint-docker" ./cmd/pylint-docker
go build -o "$tmp/ansi2svg" docs/images/ansi2svg/main.go

# draw NAME FOLDER ARGUMENT... draws what pylint-docker prints in the folder when it is called with the arguments.
draw() {
  local name=$1 folder=$2 status=0
  shift 2
  (cd "$folder" && "$tmp/pylint-docker" "$@" --color always >"$tmp/out") || status=$?
  # 1 means that there are findings, which is what the picture is for.
  [ "$status" -le 1 ] || exit "$status"
  "$tmp/ansi2svg" -prompt "pylint-docker $*" <"$tmp/out" >"$tmp/$name.svg"
  mv "$tmp/$name.svg" "docs/images/$name.svg"
}

draw check testdata/projects/origin-2018 check --select PLD103,PLD104
