import sys

import inflection


def main():
    print("Hello,", inflection.titleize(" ".join(sys.argv[1:])))
