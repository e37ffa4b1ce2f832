import sys

import bottle


@bottle.route("/")
def index():
    return "hello from " + sys.prefix.split("/")[-1]


bottle.run(host="0.0.0.0", port=8098)
