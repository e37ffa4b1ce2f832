from suite_core import name


def names():
    return [name(), "extras"]
