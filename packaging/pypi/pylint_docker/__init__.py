"""pylint-docker is a program, not a library: this package only finds it, for `python -m pylint_docker`."""
