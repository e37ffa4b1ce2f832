"""Works through the queue."""

import psycopg2

print("waiting", psycopg2.apilevel)
