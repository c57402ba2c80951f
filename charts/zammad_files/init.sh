#!/bin/sh
# Brings the database to this version: the schema and the seed on an empty one, the migrations on any other.
set -eu

mkdir -p "$TMPDIR"
# On an empty database Rails may not even start: that is an answer, too.
seeded=$(bundle exec rails runner 'puts User.exists?' || true)
if [ "$(printf '%s\n' "$seeded" | tail -n 1)" = true ]; then
  bundle exec rake db:migrate
  bundle exec rails runner 'Rails.cache.clear; Locale.sync; Translation.sync'
else
  bundle exec rake db:migrate db:seed
fi

# Attachments on the volume that all parts share, and search by the database.
bundle exec rails runner 'Setting.set("storage_provider", "File"); Setting.set("es_url", "")'
