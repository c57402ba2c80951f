#!/bin/sh
# Waits until the database answers and BookStack's migrations have all run, so that no pod serves on an older schema.
# A migration Job of the same version runs them; this only looks.
set -eu

deadline=$(($(date +%s) + ${WAIT_SECONDS:-900}))
until status=$(php artisan migrate:status --no-ansi 2>&1) && ! printf '%s\n' "$status" | grep -q 'Pending'; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "The migrations are not done. See the Job bookstack-migrate-*. What artisan said last:" >&2
    printf '%s\n' "$status" >&2
    exit 1
  fi
  echo "waiting for the database and its migrations"
  sleep 5
done
echo "all migrations have run"
