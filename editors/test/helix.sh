#!/usr/bin/env bash
# Drives Helix by keys: helix.sh. PYLINT_DOCKER is the program, WORKDIR a folder with Dockerfile, fixall/Dockerfile and format/Dockerfile.
# The configuration is the one that editors/helix/README.md gives. Prints "ok", or says what went wrong and exits with 1.
. "$(dirname "$0")/terminal.sh"
settings=$WORKDIR/settings
mkdir -p "$settings/helix" "$settings/bin"
ln -sf "$PYLINT_DOCKER" "$settings/bin/pylint-docker"
awk '/^```toml/ { inside = 1; next } /^```/ { inside = 0 } inside' "$(dirname "$0")/../helix/README.md" >"$settings/helix/languages.toml"
export PATH=$settings/bin:$PATH XDG_CONFIG_HOME=$settings XDG_CACHE_HOME=$settings/cache

# A quick fix, and what a hover says.
start hx "$WORKDIR/Dockerfile:2:6"
sees "this install leaves pip's cache"
keys Space k
sees 'site-packages'
keys Escape
keys Space a
sees 'Add --no-cache-dir'
keys Enter
sees 'pip install --no-cache-dir flask'
gone "this install leaves pip's cache"
typed ':write-quit'
keys Enter
ended

# All safe fixes.
start hx "$WORKDIR/fixall/Dockerfile"
sees "this install leaves pip's cache"
keys '%' Space a
sees 'Fix all safely fixable problems'
keys Up
keys Enter
sees 'pip install --no-cache-dir attrs'
typed ':write-quit'
keys Enter
ended

# Completion; the definition of a stage, and its uses; formatting, and a new name.
start hx "$WORKDIR/format/Dockerfile:5:14"
sees 'COPY --from=base'
keys Space s
sees 'base'
keys Escape g d
sees '1:'
keys g r
sees 'COPY --from'
keys Escape
typed ':format'
keys Enter
sees 'RUN echo a'
keys g g f b Space r
sees 'rename-to:'
keys C-u
typed 'runtime'
keys Enter
sees 'COPY --from=runtime'
typed ':write-quit'
keys Enter
ended
echo ok
