import psycopg2.extensions

print(psycopg2.extensions.make_dsn(host="db", dbname="x"))
