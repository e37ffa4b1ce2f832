from setuptools import find_packages, setup

setup(
    name="ledger",
    version="0.3",
    packages=find_packages(exclude=["tests"]),
    install_requires=["colorama==0.4.6"],
    entry_points={"console_scripts": ["ledger=ledger.core:main"]},
)
