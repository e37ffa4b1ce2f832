import math
import sys
from importlib.metadata import version

from dateutil.relativedelta import relativedelta


def main():
    if sys.argv[1:] == ["--version"]:
        print(version("tide"))
        return
    hours = relativedelta(hours=int(sys.argv[1])).hours
    print(f"{math.sin(hours * math.pi / 6.2):+.2f}")
