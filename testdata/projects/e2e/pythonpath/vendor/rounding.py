def tidy(x):
    return round(x, 3)
