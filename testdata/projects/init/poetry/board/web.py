import sys

from pyramid.config import Configurator
from pyramid.response import Response


def home(request):
    return Response("milk, bread\n")


def make():
    with Configurator() as config:
        config.add_route("home", "/")
        config.add_view(home, route_name="home")
        return config.make_wsgi_app()


app = make()


def main():
    print("milk" * int(sys.argv[1]))
