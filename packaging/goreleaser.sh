#!/usr/bin/env bash
# goreleaser, of the version that goreleaser.yaml is written for, in the root of the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
exec go run github.com/goreleaser/goreleaser/v2@v2.16.0 "$@"
