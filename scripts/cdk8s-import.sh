#!/bin/sh
# Makes the bindings of the contracts in build/cli/imports.
set -eu
cd "$(dirname "$0")/.."
scripts/cdk8s-cli.sh
PATH="$PWD/build/npm/node_modules/.bin:$PWD/.venv/bin:$PATH"
rm -rf build/cli
mkdir -p build/cli/manifests/vkm_manifests
cp cdk8s.yaml build/cli/
cp -r manifests/vkm_manifests/contracts build/cli/manifests/vkm_manifests/
cd build/cli
cdk8s import --check-upgrade=false
