"""Tries the GitLab component: python gitlab.py BINARY WHEELS

WHEELS is a folder with a wheel, which stands for PyPI.

Both of its documents must fit GitLab's schema, the second with inputs filled in as GitLab does it. Its script then runs in every shell
that is here, with hostile inputs too. check-jsonschema and ruamel.yaml are from requirements.txt.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import ruamel.yaml

wheels = pathlib.Path(sys.argv[2]).resolve()
binary = pathlib.Path(sys.argv[1]).resolve()
template = pathlib.Path(__file__).parent.parent / "gitlab/templates/check.yml"
yaml = ruamel.yaml.YAML(typ="safe")
header, body = yaml.load_all(template.read_text(encoding="utf-8"))
inputs = header["spec"]["inputs"]
ONE = re.compile(r"\$\[\[\s*inputs\.([\w-]+)\s*\]\]")


def fill(node, values):
    """What GitLab makes of a document: an expression that is the whole of a string keeps its type."""
    if isinstance(node, dict):
        return {fill(k, values): fill(v, values) for k, v in node.items()}
    if isinstance(node, list):
        return [fill(v, values) for v in node]
    if not isinstance(node, str):
        return node
    whole = ONE.fullmatch(node)
    return values[whole[1]] if whole else ONE.sub(lambda m: str(values[m[1]]), node)


def valid(document, where):
    file = where / "document.json"
    file.write_text(json.dumps(document))
    command = ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def job(**given):
    values = {name: spec["default"] for name, spec in inputs.items()}
    values.update({name.replace("_", "-"): value for name, value in given.items()})
    for name, spec in inputs.items():
        assert "regex" not in spec or re.search(spec["regex"], values[name]), f"{name} must not be {values[name]!r}"
    return fill(body, values)


def version(folder):
    (wheel,) = folder.glob("pylint_docker-*.whl")
    return wheel.name.split("-")[1]


def main(tmp):
    for document in (header, job(), job(allow_failure=True, job_name="x", version="0.1.0")):
        done = valid(document, tmp)
        assert done.returncode == 0, done.stdout + done.stderr
    broken = job()
    broken["pylint-docker"]["artifacts"]["reports"]["codequality"] = {}
    assert valid(broken, tmp).returncode != 0, "the schema accepts everything"
    used = set(ONE.findall(template.read_text(encoding="utf-8")))
    assert used == set(inputs), f"used and declared inputs differ: {used ^ set(inputs)}"

    project = tmp / "project"
    for folder, text in {
        "found here": "FROM python:3.12-slim\nRUN pip install flask==3.1.0\n",
        "clean": "FROM scratch\n",
        "wrong": "FROM scratch\n",
    }.items():
        (project / "app" / folder).mkdir(parents=True)
        (project / "app" / folder / "Dockerfile").write_text(text)
    (project / "app/wrong/.pylint-docker.yaml").write_text("selekt: [PLD2]\n")
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    path = tmp / "bin"
    path.mkdir()
    (path / "pylint-docker").symlink_to(binary)
    report = project / "gl-code-quality-report.json"

    cases = [  # inputs, exit code, what the report holds
        ({"paths": "app/clean"}, 0, []),
        ({"paths": "app/clean\napp/found here\n"}, 1, ["app/found here/Dockerfile"]),
        ({"paths": "", "working_directory": "app/found here"}, 1, ["app/found here/Dockerfile"]),
        ({"paths": "app/found here", "args": "--select PLD1  --fail-on error"}, 0, []),
        ({"paths": "app/found here", "args": "--exit-zero"}, 0, ["app/found here/Dockerfile"]),
        ({"paths": "app/wrong"}, 2, None),
        ({"paths": "none\napp/found here"}, 2, None),
        ({"paths": "$(touch hostile)\n`touch hostile`; touch hostile\n--fix\n*", "args": "$(touch${IFS}hostile) ;touch *"}, 2, None),
        ({"working_directory": "$(touch hostile)"}, 2, None),
    ]
    shells = [s for s in (["dash", "-e"], ["bash", "-eo", "pipefail"], ["busybox", "sh", "-e"]) if shutil.which(s[0])]
    for shell in shells:
        for given, code, paths in cases:
            report.unlink(missing_ok=True)
            made = job(**given)["pylint-docker"]
            env = {"PATH": f"{path}:/usr/bin:/bin", "CI_PROJECT_DIR": str(project)}
            env.update({name: variable["value"] for name, variable in made["variables"].items()})
            script = "\n".join(made["script"])
            done = subprocess.run([*shell, "-c", script], cwd=project, env=env, capture_output=True, text=True, check=False)
            said = f"{shell[0]} {given}: {done.returncode}\n{done.stdout}{done.stderr}"
            print(said)
            assert done.returncode == code or code == 2 and "working_directory" in given, said
            found = [finding["location"]["path"] for finding in json.loads(report.read_text())] if report.exists() else None
            assert found == paths, f"{said}{found}, not {paths}"
            assert not list(tmp.rglob("hostile")), said

    # Where the image has none, it comes from PyPI.
    made = job(paths="app/clean", version=version(wheels))["pylint-docker"]
    env = {"PATH": f"{pathlib.Path(sys.executable).parent}:/usr/bin:/bin", "CI_PROJECT_DIR": str(project), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    env.update({name: variable["value"] for name, variable in made["variables"].items()})
    script = "\n".join([*made["script"][:1], "command -v pylint-docker", *made["script"][1:]])
    done = subprocess.run([*shells[0], "-c", script], cwd=project, env=env, capture_output=True, text=True, check=False)
    print(f"from a wheel: {done.returncode}\n{done.stdout}{done.stderr}")
    assert done.returncode == 0 and str(binary) not in done.stdout and "1 file checked" in done.stdout, done.stdout + done.stderr
    print(f"the GitLab job: {len(cases)} cases in {', '.join(s[0] for s in shells)}")


with tempfile.TemporaryDirectory() as folder:
    os.environ["GIT_CONFIG_GLOBAL"] = os.environ["GIT_CONFIG_SYSTEM"] = os.devnull
    main(pathlib.Path(folder))
