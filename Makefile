# Every command sets up what it needs, is safe to run twice, and is quick the second time.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
export PORT
# Whatever the environment says: else every process, and the tests start many, compiles all of the source again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install run demo test test-sqlite test-postgresql lint fmt bench jobs migrate upgrade shell translations lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 18

install: $(VENV)/.ready ## make the environment in .venv (dependencies pinned with hashes, translations compiled)

$(VENV)/.dependencies: requirements.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	touch $@

$(VENV)/.ready: $(VENV)/.dependencies $(wildcard trainer/translations/*/LC_MESSAGES/*.po)
	$(BIN)/pybabel --quiet compile --directory trainer/translations
	touch $@

run: install ## serve a real installation (SQLite, or DATABASE_URL) on 127.0.0.1:8000 (PORT=… for another)
	$(FLASK) upgrade
	$(FLASK) serve

demo: export TRAINER_MODE = demo
demo: install ## serve the demonstration programme, every person in it invented
	$(FLASK) upgrade
	$(FLASK) demo
	$(FLASK) serve

test: test-sqlite test-postgresql ## run every test: SQLite and Chromium, then SQL, locks and migrations on PostgreSQL

test-sqlite: install
	$(BIN)/python -m pytest -n 2

test-postgresql: install
	$(BIN)/python -m pytest -n 2 --database=postgresql -m "on_both or not sqlite_is_enough" tests/models tests/queries tests/services tests/jobs tests/house/test_migrations.py tests/migrations

lint: install ## check style and the obvious mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fmt: install ## put the code into the house's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## print how fast pages are beside bare twins, as ratios
	$(BIN)/python -m benchmarks

jobs: install ## run the scheduler in its own process (JOB=name for one job now)
	$(if $(JOB),$(FLASK) jobs once $(JOB),$(FLASK) jobs run)

migrate: install ## write a migration from what the models say (M="what it does")
	$(FLASK) db migrate -m "$(M)"

upgrade: install ## bring the database to the newest schema
	$(FLASK) upgrade

shell: install ## a Python prompt inside the application
	$(FLASK) shell

translations: install ## collect the words from code and templates into the Chinese catalogue
	$(BIN)/pybabel --quiet extract -F babel.cfg -k lazy_gettext -k _l --no-location --sort-output -o trainer/translations/messages.pot .
	$(BIN)/pybabel --quiet update -i trainer/translations/messages.pot -d trainer/translations --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel --quiet compile --directory trainer/translations

lock: install ## pin the newest versions of what requirements*.in name, with hashes
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header -o requirements.txt requirements.in
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-header -o requirements-dev.txt requirements-dev.in

clean: ## remove the environment and caches (never the database)
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
