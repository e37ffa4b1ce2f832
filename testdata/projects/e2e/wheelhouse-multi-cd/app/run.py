from suite_extras import names
from toolz import concat

print(list(concat([names(), ["app"]])))
