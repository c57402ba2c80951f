#!/bin/sh
# Installs what `make test-real` needs: PyPI packages into .venv, and Debian packages, whose services are not started.
set -eu
cd "$(dirname "$0")/.."

debian="redis-server mariadb-server postgresql prometheus nginx-light shellcheck"

.venv/bin/python -m pip install --quiet --require-hashes --no-deps --requirement requirements-real.txt

missing=""
for package in $debian; do
  dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "as root: apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
# Packages would start their services, on ports of this machine: this forbids it while they are installed.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086 # one word for each package
DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $missing >/dev/null
