import sys

import pandas as pd

sales = pd.read_csv(sys.argv[1])
print(sales.groupby("shop").amount.agg(["sum", "mean"]).round(2).to_string())
