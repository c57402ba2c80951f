# shellcheck shell=sh disable=SC2034,SC2154
# What is MariaDB's own in a dump and in a restore drill; dump.sh and restore-drill.sh read it.
suffix=sql.gz
socket=/scratch/mariadb.sock
server=

dump() {
  # An option file without a file: in MYSQL_PWD, the client overlooks the password and trusts any server (11.4 on).
  escaped=$(printf '%s\n' "$password" | sed 's/[\\"]/\\&/g')
  # This shell knows no pipefail: `dumped` says whether the dump succeeded, not only gzip.
  dumped=$({ {
    mariadb-dump --defaults-file=/dev/fd/4 --host="$DATABASE_HOST" --port="$DATABASE_PORT" --user="$username" \
      --single-transaction --quick --routines --events --triggers --no-tablespaces --hex-blob \
      --default-character-set=utf8mb4 --max-allowed-packet=1G -- "$database" 4<<OPTIONS && echo yes >&3
[client]
password="$escaped"
OPTIONS
  } | gzip >"$1"; } 3>&1)
  [ "$dumped" = yes ]
}

verify() {
  gzip -t "$1"
  gzip -dc "$1" | tail -n 1 | grep -q '^-- Dump completed'
}

sql() {
  # No TLS: there is no network between the two.
  mariadb --no-defaults --socket="$socket" --user=root --skip-ssl --skip-ssl-verify-server-cert \
    --batch --raw --skip-column-names --default-character-set=utf8mb4 --max-allowed-packet=1G "$@"
}

start() {
  mariadb-install-db --no-defaults --datadir=/scratch/data --tmpdir=/scratch/tmp --skip-test-db --rpm \
    --auth-root-authentication-method=normal >/scratch/log 2>&1
  # Nothing here outlives a crash, so nothing is written for one.
  mariadbd --no-defaults --datadir=/scratch/data --tmpdir=/scratch/tmp --socket="$socket" --pid-file=/scratch/pid \
    --skip-networking --skip-ssl --skip-log-bin --innodb-doublewrite=0 --innodb-flush-log-at-trx-commit=0 \
    --max-allowed-packet=1G >>/scratch/log 2>&1 &
  server=$!
  for _ in $(seq 60); do
    kill -0 "$server" || return 1
    # shellcheck disable=SC2015
    sql --execute='SELECT 1' >/dev/null 2>&1 && return || sleep 1
  done
  return 1
}

restore() {
  sql --execute='CREATE DATABASE restored'
  unpacked=$({ { gzip -dc "$1" && echo yes >&3; } | sql restored >&2; } 3>&1)
  [ "$unpacked" = yes ]
}

count() {
  # shellcheck disable=SC2016
  sql restored --execute='
    SELECT CONCAT("SELECT COUNT(*), ", QUOTE(table_name), " FROM `", REPLACE(table_name, "`", "``"), "`;")
    FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type NOT IN ("VIEW", "SEQUENCE")' \
    >/scratch/counting.sql
  sql restored </scratch/counting.sql
}

stop() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; }
}
