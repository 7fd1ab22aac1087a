# Zhiban needs GNU make, git and Python 3.11 or newer; everything else is installed into .venv.
#
#   make run    install once, load the demo, serve at http://127.0.0.1:8000   (PORT=8080 for another port)
#   make test   lint, types and every test
#   make hunt   the random proofs again and again with new chances   (ROUNDS=20 for more)
#   make bench  the benchmark of one durable step
#   make lint   lint and types only
#   make clean  remove .venv and caches; your data in var/ stays

PYTHON  ?= python3
PORT    ?= 8000
WORKERS ?= 2
ROUNDS  ?= 5
VENV    := .venv
BIN     := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable
WHAT_IS_NEEDED := setup.cfg pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test hunt bench lint clean

help:
	@sed -n 's/^#   //p' Makefile

run: $(VENV)/installed
	@$(BIN)/python run.py demo --port $(PORT)

# Every check runs even when an earlier one fails, so that one look shows everything; then make fails.
CHECKS = status=0; for check in "ruff check" "ruff format --check" mypy; do \
	  echo "$$check"; $(BIN)/python -m $$check || status=1; done

lint: $(VENV)/installed-for-tests
	@$(CHECKS); exit $$status

test: $(VENV)/installed-for-tests
	@$(CHECKS); [ $$status = 0 ] || echo "lint or types failed, see above; the tests run all the same" >&2; \
	$(BIN)/python -m pytest -n $(WORKERS) || status=1; exit $$status

hunt: $(VENV)/installed-for-tests
	@for round in $$(seq $(ROUNDS)); do \
	  CI= $(BIN)/python -m pytest -n $(WORKERS) -m hypothesis tests || exit 1; done

bench: $(VENV)/installed
	@$(BIN)/python run.py bench step

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis ci-output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/installed: $(VENV)/made $(WHAT_IS_NEEDED)
	@echo "Installing what Zhiban needs into $(VENV); this happens once and takes about a minute."
	@$(INSTALL) .
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/made $(WHAT_IS_NEEDED)
	@echo "Installing what Zhiban and its tests need into $(VENV); this happens once and takes about a minute."
	@$(INSTALL) ".[test]"
	@touch $@

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Zhiban needs Python 3.11 or newer, and $(PYTHON) is: $$($(PYTHON) --version 2>&1 | head -n 1)" >&2; \
	  echo "Install a newer one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@
