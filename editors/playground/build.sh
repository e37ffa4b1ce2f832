#!/usr/bin/env bash
# Builds the playground into a folder: editors/playground/build.sh FOLDER
# It needs go, node 20 with npm, and xz. The same sources give the same bytes.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
for tool in go node npm xz; do
  command -v "$tool" >/dev/null || { echo "$0: $tool is needed" >&2; exit 1; }
done
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
max=2000000 # bytes that a browser has to load, compressed by gzip -9

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# The program, from a copy of the sources with all modules beside them: what no page needs is left out.
mkdir "$tmp/src"
cp -R go.mod go.sum analyzer cmd fixes internal rules "$tmp/src"
(
  cd "$tmp/src"
  find . -path '*/testdata' -prune -exec rm -rf {} +
  find . -name '*_test.go' -delete
  find analyzer -name '*.tsv' -exec sed -i.all $'/^# [a-z]*\t/!{\n/^#/d\n}' {} + # where the facts come from; the names of columns stay
  go mod vendor
  # BuildKit's parser adds stack traces to its errors, as protocol buffers: a fifth of the program, for nobody here.
  rm vendor/github.com/moby/buildkit/util/stack/*.go
  printf 'package stack\n\n// Enable would add a stack trace.\nfunc Enable(err error) error { return err }\n' \
    >vendor/github.com/moby/buildkit/util/stack/stack.go
  # Nor are there regular expressions with \p{...}: without them the tables of all the world's scripts can go.
  parser=$(go env GOROOT)/src/regexp/syntax/parse.go
  awk '/^func unicodeTable/ { inside = 1 } /^}/ { inside = 0 }
    inside && /case "Lc":/ { skip = 2 } inside && /if t := unicode.Categories/ { rest = 1 } inside && /return nil, nil, 0/ { rest = 0 }
    skip > 0 { skip--; next } !rest' "$parser" >"$tmp/parse.go"
  printf '{"Replace": {"%s": "%s"}}' "$parser" "$tmp/parse.go" >"$tmp/overlay.json"
  # Without inlining (-l) the code is a tenth smaller, packed more than that.
  CGO_ENABLED=0 GOFLAGS='' GOOS=js GOARCH=wasm go build -tags=playground -mod=vendor -overlay="$tmp/overlay.json" -trimpath -buildvcs=false -gcflags=all=-l -ldflags='-s -w -buildid=' \
    -o "$tmp/go.wasm" ./cmd/playground
)
go run editors/playground/shrink.go "$tmp/go.wasm" "$tmp/small.wasm"
# LZMA, which src/lzma.ts unpacks (src/returns.ts completes it): gzip needs half as much again.
xz --format=lzma --lzma1=preset=9e,dict=16MiB,lc=4,pb=0,mf=bt3 --threads=1 --stdout "$tmp/small.wasm" >"$tmp/program.lzma"
go run ./cmd/pylint-docker rule --all --output-format json >"$tmp/rules.json"

# The page. No package needs its install script.
cp -R editors/playground "$tmp/page"
rm -rf "$tmp/page/node_modules"
projects=$PWD/testdata/projects
wasm_exec=$(go env GOROOT)/lib/wasm/wasm_exec.js
size() { wc -c <"$1" | tr -d ' '; }
(
  cd "$tmp/page"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  npm run --silent check
  node build.mjs "$tmp/program.lzma" "$(size "$tmp/small.wasm")" "$tmp/rules.json" "$projects" "$wasm_exec" "$out"
)

total=0
for file in "$out/index.html" "$out/sw.js"; do
  gzip -9 -n -c "$file" >"$tmp/gz"
  total=$((total + $(size "$tmp/gz")))
done
gzip -9 -n -c "$tmp/go.wasm" >"$tmp/gz"
printf 'program: %d bytes, %d by gzip; stripped %d, %d by LZMA\n' "$(size "$tmp/go.wasm")" "$(size "$tmp/gz")" "$(size "$tmp/small.wasm")" "$(size "$tmp/program.lzma")"
printf 'page: %d bytes, %d by gzip -9, of at most %d\n' "$(size "$out/index.html")" "$total" "$max"
[ "$total" -lt "$max" ] || { echo "$0: the page is too large" >&2; exit 1; }
