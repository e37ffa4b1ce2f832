#!/usr/bin/env bash
# Drives Kakoune with kak-lsp by keys: kakoune.sh. PYLINT_DOCKER is the program, WORKDIR a folder with Dockerfile, fixall/Dockerfile and
# format/Dockerfile. The configuration is the one that editors/kakoune/README.md gives. Prints "ok", or says what went wrong and exits with 1.
. "$(dirname "$0")/terminal.sh"
settings=$WORKDIR/settings
mkdir -p "$settings/kak" "$settings/bin"
ln -sf "$PYLINT_DOCKER" "$settings/bin/pylint-docker"
awk '/^```kak/ { inside = 1; next } /^```/ { inside = 0 } inside' "$(dirname "$0")/../kakoune/README.md" >"$settings/kak/kakrc"
export PATH=$settings/bin:$PATH XDG_CONFIG_HOME=$settings XDG_RUNTIME_DIR=$settings

# A quick fix, and what a hover says.
start kak "$WORKDIR/Dockerfile" +2:6
sees '!RUN pip install'
typed ':lsp-hover'
keys Enter
sees 'site-packages'
keys Escape
typed ':lsp-code-actions'
keys Enter
sees 'Add --no-cache-dir'
typed 'no-cache'
keys Enter
sees 'pip install --no-cache-dir flask'
typed ':write-quit'
keys Enter
ended

# All safe fixes.
start kak "$WORKDIR/fixall/Dockerfile"
sees '!RUN echo'
keys '%'
typed ':lsp-code-actions'
keys Enter
sees 'Fix all safely fixable problems'
typed 'fix all safely'
keys Enter
sees 'pip install --no-cache-dir attrs'
typed ':write-quit'
keys Enter
ended

# Formatting, and a new name.
start kak -e 'set-option global tabstop 4' "$WORKDIR/format/Dockerfile" +1:21
sees '*CMD'
typed ':lsp-formatting-sync'
keys Enter
sees 'RUN echo a'
keys g g f b
typed ':lsp-rename runtime'
keys Enter
sees 'COPY --from=runtime'
typed ':write-quit'
keys Enter
ended
echo ok
