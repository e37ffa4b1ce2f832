from blacksheep import Application, get

from shared.names import shout

app = Application()


@get("/")
def home():
    return shout("api")
