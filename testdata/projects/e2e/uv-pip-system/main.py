from litestar import Litestar, get


@get("/")
async def index() -> dict[str, str]:
    return {"state": "up"}


app = Litestar([index])
