#!/bin/sh
# Makes the bindings of the contracts in build/cli/imports, with the cdk8s-cli that package-lock.json pins.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
rm -rf build/cli
mkdir -p build/cli/manifests/vkm_manifests
cp -r package.json package-lock.json .npmrc cdk8s.yaml build/cli/
cp -r manifests/vkm_manifests/contracts build/cli/manifests/vkm_manifests/
npm ci --prefix build/cli --no-audit --no-fund --silent
cd build/cli
PATH="$PWD/node_modules/.bin:$PATH"
cdk8s import --check-upgrade=false
