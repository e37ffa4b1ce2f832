"""The command line."""

import argparse

import requests


def main() -> None:
    parser = argparse.ArgumentParser(description="Tell the weather of a place.")
    parser.add_argument("place")
    place = parser.parse_args().place
    answer = requests.get("https://weather.example/v1", params={"q": place}, timeout=10)
    answer.raise_for_status()
    print(answer.text)
