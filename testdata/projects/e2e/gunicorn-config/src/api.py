import os

import falcon


class Ping:
    def on_get(self, request, response):
        response.text = os.environ["GREETING"] + "\n"


app = falcon.App()
app.add_route("/ping", Ping())
