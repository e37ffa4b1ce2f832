#!/usr/bin/env bash
# Publishes packages to npm: packaging/npm/publish.sh FOLDER [--dry-run]
#
# Those with the programs come first: nobody can then install the launcher without one. What is there already stays, so that a
# run that broke off can be repeated.
set -euo pipefail
folder=$(cd "$1" && pwd)
shift

manifest() { # FILE KEY
  tar -xzOf "$1" package/package.json | node -p "JSON.parse(require('node:fs').readFileSync(0))['$2']"
}

publish() { # FILE [--dry-run]
  local name version tag=latest
  name=$(manifest "$1" name)
  version=$(manifest "$1" version)
  case $version in *-*) tag=next ;; esac
  if [ "$(npm view "$name@$version" version 2>/dev/null)" = "$version" ]; then
    echo "$name@$version is there"
    return
  fi
  npm publish "$@" --tag "$tag"
}

launcher=
for file in "$folder"/*.tgz; do
  case $(manifest "$file" name) in
    @*) publish "$file" "$@" ;;
    *) launcher=$file ;;
  esac
done
publish "$launcher" "$@"
