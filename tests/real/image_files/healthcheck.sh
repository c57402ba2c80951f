#!/bin/sh
# Two tests of the image `mariadb`'s healthcheck.sh, as it documents them. --connect: the server lets a client in over
# TCP, which it does not while the image sets it up. --innodb_initialized: InnoDB has started, and recovered.
set -eu

answers_1() {
  [ "$(mariadb --defaults-file=/var/lib/mysql/.my-healthcheck.cnf --batch --skip-column-names --execute="$1")" = 1 ]
}

for test in "$@"; do
  case $test in
    --connect) answers_1 'SELECT 1' ;;
    --innodb_initialized)
      answers_1 "SELECT 1 FROM information_schema.engines WHERE engine = 'InnoDB' AND support IN ('YES', 'DEFAULT')"
      ;;
    *) exit 2 ;;
  esac
done
