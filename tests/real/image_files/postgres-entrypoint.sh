#!/bin/sh
# What the image `postgres` says that it does when it starts. On an empty data directory: it makes the superuser with its
# password, and the database, and runs the scripts, with a server that listens on its socket only. Then, and at every
# other start, the server takes this script's place, with the container's arguments.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086 # several arguments
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
  printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
  printf '\nhost all all all %s\n' "$(postgres -C password_encryption "$@")" >>"$PGDATA/pg_hba.conf"

  pg_ctl --options="$* -c listen_addresses=''" start
  psql --username="$POSTGRES_USER" --set=ON_ERROR_STOP=1 --set=database="$(cat "$POSTGRES_DB_FILE")" <<'SQL'
CREATE DATABASE :"database";
SQL
  # Where a test looks at this server.
  while [ -s /opt/image/hold ]; do sleep 0.1; done
  for script in /docker-entrypoint-initdb.d/*; do
    # shellcheck source=/dev/null
    if [ -x "$script" ]; then "$script"; else . "$script"; fi
  done
  pg_ctl --mode=fast stop
fi
exec postgres "$@"
