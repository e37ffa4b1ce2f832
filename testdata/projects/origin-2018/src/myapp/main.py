import attr
import click
from tabulate import tabulate


@attr.s
class Fruit(object):
    name = attr.ib()
    colour = attr.ib()


@click.command()
@click.option("--colour", help="Only fruit of this colour.")
def main(colour):
    """Print a table of fruit."""
    fruit = [Fruit("apple", "red"), Fruit("banana", "yellow"), Fruit("cherry", "red")]
    rows = [attr.astuple(f) for f in fruit if colour in (None, f.colour)]
    print(tabulate(rows, headers=["name", "colour"]))
