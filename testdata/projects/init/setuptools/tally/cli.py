from importlib import metadata, resources

import yaml
from dateutil import parser


def main():
    words = yaml.safe_load(resources.files("tally").joinpath("words.yaml").read_text())
    print(metadata.version("tally"), sum(words.values()))


def days():
    print((parser.parse("2024-03-01") - parser.parse("2024-02-01")).days)
