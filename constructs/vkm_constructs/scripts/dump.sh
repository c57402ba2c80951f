#!/bin/sh
# Dumps a database into /dumps: under another name first, read back, given a checksum, renamed; then older dumps go.
# A file that has a dump's name is a whole dump, with its checksum beside it.
#
# DUMP: how the files' names begin. RETAIN: how many are kept. DATABASE_HOST, DATABASE_PORT: the server.
# /run/secrets/database: the database, its user and the user's password, as files.
set -eu
umask 077

# Sets `suffix`; has `dump FILE` and `verify FILE`.
suffix=
# shellcheck source=/dev/null
. /scripts/engine.sh

partial=
problem="it did not start"
finish() {
  status=$?
  [ -z "$partial" ] || rm -f "$partial"
  [ "$status" -eq 0 ] || echo "DUMP FAILED: $problem" >&2
}
trap finish EXIT
trap 'exit 143' TERM

problem="/run/secrets/database or /dumps cannot be read"
# shellcheck disable=SC2034 # `dump` reads them
database=$(cat /run/secrets/database/database)
# shellcheck disable=SC2034
username=$(cat /run/secrets/database/username)
# shellcheck disable=SC2034
password=$(cat /run/secrets/database/password)
cd /dumps

problem="/dumps cannot be written to"
# What a run left that was killed; none lives for a day.
find . -maxdepth 1 -name '.partial-*' -mmin +1440 -exec rm -f '{}' +
file=$DUMP-$(date -u +%Y%m%dT%H%M%SZ).$suffix
partial=.partial-$file
: >"$partial"

problem="the database could not be dumped from $DATABASE_HOST:$DATABASE_PORT"
dump "$partial"
problem="what was dumped is not complete"
verify "$partial"

problem="the dump could not be given its name"
sync "$partial"
sum=$(sha256sum <"$partial")
printf '%s  %s\n' "${sum%% *}" "$file" >"$file.sha256"
sync "$file.sha256"
mv "$partial" "$file"
partial=

problem="$file is complete, but older dumps could not be removed"
# Names sort by time. Exactly this pattern: names of other dumps may begin with this one's.
set -- "$DUMP"-????????T??????Z."$suffix"
while [ "$#" -gt "$RETAIN" ]; do
  rm "$1"
  rm -f "$1.sha256"
  shift
done
echo "dumped: $file, $(stat -c %s "$file") bytes; $# kept"
