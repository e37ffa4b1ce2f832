import importlib.util

import emoji
import requests

print(emoji.emojize(":red_heart:"), requests.__version__, importlib.util.find_spec("toml"))
