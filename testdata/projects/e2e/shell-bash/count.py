from sortedcontainers import SortedDict

for name, number in SortedDict(b=2, a=1).items():
    print(number, name)
