import redis
import requests
import ujson
from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return ujson.dumps({"redis": hasattr(redis, "Redis"), "requests": requests.__version__})


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=80)
