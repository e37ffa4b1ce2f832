#!/bin/sh
set -e
python manage.py migrate --noinput >&2
exec "$@"
