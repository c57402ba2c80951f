#!/bin/sh
# cdk8s-cli makes exactly the committed bindings, and synthesizes the bytes that main.py writes.
set -eu
cd "$(dirname "$0")/.."
scripts/cdk8s-import.sh
diff -r -x __pycache__ imports build/cli/imports
echo 'imports/ is what cdk8s import makes of the contracts'

PATH="$PWD/build/npm/node_modules/.bin:$PWD/.venv/bin:$PATH"
CDK8S_OUTDIR=build/cli/main python main.py
cdk8s synth --check-upgrade=false --output build/cli/dist
diff -r build/cli/main build/cli/dist
echo 'cdk8s synth writes what main.py writes'
