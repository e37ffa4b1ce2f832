"""A WSGI application that says which libpq it has been linked with."""

import psycopg2


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"libpq {psycopg2.__libpq_version__ // 10000}".encode()]
