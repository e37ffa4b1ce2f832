from collections import Counter
from importlib.metadata import version
from importlib.resources import files

import click
from tabulate import tabulate


@click.command()
@click.version_option(version("wordcount"))
@click.argument("words", nargs=-1)
def main(words):
    stop = files("wordcount").joinpath("stop.txt").read_text().split()
    click.echo(tabulate(Counter(w for w in words if w not in stop).most_common()))
