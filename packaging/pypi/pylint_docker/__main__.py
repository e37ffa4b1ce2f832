"""Starts the program that was installed with this package."""

import os
import subprocess
import sys
import sysconfig


def find_program():
    """The path of the program. Raises FileNotFoundError if it is not where pip puts scripts."""
    name = "pylint-docker" + (".exe" if os.name == "nt" else "")
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", scheme="nt_user" if os.name == "nt" else "posix_user"),
        os.path.join(package, "bin"),  # pip install --target
    ]
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    raise FileNotFoundError("pylint-docker: the program is in none of " + ", ".join(folders))


def main():
    try:
        command = [find_program(), *sys.argv[1:]]
    except FileNotFoundError as error:
        sys.exit(str(error))
    if os.name == "nt":  # exec there does not wait for the program
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
