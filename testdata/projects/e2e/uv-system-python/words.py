"""Prints a plural."""

import inflect

print(inflect.engine().plural("stage"))
