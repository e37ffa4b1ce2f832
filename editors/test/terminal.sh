# Presses keys in an editor of the terminal and reads its screen, with tmux. A script that reads this file calls `start COMMAND...`.
set -euo pipefail
socket=pylint-docker-$$
trap 'tmux -L "$socket" kill-server 2>/dev/null || true' EXIT

start() {
  tmux -L "$socket" -f /dev/null new-session -d -x 160 -y 40 "$(printf '%q ' "$@")"
  tmux -L "$socket" set-option -g escape-time 0
}

screen() {
  tmux -L "$socket" capture-pane -p
}

# keys KEY... presses keys, by tmux's names; typed TEXT types a text.
keys() {
  local key
  for key in "$@"; do
    tmux -L "$socket" send-keys "$key"
    sleep 0.2 # what follows Escape at once would be Alt
  done
}

typed() {
  tmux -L "$socket" send-keys -l -- "$1"
  sleep 0.3
}

# sees TEXT waits until the screen shows it, gone TEXT until it does not, ended until the editor has ended.
sees() {
  waited "$1" sh -c 'tmux -L "$1" capture-pane -p | grep -qF -- "$2"' sh "$socket" "$1"
}

gone() {
  waited "$1 to go" sh -c '! tmux -L "$1" capture-pane -p | grep -qF -- "$2"' sh "$socket" "$1"
}

ended() {
  waited "the end" sh -c '! tmux -L "$1" has-session 2>/dev/null' sh "$socket"
}

waited() {
  local what=$1
  shift
  for _ in $(seq 200); do
    if "$@"; then
      return
    fi
    sleep 0.1
  done
  screen >&2 || true
  echo "waited in vain for $what" >&2
  exit 1
}
