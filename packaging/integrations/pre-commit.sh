#!/usr/bin/env bash
# Tries the hooks of this repository with the real pre-commit, in a new repository that takes them from a clone of this one.
#
#   packaging/integrations/pre-commit.sh BINARY
#
# pre-commit must be on PATH. BINARY is only asked which names it takes for Dockerfiles; the hooks build their own.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."

tmp=$(mktemp -d)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT # Go's module cache is read-only
# Nothing of the machine's own settings, and no download of another Go: the hooks must build with the one that is there.
export PRE_COMMIT_HOME=$tmp/cache PRE_COMMIT_COLOR=never GOTOOLCHAIN=local
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
GOMODCACHE=$(go env GOMODCACHE) # else every environment downloads the modules again
export GOMODCACHE

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# run WANTED [PATTERN...] -- COMMAND... shows a command and what it prints. It must end with WANTED and print lines for all
# patterns, and none for a pattern with a ! in front.
run() {
  local wanted=$1 status=0 patterns=() pattern
  shift
  while [ "$1" != -- ]; do
    patterns+=("$1")
    shift
  done
  shift
  printf '\n$ %s\n' "$*"
  "$@" >"$tmp/out" 2>&1 </dev/null || status=$?
  cat "$tmp/out"
  [ "$status" = "$wanted" ] || fail "ended with $status, not $wanted"
  for pattern in ${patterns[@]+"${patterns[@]}"}; do
    case $pattern in
    !*) ! grep -qE -- "${pattern#!}" "$tmp/out" || fail "printed ${pattern#!}" ;;
    *) grep -qE -- "$pattern" "$tmp/out" || fail "did not print $pattern" ;;
    esac
  done
}

# This repository as it stands, committed: pre-commit installs a commit.
mkdir "$tmp/hooks" "$tmp/project"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$tmp/hooks"
git -C "$tmp/hooks" init --quiet --initial-branch=main
git -C "$tmp/hooks" add --all
git -C "$tmp/hooks" commit --quiet --message=release
git -C "$tmp/hooks" tag v1.0.0

cd "$tmp/project"
git init --quiet --initial-branch=main
cat >.pre-commit-config.yaml <<END
repos:
  - repo: file://$tmp/hooks
    rev: v1.0.0
    hooks:
      - id: pylint-docker
      - id: pylint-docker-context
END
printf 'exclude: [old/]\n' >.pylint-docker.yaml
mkdir -p clean app old
printf 'FROM scratch\n' >clean/Dockerfile
printf 'FROM python:3.12-slim\nRUN pip install flask==3.1.0\n' | tee old/Dockerfile >app/web.Dockerfile
git add .

# As after a commit that touches a clean file, an excluded one, and others.
run 0 'pylint-docker\.+Passed' -- pre-commit run pylint-docker --files clean/Dockerfile
run 1 'build context.*Failed' 'PLD205' '!old/Dockerfile' -- pre-commit run pylint-docker-context --files clean/Dockerfile
run 0 'pylint-docker\.+Passed' '!PLD' -- pre-commit run pylint-docker --files clean/Dockerfile old/Dockerfile
run 0 'no files to check' -- pre-commit run pylint-docker --files .pylint-docker.yaml
run 1 'pylint-docker\.+Failed' 'PLD205' 'app/web.Dockerfile' '!old/Dockerfile' '1 fixable with --fix' -- pre-commit run pylint-docker --files app/web.Dockerfile old/Dockerfile

# A commit is refused.
run 0 'pre-commit installed' -- pre-commit install
run 1 'PLD205' -- git commit --message=first
! git rev-parse --quiet --verify HEAD >/dev/null || fail "the commit was made all the same"

