#!/usr/bin/env bash
# Builds a release to the end, but publishes nothing: packaging/release.sh FOLDER
#
#   FOLDER/github   archives with their bills of materials and checksums, by goreleaser
#   FOLDER/pypi     wheels and the source distribution
#   FOLDER/npm      packages for npm
#   FOLDER/bin      the binaries that are in all of them
#   FOLDER/SHA256SUMS
#
# It is a release if the commit has a tag such as v1.2.3 and nothing is changed, else a snapshot. Who runs it on the same
# commit with the same Go gets the same files, byte by byte.
set -euo pipefail
unset SOURCE_DATE_EPOCH # goreleaser takes the date of the commit, and all dates should be one
[ $# = 1 ] || { echo "usage: packaging/release.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."

fail() {
  printf 'packaging/release.sh: %s\n' "$*" >&2
  exit 1
}
[ -z "$(ls -A "$out")" ] || fail "$out is not empty"

version=$(go run ./packaging/release -version)
printf '==> %s [%ds]\n' "$version: packages" "$SECONDS"
go run ./packaging/release "$out"

printf '==> %s [%ds]\n' "archives" "$SECONDS"
snapshot=()
[ "$version" != 0.0.0-dev ] || snapshot=(--snapshot)
packaging/goreleaser.sh release --config packaging/goreleaser.yaml --clean --skip=publish,announce,docker "${snapshot[@]}"
mkdir "$out/github"
cp dist/goreleaser/*.tar.gz dist/goreleaser/*.zip dist/goreleaser/*.cdx.json dist/goreleaser/SHA256SUMS "$out/github"

# Both have built the same program: what npm and PyPI get is what GitHub gets.
for binary in "$out"/bin/pylint-docker-*; do
  platform=${binary##*/pylint-docker-}
  platform=${platform%.exe}
  case $platform in *.cdx.json) continue ;; esac
  cmp "$binary" dist/goreleaser/pylint-docker_"${platform/-/_}"_*/pylint-docker* || fail "$platform: two builds differ"
  cmp "$binary.cdx.json" "$out/github/pylint-docker_${version}_${platform/-/_}.cdx.json" || fail "$platform: two bills of materials differ"
done
for archive in "$out"/github/*.tar.gz; do
  for file in LICENSE THIRD-PARTY-LICENSES.txt pylint-docker man1/pylint-docker-check.1 completions/_pylint-docker; do
    tar -tzf "$archive" "$file" >/dev/null || fail "$archive has no $file"
  done
done

cd "$out"
sums=$(find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum)
printf '%s\n' "$sums" >SHA256SUMS
printf '==> %s [%ds]\n' "$(wc -l <SHA256SUMS) files" "$SECONDS"
