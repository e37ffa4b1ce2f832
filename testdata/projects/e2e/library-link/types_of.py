"""Prints the version of libmagic, which a setting names by the link that its headers bring."""

import ctypes
import os

import psycopg2

library = ctypes.CDLL(os.environ["MAGIC_LIBRARY"])
print("libmagic", library.magic_version(), "libpq", psycopg2.extensions.libpq_version() > 0)
