from decimal import Decimal


class Money(Decimal):
    def __add__(self, other):
        return Money(Decimal.__add__(self, other))
