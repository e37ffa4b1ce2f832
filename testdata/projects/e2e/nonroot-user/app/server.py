import getpass
from pathlib import Path

from quart import Quart

app = Quart(__name__)


@app.get("/")
async def index():
    (Path("data") / "visited").write_text("yes")
    return f"served by {getpass.getuser()}\n"
