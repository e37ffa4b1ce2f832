from setuptools import setup

setup(name="suite-extras", version="1.0", py_modules=["suite_extras"], install_requires=["suite-core"])
