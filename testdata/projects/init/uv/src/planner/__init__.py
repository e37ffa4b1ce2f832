import sys
from datetime import date

from dateutil.relativedelta import relativedelta


def main():
    year, month = map(int, sys.argv[1:])
    print(date(year, month, 1) + relativedelta(months=1, days=-1))
