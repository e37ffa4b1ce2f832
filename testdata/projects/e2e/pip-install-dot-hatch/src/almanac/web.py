from importlib.resources import files

import jinja2
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

page = jinja2.Template(files("almanac").joinpath("page.html").read_text())


def show(request):
    return HTMLResponse(page.render(what=request.path_params["what"]))


app = Starlette(routes=[Route("/{what}", show)])

if __name__ == "__main__":
    uvicorn.run(app, host="0.0.0.0", port=8000)
