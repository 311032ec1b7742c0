# Avrop: `make demo` to try it, `make test` before you send a change. Needs Python 3.11 and nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
# How many processes test at once; `make test WORKERS=0` runs them in one.
WORKERS ?= 2
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q
FAST := not browser and not slow
# Rooms that know no database need not be tested on a second one.
PLAIN := kernel schematron ubl web

.PHONY: setup demo native test lint types translations test-sqlite test-postgres test-stories test-browser test-long \
        bench messages format lock clean

## What demo and tests share: the virtual environment, the design system's files, the compiled translations.
setup: .venv/.installed
	@$(BIN)/python hatch_build.py

.venv/.installed: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/avrop demo --port $(PORT)

## The native engine of avrop.schematron, for who has a Rust compiler; all works without it, and slower.
native: .venv/.native
.venv/.native: .venv/.installed native/Cargo.toml native/pyproject.toml $(wildcard native/src/*.rs)
	@if ! command -v cargo >/dev/null 2>&1; then echo "native engine: no cargo here; the rules are judged in Python"; \
	elif $(BIN)/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps ./native; then \
	  echo "native engine: installed" && touch $@; \
	else echo "native engine: it could not be built; the rules are judged in Python"; fi

## Everything that must hold before a change is sent. Ends with pytest's own closing line.
test: setup native lint types translations test-sqlite test-postgres test-stories test-browser

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: setup
	$(BIN)/mypy

translations: setup
	$(BIN)/python tools/messages.py --check

test-sqlite: setup
	$(PYTEST) -n $(WORKERS) --dist loadfile -m "$(FAST)" src tests/house tests/bad

test-postgres: setup
	AVROP_TEST_DATABASE=postgres $(PYTEST) -n $(WORKERS) --dist loadfile -m "$(FAST)" $(PLAIN:%=--ignore=src/avrop/%) \
	  src tests/house tests/stories

test-stories: setup
	$(PYTEST) -n $(WORKERS) --dist loadfile -m "$(FAST)" tests/stories

test-browser: setup
	$(PYTEST) -m "browser and not slow" src tests

## Minutes instead of seconds: crashes at every named point, long properties.
test-long: setup
	$(PYTEST) -n $(WORKERS) --dist loadfile -m slow src tests
	AVROP_TEST_DATABASE=postgres $(PYTEST) -n $(WORKERS) --dist loadfile -m slow src tests

bench: setup
	$(BIN)/python benchmarks/run.py --quick

## Bring every room's catalogues up to date with its texts, and say what is left to translate.
messages: setup
	$(BIN)/python tools/messages.py

format: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

## New versions of what we build on; pip-tools lives in a throw-away environment.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet pip-tools
	build/lock/bin/pip-compile --quiet --extra dev --extra postgres $(LOCK) --output-file requirements/dev.txt pyproject.toml
	build/lock/bin/pip-compile --quiet --extra postgres $(LOCK) --output-file requirements/core.txt -c requirements/dev.txt pyproject.toml
LOCK := --generate-hashes --strip-extras --upgrade --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

clean:
	rm -rf .venv build dist src/avrop/web/static/vendor
