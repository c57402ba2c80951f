# The front door. `make` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help synth test test-slow test-real-deps test-real format snapshots docs wheel check-cli bindings contracts lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

synth: .venv/installed ## write the manifests to dist/
	@$(BIN)/python main.py

test: .venv/installed ## format check, lint, type check, tests
	@echo 'format' && $(BIN)/ruff format --check --quiet . || { echo 'not formatted: make format'; exit 1; }
	@echo 'lint' && $(BIN)/ruff check --quiet .
	@echo 'types' && $(BIN)/mypy --no-error-summary && cd examples/project && ../../$(BIN)/mypy --strict --no-error-summary .
	@echo 'tests' && $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

test-slow: .venv/installed ## every slip in the environment's manifests is found (minutes; `test` takes a sample)
	@VKM_EVERYTHING=1 $(BIN)/python -m pytest tests/test_mutations.py --numprocesses auto --maxprocesses 4 --dist worksteal

test-real-deps: .venv/installed ## install what test-real needs: PyPI packages into .venv, Debian packages (as root)
	@scripts/test-real-deps.sh

test-real: .venv/installed ## real servers on the loopback interface run what is synthesized
	@$(BIN)/python -m pytest tests/real -m real

format: .venv/installed ## format, and mend what the linter can
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

snapshots: .venv/installed ## accept the manifests as they are now, and say what that changes
	@rm -rf build/snapshots && mkdir -p build && cp -r tests/__snapshots__ build/snapshots
	@$(BIN)/python -m pytest -qq --tb=short tests/test_environment.py::test_snapshots --snapshot-update
	@$(BIN)/vkm review build/snapshots tests/__snapshots__
	@cd examples/project && ../../$(BIN)/python -m pytest -qq -p no:cacheprovider --snapshot-update tests/test_guestbook.py::test_snapshots

docs: .venv/installed ## write the pages that are made from the manifests
	@$(BIN)/python -m tests.document
	@$(BIN)/python -m tests.rules_page
	@$(BIN)/python -m tests.risks_page
	@$(BIN)/python -m tests.diagrams
	@$(BIN)/python -m tests.stories
	@$(BIN)/python -m tests.test_docs

wheel: .venv/installed ## build the wheel in build/
	@$(BIN)/hatchling build --target wheel --directory build

check-cli: .venv/installed ## cdk8s-cli (npm) synthesizes the same bytes and imports the same bindings
	@scripts/check-cli.sh

bindings: .venv/installed ## make imports/ from the contracts with cdk8s-cli (npm)
	@scripts/cdk8s-import.sh
	@rm -rf imports && cp -r build/cli/imports imports

contracts: .venv/installed ## make the contracts from upstream's CRDs: make contracts UPSTREAM=dir
	@test -n "$(UPSTREAM)" || { echo 'make contracts UPSTREAM=<folder of upstream CRDs, <project>/<plural>.yaml>'; exit 2; }
	@$(BIN)/python crds/make_contracts.py "$(UPSTREAM)"

lock: ## pin the newest dependencies in requirements.txt (needs uv)
	uv pip compile pyproject.toml --extra node --extra diagram --group dev --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet --output-file requirements.txt
	uv pip compile pyproject.toml --extra node --extra diagram --group dev --group real --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet --output-file requirements-real.txt

clean: ## remove what was made
	rm -rf .venv dist build .mypy_cache .pytest_cache .ruff_cache

# Two steps: pip takes hashes for what comes from an index, and none for the checkout itself.
.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is %d.%d: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@echo 'installing into .venv (once)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
