#!/usr/bin/env bash
# Builds what a release consists of: a binary for each platform, its bill of materials, and their checksums.
#
#   packaging/release.sh FOLDER
#
# Who runs it on the same commit with the same Go gets the same files, byte by byte.
set -euo pipefail
[ $# = 1 ] || { echo "usage: packaging/release.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64; do
  name=pylint-docker-${platform%/*}-${platform#*/}
  [ "${platform%/*}" != windows ] || name+=.exe
  CGO_ENABLED=0 GOOS=${platform%/*} GOARCH=${platform#*/} go build -trimpath -ldflags "-s -w" -o "$out/$name" ./cmd/pylint-docker
  go run packaging/sbom.go "$out/$name" >"$out/$name.cdx.json"
done
cp LICENSE packaging/LICENSES.md "$out"
cd "$out"
# Not of the sums themselves: they may be there from the last time.
find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS
