#!/bin/sh
# What the image `mariadb` says that it does when it starts. On an empty data directory: it makes the database and its
# user, root with its password, and a user for healthcheck.sh, and runs the scripts, with a server that listens on its
# socket only. Then, and at every other start, the server takes this script's place, with the container's arguments.
set -eu

# A file's text between single quotes, and a name between backquotes.
text() { sed "s/[\\\\']/\\\\&/g" "$1"; }
# shellcheck disable=SC2016
name() { sed 's/`/``/g' "$1"; }

if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --datadir=/var/lib/mysql --rpm --auth-root-authentication-method=normal --skip-test-db
  mariadbd "$@" --skip-networking --skip-ssl &
  until mariadb-admin --user=root ping >/dev/null 2>&1; do
    kill -0 $!
    sleep 0.1
  done

  healthcheck=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  mariadb --user=root <<SQL
CREATE DATABASE \`$(name "$MARIADB_DATABASE_FILE")\`;
CREATE USER '$(text "$MARIADB_USER_FILE")'@'%' IDENTIFIED BY '$(text "$MARIADB_PASSWORD_FILE")';
GRANT ALL ON \`$(name "$MARIADB_DATABASE_FILE" | sed 's/_/\\_/g')\`.* TO '$(text "$MARIADB_USER_FILE")'@'%';
CREATE USER healthcheck@127.0.0.1 IDENTIFIED BY '$healthcheck';
DELETE FROM mysql.global_priv WHERE User = '' OR User = 'root' AND Host <> '$MARIADB_ROOT_HOST';
FLUSH PRIVILEGES;
ALTER USER root@'$MARIADB_ROOT_HOST' IDENTIFIED BY '$(text "$MARIADB_ROOT_PASSWORD_FILE")';
SQL
  umask 077
  printf '[client]\nuser=healthcheck\npassword=%s\nhost=127.0.0.1\nprotocol=tcp\n' "$healthcheck" \
    >/var/lib/mysql/.my-healthcheck.cnf
  umask 022

  # Where a test looks at this server.
  while [ -s /opt/image/hold ]; do sleep 0.1; done
  for script in /docker-entrypoint-initdb.d/*; do
    # shellcheck source=/dev/null
    if [ -x "$script" ]; then "$script"; else . "$script"; fi
  done
  MYSQL_PWD=$(cat "$MARIADB_ROOT_PASSWORD_FILE") mariadb-admin --user=root shutdown
  wait
fi
exec mariadbd "$@"
