from setuptools import setup

setup(name="suite-core", version="1.0", py_modules=["suite_core"])
