"""Tries the recipes of docs/ci.md: python recipes.py BINARY ACTIONLINT

Each block of YAML must fit the schema of what reads it, GitHub's workflows are linted together with the action of this repository, and
all that a recipe has pylint-docker do is done, in a project with a finding.
"""

import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import ruamel.yaml

binary, actionlint = pathlib.Path(sys.argv[1]).resolve(), shlex.split(sys.argv[2])
root = pathlib.Path(__file__).resolve().parent.parent.parent
page = (root / "docs/ci.md").read_text(encoding="utf-8")
yaml = ruamel.yaml.YAML(typ="safe")


def reader(block):
    """Who reads a block of YAML: a schema of check-jsonschema, or pre-commit."""
    if "repos" in block:
        return "pre-commit"
    if "steps" in block:
        return "vendor.azure-pipelines"
    if "version" in block:
        return "vendor.circle-ci"
    if "jobs" in block:
        return "vendor.github-workflows"
    return "vendor.gitlab-ci"


def check(command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"


def scripts(node):
    """The commands of a recipe, wherever its format has them."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from scripts(value)
    elif isinstance(node, list):
        for value in node:
            yield from scripts(value)


def run(script, tmp):
    project = pathlib.Path(tempfile.mkdtemp(dir=tmp))
    (project / "Dockerfile").write_text("FROM python:3.12-slim\nRUN pip install flask==3.1.0\n")
    command = ["sh", "-e", "-c", script]
    done = subprocess.run(command, cwd=project, env={"PATH": f"{tmp}/bin:/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    print(f"$ {script.strip()}\n{done.stdout}{done.stderr}exit code {done.returncode}\n")
    assert done.returncode == (0 if "--exit-zero" in script else 1), script
    for file in re.findall(r"(?:--output-file |=)([\w./-]+\.(?:json|sarif|xml))", script):
        assert "PLD205" in (project / file).read_text(), f"{file} does not tell what was found"


def main(tmp):
    (tmp / "bin").mkdir()
    (tmp / "bin/pylint-docker").symlink_to(binary)
    repository = tmp / "repository"
    (repository / ".github/workflows").mkdir(parents=True)
    (repository / "action.yml").write_bytes((root / "action.yml").read_bytes())
    check(["git", "init", "--quiet", str(repository)])
    seen, ran = {}, 0
    for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)):
        block = yaml.load(text)
        kind = reader(block)
        seen[kind] = seen.get(kind, 0) + 1
        file = tmp / f"{number}.yml"
        if kind == "vendor.github-workflows":
            # The action as it is here, so that its inputs are known.
            text = re.sub(r"uses: pylint-docker/pylint-docker@\S+", "uses: ./", text)
            (repository / f".github/workflows/{number}.yml").write_text(text)
        file.write_text(text)
        if kind == "pre-commit":
            check(["pre-commit", "validate-config", str(file)])
        else:
            # What the hook check-azure-pipelines of check-jsonschema does.
            azure = ["--data-transform", "azure-pipelines", "--regex-variant", "nonunicode"] if "azure" in kind else []
            check(["check-jsonschema", "--builtin-schema", kind, *azure, str(file)])
        for script in scripts(block):
            if "pylint-docker check" in script:
                run(script, tmp)
                ran += 1
    check(actionlint, cwd=repository)
    for script in re.findall(r"^\s*sh '(.*)'$", page, re.M):
        run(script, tmp)
        ran += 1
    hooks = {hook["id"] for hook in yaml.load((root / ".pre-commit-hooks.yaml").read_text())}
    named = set(re.findall(r"^ +- id: (\S+)", page, re.M))
    assert named <= hooks, f"no such hook: {named - hooks}"
    inputs = set(yaml.load((root / "action.yml").read_text())["inputs"])
    table = re.search(r"\| input \|.*?\n\n", page, re.S)[0]
    assert set(re.findall(r"^\| `([\w-]+)`", table, re.M)) == inputs, "the table of inputs is another than action.yml's"
    assert len(seen) == 5 and ran >= 6, f"{seen}, {ran} commands: does this script still know the page?"
    print(f"{sum(seen.values())} recipes fit their schemas, {ran} of their commands do what they say: {json.dumps(seen)}")


with tempfile.TemporaryDirectory() as folder:
    main(pathlib.Path(folder))
