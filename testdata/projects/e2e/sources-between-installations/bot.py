import click
import colorama

print(click.__name__, colorama.__version__)
