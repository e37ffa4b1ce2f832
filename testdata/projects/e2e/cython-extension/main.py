import numpy

import fast

print(fast.triangle(100), numpy.sum([1, 2]))
