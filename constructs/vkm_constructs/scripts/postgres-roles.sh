#!/bin/sh
# Makes the application's role, which owns its database and nothing else, and the exporter's, which can read the server's
# state. The image runs this once, on an empty data directory, as the superuser.
set -eu

cd /run/secrets/postgres
# A variable, not an argument: that may be read as a connection string.
PGDATABASE=$(cat database)
export PGDATABASE
psql --username postgres --set ON_ERROR_STOP=1 --no-psqlrc <<'SQL'
\set database `cat database`
\set username `cat username`
\set password `cat password`
CREATE ROLE :"username" LOGIN PASSWORD :'password';
ALTER DATABASE :"database" OWNER TO :"username";
ALTER SCHEMA public OWNER TO :"username";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL

if [ -e exporter-password ]; then
  psql --username postgres --set ON_ERROR_STOP=1 --no-psqlrc <<'SQL'
\set database `cat database`
\set password `cat exporter-password`
CREATE ROLE exporter LOGIN PASSWORD :'password' CONNECTION LIMIT 3;
GRANT pg_monitor TO exporter;
GRANT CONNECT ON DATABASE :"database" TO exporter;
SQL
fi
