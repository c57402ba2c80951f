# shellcheck shell=sh disable=SC2034,SC2154
# What is PostgreSQL's own in a dump and in a restore drill; dump.sh and restore-drill.sh read it.
suffix=dump

dump() {
  # All in variables, none as an argument: a database's name there may be read as a connection string.
  PGHOST=$DATABASE_HOST PGPORT=$DATABASE_PORT PGUSER=$username PGPASSWORD=$password PGDATABASE=$database \
    pg_dump --format=custom --no-password --file="$1"
}

verify() {
  # Not --list, which reads the beginning only.
  pg_restore --file=/dev/null "$1"
}

start() {
  export PGHOST=/scratch PGUSER=postgres
  initdb --pgdata=/scratch/data --username=postgres --auth=trust --encoding=UTF8 --no-sync >/scratch/log 2>&1
  # Nothing here outlives a crash, so nothing is written for one. Parallel workers want more than a container's /dev/shm.
  pg_ctl --pgdata=/scratch/data --log=/scratch/log --timeout=60 --options="-c listen_addresses='' \
    -c unix_socket_directories=/scratch -c fsync=off -c full_page_writes=off -c autovacuum=off \
    -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB -c max_parallel_maintenance_workers=0" start >/dev/null
}

restore() {
  createdb --template=template0 restored
  pg_restore --exit-on-error --no-owner --no-privileges --dbname=restored "$1"
}

count() {
  psql --no-psqlrc --tuples-only --no-align --field-separator=' ' --set=ON_ERROR_STOP=1 --dbname=restored <<'SQL'
SELECT format('SELECT count(*), %L FROM %s', relname, oid::regclass) FROM pg_class
WHERE relkind = 'r' AND relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema') \gexec
SQL
}

stop() {
  pg_ctl --pgdata=/scratch/data --mode=immediate stop
}
