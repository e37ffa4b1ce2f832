import attr
from money import Money


@attr.s
class Quote:
    symbol = attr.ib()
    price = attr.ib()


print(Quote("XYZ", Money("12.50") + Money("0.25")))
