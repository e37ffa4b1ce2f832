from more_itertools import chunked
from rounding import tidy


def distance(*numbers):
    a, b = chunked(numbers, 2)
    return tidy(sum((x - y) ** 2 for x, y in zip(a, b)) ** 0.5)
