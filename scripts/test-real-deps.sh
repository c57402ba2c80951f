#!/bin/sh
# Installs what `make test-real` needs: PyPI packages into .venv, and Debian packages, whose services are not started.
set -eu
cd "$(dirname "$0")/.."

debian="bubblewrap busybox iproute2 mariadb-server nginx-light postgresql prometheus prometheus-mysqld-exporter
  prometheus-postgres-exporter prometheus-redis-exporter redis-server shellcheck socat"

.venv/bin/python -m pip install --quiet --require-hashes --no-deps --requirement requirements-real.txt

# It wants older versions of packages that .venv has, too: in an environment of its own.
checkov=3.3.30
if [ ! -e "build/checkov/is-$checkov" ]; then
  rm -rf build/checkov
  .venv/bin/python -m venv build/checkov
  build/checkov/bin/python -m pip install --quiet "checkov==$checkov"
  touch "build/checkov/is-$checkov"
fi

scripts/cdk8s-cli.sh

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
