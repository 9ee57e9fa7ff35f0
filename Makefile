# Trust Growth Workbench. `make` alone lists what can be made.

TRUST ?= data/demo

# The first Python on the path that is new enough and can make a virtual environment.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run-stamp
DEV := $(VENV)/.dev-stamp

# The lock pins the build backend too, so the package itself needs no index (see docs/decisions).
# Bytecode is written at once: a first start would otherwise compile hundreds of files, and every
# start where Python is told to write none.
define install
$(BIN)/python -m pip install --quiet --compile --require-hashes --requirement $(1)
$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
$(BIN)/python -m compileall -q workbench
endef

.PHONY: help setup report lab test lint format references schemas pictures bench bench-runs faults lock browser pango clean
.DEFAULT_GOAL := help

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(RUN) ## Set up .venv with what running needs (report does this by itself)

report: $(RUN) ## Write every school review and scenario report of the demo trust (or TRUST=folder)
	$(BIN)/workbench report $(TRUST)

lab: $(RUN) ## Open the notebooks in JupyterLab
	$(BIN)/workbench lab

# The model is compiled once, before several workers would each compile it at the same time.
test: $(DEV) browser pango ## Run all tests: pytest, and nbval over the committed notebooks
	$(BIN)/workbench simulate data/demo --scenario steady --replicates 20 --json >/dev/null
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile \
		--nbval --nbval-current-env --nbval-cell-timeout=300 tests notebooks

lint: $(DEV) ## Check style, types, import contracts and notebooks
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --quiet tests/project

format: $(DEV) ## Rewrite the code in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

references: $(DEV) ## Run the committed notebooks again and store their outputs for nbval
	$(BIN)/python -m workbench.evidence.references

schemas: $(RUN) ## Write the JSON Schemas beside the parameter files again
	$(BIN)/python -m workbench.parameters.schemas

pictures: $(DEV) browser pango ## Make the pictures of every report kind in docs/pictures again
	$(BIN)/python docs/pictures/make.py

bench: $(DEV) browser ## Measure the model's speed, that of every trust of England and of the explorer, and intervals of impact
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.england
	$(BIN)/python -m benchmarks.explorer
	$(BIN)/python -m benchmarks.impact

bench-runs: $(DEV) ## Measure how fast notebooks are run, beside papermill alone
	$(BIN)/python -m benchmarks.runs

faults: $(DEV) ## Kill, starve and hang 350 small batches at random moments, and look what is left
	$(BIN)/python -m tests.faults.kills

# An existing pin is kept while pyproject.toml allows it; UPGRADE=--upgrade takes the newest.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock'
lock: $(DEV) ## Write both locks again from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	| $(BIN)/$(LOCK) $(UPGRADE) pyproject.toml - --output-file requirements.lock
	$(BIN)/$(LOCK) $(UPGRADE) pyproject.toml requirements.lock \
		--extra dev --extra bench --output-file requirements-dev.lock

browser: $(DEV)
	@.ci/browser $(BIN)/playwright

pango: $(DEV)
	@.ci/pango $(BIN)/python

clean: ## Remove .venv, caches and every run's outputs
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find outputs -mindepth 1 ! -name .gitkeep -delete
	find workbench tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or later with venv on the path." \
		"Install one (Debian: apt install python3 python3-venv)" \
		"or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	$(call install,requirements.lock)
	@touch $(RUN)

# The development lock holds every pin of the running lock, so it satisfies both.
$(DEV): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call install,requirements-dev.lock)
	@touch $(RUN) $(DEV)
