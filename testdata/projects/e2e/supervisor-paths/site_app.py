"""A site that lists what is installed."""

import pathlib

import bottle

app = bottle.Bottle()


@app.get("/")
def packages():
    lines = pathlib.Path("/srv/packages.txt").read_text().splitlines()
    return ", ".join(sorted(line for line in lines if line.startswith(("bottle", "gunicorn"))))
