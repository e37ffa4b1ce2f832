import bottle

app = bottle.Bottle()


@app.get("/")
def index():
    return "tea: 3, coffee: 2\n"


if __name__ == "__main__":
    bottle.run(app, server="waitress", host="0.0.0.0", port=8080, quiet=True)
