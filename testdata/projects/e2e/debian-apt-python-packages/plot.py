import numpy
from prettytable import PrettyTable

table = PrettyTable(["x", "square"])
for x in numpy.arange(3):
    table.add_row([x, x * x])
print(table)
