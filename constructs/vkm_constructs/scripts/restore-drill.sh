#!/bin/sh
# Restores the newest dump in /dumps into a server of its own and counts what is there. Needs no network and no secrets.
#
# DUMP: how the files' names begin. MAX_AGE_HOURS: how old the newest may be. AT_LEAST_TABLES: how many tables it has at
# least. NOT_EMPTY: names of tables that have rows, with spaces between. The server lives in /scratch, on its socket only.
set -eu
umask 077

# Sets `suffix`; has `start`, `restore FILE`, `count` (prints each table's number of rows and name) and `stop`.
suffix=
# shellcheck source=/dev/null
. /scripts/engine.sh

finish() {
  status=$?
  [ "$status" -eq 0 ] || [ ! -s /scratch/log ] || tail -n 20 /scratch/log >&2
  stop >/dev/null 2>&1 || true
  [ "$status" -eq 0 ] || echo "RESTORE DRILL FAILED: $problem" >&2
}
problem="/dumps cannot be read, or /scratch cannot be written to"
trap finish EXIT
trap 'exit 143' TERM
started=$(date +%s)

cd /dumps
mkdir /scratch/tmp
export TMPDIR=/scratch/tmp

problem="there is no dump $DUMP-*.$suffix in /dumps"
set -- "$DUMP"-????????T??????Z."$suffix"
[ -e "$1" ]
shift $(($# - 1))
newest=$1

# The time in the name, which makes it the newest; a file's own time changes when it is copied.
problem="the name of $newest holds no time"
taken=$(printf '%s\n' "${newest#"$DUMP-"}" | sed -E 's/^(....)(..)(..)T(..)(..)(..)Z.*/\1-\2-\3 \4:\5:\6/')
taken=$(date -u -d "$taken" +%s)
hours=$(((started - taken) / 3600))
problem="$newest is from the future: which clock is wrong?"
[ $((taken - started)) -le 300 ]
problem="$newest is the newest dump and $hours hours old, $MAX_AGE_HOURS at most"
[ $((started - taken)) -le $((MAX_AGE_HOURS * 3600)) ]

problem="$newest has no checksum beside it"
expected=$(cut -d ' ' -f 1 <"$newest.sha256")
problem="$newest is not what was dumped: its checksum differs"
found=$(sha256sum <"$newest")
[ "${found%% *}" = "$expected" ]

problem="the scratch server did not start"
start
problem="$newest could not be restored"
restore "$newest"
# It has nothing to say of what may fail from here on.
: >/scratch/log

problem="the tables of $newest could not be counted"
count >/scratch/counts
tables=0 rows=0
while read -r number table; do
  tables=$((tables + 1)) rows=$((rows + number))
  [ "$number" -eq 0 ] || printf '%s\n' "$table" >>/scratch/filled
done </scratch/counts
problem="$newest has $tables tables, $AT_LEAST_TABLES at least"
[ "$tables" -ge "$AT_LEAST_TABLES" ]
for table in $NOT_EMPTY; do
  problem="$newest has no rows in table $table"
  grep -Fqx -e "$table" /scratch/filled
done

echo "restore drill passed: $newest, $hours hours old, $(stat -c %s "$newest") bytes:" \
  "$tables tables, $rows rows, in $(($(date +%s) - started)) seconds"
