#!/bin/sh
set -eu

if [ "${RUN_MIGRATIONS:-no}" = "yes" ]; then
    python manage.py migrate --noinput
fi

exec "$@"
