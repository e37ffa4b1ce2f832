from setuptools import setup

setup(
    name="myapp",
    version="1.0.0",
    package_dir={"": "src"},
    packages=["myapp"],
    install_requires=["attrs", "click", "tabulate"],
    entry_points={"console_scripts": ["myapp = myapp.main:main"]},
)
