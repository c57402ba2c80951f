#!/bin/sh
# Serves on while Traefik forgets this pod, then lets running requests end.
sleep 5
nginx -e stderr -c /config/nginx.conf -s quit
while [ -e /opt/zammad/tmp/nginx.pid ]; do
  sleep 1
done
