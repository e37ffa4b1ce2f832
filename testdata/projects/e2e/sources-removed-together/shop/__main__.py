import importlib.metadata
import os

import click

print(os.getcwd(), os.path.exists("/src/shop"), importlib.metadata.version("shop"), click.style("open", fg="green"))
