"""Builds a wheel from the source distribution with Go: the build backend of pyproject.toml (PEP 517).

It needs nothing but Python's own library and Go. Wheels of a release come from packaging/pypi.go.
"""

import base64
import email
import hashlib
import json
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
import zipfile

ROOT = os.getcwd()  # PEP 517: the folder of pyproject.toml
HERE = os.path.dirname(os.path.abspath(__file__))


class UnsupportedOperation(Exception):
    """What PEP 517 has a backend raise for what it can not do."""


def get_requires_for_build_wheel(config_settings=None):
    return []


def get_requires_for_build_sdist(config_settings=None):
    return []


def build_sdist(sdist_directory, config_settings=None):
    raise UnsupportedOperation("this already is the source distribution; packaging/release of the repository makes it")


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = _base() + ".dist-info"
    for name, content in _information().items():
        path = os.path.join(metadata_directory, folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    return folder


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    program = "pylint-docker" + (".exe" if os.name == "nt" else "")
    files = {}
    for name in ("__init__.py", "__main__.py"):
        files["pylint_docker/" + name] = _read(os.path.join(HERE, "pylint_docker", name))
    files[_base() + ".data/scripts/" + program] = _build(program)
    for name, content in _information().items():
        files[_base() + ".dist-info/" + name] = content
    record = _base() + ".dist-info/RECORD"
    lines = [f"{name},sha256={_hash(content)},{len(content)}\n" for name, content in files.items()]
    files[record] = ("".join(lines) + record + ",,\n").encode()
    wheel = f"{_base()}-{_tag()}.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # Unix: the mode is read
            member.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            archive.writestr(member, content)
    return wheel


def _build(program):
    go = shutil.which("go")
    if go is None:
        needed = re.search(r"^go (\S+)$", _read(os.path.join(ROOT, "go.mod")).decode(), re.MULTILINE).group(1)
        raise SystemExit(
            "pylint-docker has no wheel for this platform and is compiled with Go, which is not on the PATH: "
            f"install Go {needed} or newer (https://go.dev/dl/) and try again."
        )
    with open(os.path.join(HERE, "build.json"), encoding="utf-8") as file:
        build = json.load(file)
    environment = dict(os.environ)
    environment.update(pair.split("=", 1) for pair in build["environment"])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, program)
        # Unpacked below a clone of something else, Go would ask git for the commit of that.
        command = [go, "build", "-buildvcs=false", "-o", path, *build["arguments"][1:]]
        result = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if result.returncode != 0:
            raise SystemExit(f"pylint-docker could not be compiled: go build ended with {result.returncode}, see above.")
        return _read(path)


def _information():
    """The files of the .dist-info folder but RECORD."""
    return {
        "METADATA": _read(os.path.join(ROOT, "PKG-INFO")),
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: pylint-docker\nRoot-Is-Purelib: false\nTag: {_tag()}\n".encode(),
        "licenses/LICENSE": _read(os.path.join(ROOT, "LICENSE")),
    }


def _base():
    return "pylint_docker-" + email.message_from_bytes(_read(os.path.join(ROOT, "PKG-INFO")))["Version"]


def _tag():
    return "py3-none-" + re.sub(r"[-.]", "_", sysconfig.get_platform())


def _hash(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _read(path):
    with open(path, "rb") as file:
        return file.read()
