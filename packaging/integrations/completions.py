"""Completes command lines in real shells: python completions.py BINARY FOLDER

FOLDER has completions/, as cmd/internal/manual/write.go writes it. Shells that are not here are skipped with a line. pexpect and pyte
are from requirements.txt.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import pexpect
import pyte

binary = pathlib.Path(sys.argv[1]).resolve()
scripts = pathlib.Path(sys.argv[2]).resolve() / "completions"
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"

CASES = [  # what is typed before the tab, what must be offered or completed, what must not
    ("pylint-docker che", ["check"], []),
    ("pylint-docker check --output-fo", ["--output-format"], []),
    ("pylint-docker check --output-format s", ["sarif"], ["json"]),
    ("pylint-docker check --select PLD50", ["PLD501", "PLD504"], ["PLD205"]),
    ("pylint-docker check --select=PLD50", ["PLD501", "PLD504"], ["PLD205"]),
    ("pylint-docker check --select PLD205,PLD50", ["PLD501", "PLD504"], []),
    ("pylint-docker check --select PLD205,PLD101,missing-u", ["PLD205,PLD101,missing-userbase"], []),
    ("pylint-docker rule missing-u", ["missing-userbase"], []),
    ("pylint-docker rule PLD50", ["PLD501", "PLD504"], ["PLD205"]),
    ("pylint-docker check --fail-on w", ["warning"], []),
    ("pylint-docker check only-th", ["only-this.Dockerfile"], []),
]


def shell(command, setup, env):
    child = pexpect.spawn(command[0], command[1:], env=env, cwd=env["HOME"], dimensions=(60, 160), encoding="utf-8", timeout=60)
    child.sendline(setup)
    child.sendline("echo re''ady")
    child.expect("ready\r\n")
    return child


def offered(child, typed, wanted):
    """What the terminal shows after tabs."""
    screen = pyte.Screen(160, 60)
    stream = pyte.Stream(screen)
    child.send(typed)
    for _ in range(3):
        child.send("\t")
        waited = time.monotonic()
        while time.monotonic() - waited < 10:
            try:
                stream.feed(child.read_nonblocking(65536, timeout=1))
            except pexpect.TIMEOUT:
                break
        shown = "\n".join(line.rstrip() for line in screen.display if line.strip())
        if all(word in shown for word in wanted):
            break
    return shown


def try_interactive(name, command, setup, env):
    for typed, wanted, unwanted in CASES:
        child = shell(command, setup, env)
        shown = offered(child, typed, wanted)
        child.close(force=True)
        print(f"{name}: {typed}<TAB>\n{shown}\n")
        for word in wanted:
            assert word in shown, f"{name}: {typed}: {word} is missing in {shown}"
        for word in unwanted:
            assert word not in shown, f"{name}: {typed}: {word} in {shown}"


def try_fish(env):
    script = f"source {scripts}/pylint-docker.fish; complete -C $argv[1]"
    for typed, wanted, unwanted in CASES:
        done = subprocess.run(["fish", "--no-config", "-c", script, typed], cwd=env["HOME"], env=env, capture_output=True, text=True, check=True)
        print(f"fish: {typed}<TAB>\n{done.stdout}")
        for word in wanted:
            assert word in done.stdout, f"fish: {typed}: {word} is missing in {done.stdout}{done.stderr}"
        for word in unwanted:
            assert word not in done.stdout, f"fish: {typed}: {word} in {done.stdout}"


def try_powershell(env):
    for typed, wanted, unwanted in CASES:
        script = f". '{scripts}/pylint-docker.ps1'; (TabExpansion2 -inputScript '{typed}' -cursorColumn {len(typed)}).CompletionMatches.CompletionText"
        done = subprocess.run(["pwsh", "-NoProfile", "-Command", script], cwd=env["HOME"], env=env, capture_output=True, text=True, check=True)
        for word in wanted:
            assert word in done.stdout, f"pwsh: {typed}: {word} is missing in {done.stdout}{done.stderr}"
        for word in unwanted:
            assert word not in done.stdout, f"pwsh: {typed}: {word} in {done.stdout}"


def main(home):
    (home / "bin").mkdir()
    (home / "bin/pylint-docker").symlink_to(binary)
    (home / "work").mkdir()
    (home / "work/only-this.Dockerfile").write_text("FROM scratch\n")
    (home / "zsh").mkdir()
    shutil.copy(scripts / "_pylint-docker", home / "zsh")
    env = {"HOME": str(home / "work"), "PATH": f"{home}/bin:/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8"}
    tried = []
    for name, present in {
        "bash": shutil.which("bash") and os.path.exists(BASH_COMPLETION),
        "zsh": shutil.which("zsh"),
        "fish": shutil.which("fish"),
        "pwsh": shutil.which("pwsh"),
    }.items():
        if not present:
            continue
        tried.append(name)
        if name == "bash":
            setup = f"PS1='$ '; bind 'set show-all-if-ambiguous on'; . {BASH_COMPLETION}; . {scripts}/pylint-docker.bash"
            try_interactive(name, ["bash", "--norc", "--noprofile", "-i"], setup, env)
        elif name == "zsh":
            setup = f"PS1='$ '; fpath=({home}/zsh $fpath); autoload -U compinit; compinit -u -D"
            try_interactive(name, ["zsh", "-f", "-i"], setup, env)
        elif name == "fish":
            try_fish(env)
        else:
            try_powershell(env)
    missing = [name for name in ("bash", "zsh", "fish", "pwsh") if name not in tried]
    print(f"{len(CASES)} command lines in {', '.join(tried) or 'no shell'}" + (f"; skipped: {', '.join(missing)}" if missing else ""))


with tempfile.TemporaryDirectory() as folder:
    main(pathlib.Path(folder).resolve())
