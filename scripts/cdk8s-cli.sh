#!/bin/sh
# Installs the cdk8s-cli that package-lock.json pins, in build/npm; once for each lock file.
set -eu
cd "$(dirname "$0")/.."
cmp -s package-lock.json build/npm/installed && exit 0
rm -rf build/npm
mkdir -p build/npm
cp package.json package-lock.json .npmrc build/npm/
PATH="$PWD/.venv/bin:$PATH" npm ci --prefix build/npm --no-audit --no-fund --silent
cp package-lock.json build/npm/installed
