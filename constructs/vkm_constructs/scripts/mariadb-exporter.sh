#!/bin/sh
# Makes the exporter's user: it sees the server's state, no table's rows. The image runs this once, on an empty data
# directory, with the server on its socket only.
set -eu

quoted() { sed "s/[\\\\']/\\\\&/g" "/run/secrets/mariadb/$1"; }

# Not localhost: with skip-name-resolve, that is the socket, and the exporter comes in over TCP.
MYSQL_PWD=$(cat /run/secrets/mariadb/root-password) mariadb --user=root <<SQL
CREATE USER 'exporter'@'127.0.0.1' IDENTIFIED BY '$(quoted exporter-password)' WITH MAX_USER_CONNECTIONS 3;
GRANT PROCESS, REPLICATION CLIENT, SLAVE MONITOR ON *.* TO 'exporter'@'127.0.0.1';
SQL
