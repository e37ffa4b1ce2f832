from sheet import total

print(total())