# Requirements change, and the Dockerfile is linted that copies them.
printf 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n' >app/web.Dockerfile
printf 'flask==3.1.0\n' >app/requirements.txt
git add .
run 0 'pylint-docker\.+Passed' 'build context.*Passed' -- git commit --message=second
printf -- '--index-url http://packages.example.org/simple\nflask==3.1.0\n' >app/requirements.txt
git add .
run 1 'pylint-docker\.+.*Skipped' 'build context.*Failed' 'PLD211' '!old/Dockerfile' -- git commit --message=third

# Fixes, the second time around there is nothing left to do. What is repaired is not said again by the hook that lints.
git reset --quiet --hard
sed -i 's/id: pylint-docker$/id: pylint-docker-fix/' .pre-commit-config.yaml
printf 'FROM python:3.12-slim\nRUN pip install flask==3.1.0\n' >app/web.Dockerfile
git add .
run 1 'pylint-docker --fix\.+Failed' 'files were modified by this hook' 'Fixed' '!Dockerfile:[0-9]+:[0-9]+: PLD205' -- git commit --message=fourth
grep -qx 'RUN pip install --no-cache-dir flask==3.1.0' app/web.Dockerfile || fail "the Dockerfile was not fixed"
git add .
run 0 'pylint-docker --fix\.+Passed' -- git commit --message=fourth

# A fix that makes a new file, which git does not know: the exit code tells.
mkdir new
printf 'FROM python:3.12-slim\nENV PYTHONUNBUFFERED=1\nWORKDIR /app\nCOPY . .\nUSER 1000\nCMD ["python", "main.py"]\n' >new/Dockerfile
printf 'print(1)\n' >new/main.py
git add .
run 1 'pylint-docker --fix\.+Failed' '!files were modified' -- git commit --message=fifth
[ -s new/.dockerignore ] || fail "no .dockerignore was made"

# So many files that pre-commit would start several processes, were it not told to start one.
for i in $(seq 400); do
  mkdir -p "many/$i"
  printf 'FROM python:3.12-slim\nRUN pip install flask==3.1.0\n' >"many/$i/Dockerfile"
done
git add .
run 1 'Fixed: 400 problems fixed in' -- pre-commit run pylint-docker-fix --all-files >"$tmp/many"
head -n 8 "$tmp/many"

# The names are those of a search.
names=(Dockerfile Dockerfile.dev dev.Dockerfile dev.dockerfile Containerfile Containerfile-x Containerfile.dev Dockerfile.py .Dockerfile
  dockerfile Dockerfiles Dockerfile-dev Dockerfile.dockerignore dev.Dockerfile.dockerignore Containerfile.containerignore Dockerfile~
  Containerfile.dockerignore .dockerfile Dockerfile.dev~ main.py requirements.txt xDockerfile DOCKERFILE
  Dockerfile_dev Dockerfile.md Dockerfile.txt Dockerfile.j2 Dockerfile.jinja Dockerfile.jinja2 Dockerfile-x.tmpl Containerfile.erb Dockerfile.bak Dockerfile.orig)
rm -rf "$tmp/names"
mkdir "$tmp/names"
(cd "$tmp/names" && touch "${names[@]}" && mkdir sub && touch "${names[@]/#/sub/}" && "$binary" check --show-files | sort >"$tmp/found")
"$(dirname "$(realpath "$(command -v pre-commit)")")/python" - "$tmp/hooks/.pre-commit-hooks.yaml" "$tmp/names" >"$tmp/matched" <<'END'
import os, re, sys, yaml
pattern = {hook["id"]: hook["files"] for hook in yaml.safe_load(open(sys.argv[1]))}
assert pattern["pylint-docker"] == pattern["pylint-docker-fix"]
os.chdir(sys.argv[2])
names = [os.path.relpath(os.path.join(d, f)) for d, _, files in os.walk(".") for f in files]
print("\n".join(sorted(n for n in names if re.search(pattern["pylint-docker"], n))))
END
diff "$tmp/found" "$tmp/matched" || fail "the hooks take other files than a search (<) does"
printf '\nthe hooks take the files of a search, %d of %d\n' "$(wc -l <"$tmp/found")" "$((2 * ${#names[@]}))"
