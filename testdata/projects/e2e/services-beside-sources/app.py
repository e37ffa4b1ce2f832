import psycopg2.extensions


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"libpq %d" % psycopg2.extensions.libpq_version()]
