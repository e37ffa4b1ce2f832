#!/usr/bin/env bash
# Tries the GitHub Action of this repository: .github/workflows/action.yml, run by act (https://github.com/nektos/act) on this
# machine, without containers. Nothing is downloaded but act and Go's modules: checkout and setup-go are left out or stand-ins.
#
#   packaging/integrations/action.sh WHEELS
#
# WHEELS is a folder with a wheel, which stands for PyPI.
set -euo pipefail
wheels=$(realpath "$1")
cd "$(dirname "$0")/../.."
act=github.com/nektos/act@v0.2.89

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/repository" "$tmp/home"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$tmp/repository"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
wheel=$(basename "$(echo "$wheels"/pylint_docker-*.whl)")
wheel=${wheel#*-}
git -C "$tmp/repository" init --quiet --initial-branch=main
git -C "$tmp/repository" add --all
git -C "$tmp/repository" -c user.name=a -c user.email=a@example.org commit --quiet --message=x

# stand_in FOLDER COMMAND makes an action that runs a command.
stand_in() {
  mkdir -p "$tmp/$1"
  cat >"$tmp/$1/action.yml" <<END
name: stand-in
description: x
inputs: {sarif_file: {description: x}, go-version-file: {description: x}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {FILE: "\${{ inputs.sarif_file }}"}
      run: |
        $2
END
}
# shellcheck disable=SC2016 # the stand-in's own variable
stand_in codeql-action/upload-sarif 'grep -q \"ruleId\" "$FILE" && echo "stand-in: $(basename "$FILE") is here"'
stand_in setup-go 'go version'

# pinned NAME is the action as it is named in our files, with its hash.
pinned() { grep -ohE "$1(/[a-z-]+)?@[0-9a-f]{40}" action.yml .github/workflows/action.yml | head -n 1 | sed 's|/upload-sarif@|@|'; }

# The first step must build the action's own program.
path=$(dirname "$(command -v go)"):/usr/local/bin:/usr/bin:/bin
! PATH=$path command -v pylint-docker >/dev/null || { echo "pylint-docker is on PATH already" >&2; exit 1; }
GOBIN=$tmp/bin go install "$act"
cd "$tmp/repository"
status=0
PATH=$path XDG_CACHE_HOME=$tmp/home GOCACHE=$(go env GOCACHE) GOMODCACHE=$(go env GOMODCACHE) "$tmp/bin/act" push --workflows .github/workflows/action.yml \
  --platform ubuntu-latest=-self-hosted --matrix os:ubuntu-latest \
  --env PIP_NO_INDEX=1 --env "PIP_FIND_LINKS=$wheels" --env "WHEEL=${wheel%%-*}" \
  --local-repository "$(pinned github/codeql-action)=$tmp/codeql-action" --local-repository "$(pinned actions/setup-go)=$tmp/setup-go" \
  >"$tmp/log" 2>&1 </dev/null || status=$?
cat "$tmp/log"
[ "$status" = 0 ]

# What the workflow itself can't see: the summary of a step, and which lines are commands to the runner.
count() {
  local found
  found=$(grep -cF -- "$1" "$tmp/log" || true)
  [ "$found" = "$2" ] || { printf '%s: %d times, not %d\n' "$1" "$found" "$2" >&2; exit 1; }
}
count 'Summary - # pylint-docker' 5                                      # clean, found, zero, upload and wheel
count '| 2:5 | [PLD205]' 3                                               # with the table of findings
count '::warning title=pylint-docker (PLD205),file=try/found here/Dockerfile,line=2' 3 # from the root, also where working-directory is try
count 'stand-in: pylint-docker.sarif is here' 1
count '::error title=pylint-docker::This is a mistake' 3                 # wrong, missing and hostile
printf 'the action does what its workflow asks\n'
