# What a developer needs; every target sets up first what it needs.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/ready
# Players from npm, which git does not keep and the wheel carries.
PLAYERS := hub/web/static/players/players.json
WORDS := $(wildcard hub/translations/*/LC_MESSAGES/messages.po)
# Functions and mistakes whose first text is a sentence that pages show.
SAY := _ gettext lazy_gettext ngettext:1,2 N_ sentence counted:1,2 InputWrong NotAllowed NotFound TooMany StorageFull StorageSlow WriterClosed \
  JoinRefused LineDropped PeerBusy PeerRefused ShelfLacks UploadTooLarge UploadChanged UploadOffset UploadBusy
# Tests at once: some wait for disks, networks and browsers, so more than two cores.
WORKERS ?= 3
# The tests that run every line and every branch of sync.
SYNC := $(wildcard tests/test_sync_*.py) tests/test_tide_rejoin.py
# What `make check` runs, and `make test` not once more.
CHECKED := tests/test_shape.py tests/test_docs.py tests/test_look_translations.py tests/test_language_literals.py

# Python keeps what it compiled, also where the environment says not to: else every process of the tests, and every
# worker, compiles the program and the tests anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup translations test test-sqlite test-postgresql asked coverage check check-types check-rules check-tests format bench conformance soak screenshots gallery wheel wheels clean

run: setup
	$(BIN)/mangrove init --demo
	$(BIN)/mangrove serve

setup: $(READY) $(WORDS:.po=.mo) $(PLAYERS)

$(READY): setup.cfg pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip setuptools
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $(READY)

$(PLAYERS): players/fetch.py players/package.json players/package-lock.json | $(READY)
	$(BIN)/python players/fetch.py

%.mo: %.po | $(READY)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

translations: setup
	mkdir -p build
	$(BIN)/pybabel --quiet extract --mapping hub/translations/babel.cfg --no-default-keywords $(addprefix --keywords ,$(SAY)) --no-location --sort-output --omit-header --output build/messages.pot hub content
	for words in $(WORDS); do $(BIN)/pybabel --quiet update --width 120 --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete --input-file build/messages.pot --output-file $$words --locale $$(basename $$(dirname $$(dirname $$words))); done

test: test-sqlite test-postgresql

test-sqlite: setup
	$(BIN)/coverage erase
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov=sync --cov-report= --engine sqlite $(SYNC)
	$(BIN)/coverage report --fail-under 100 --skip-covered
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --engine sqlite $(addprefix --ignore=,$(SYNC) $(CHECKED))

test-postgresql: setup
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --engine postgresql -m 'not browser' $(addprefix --ignore=,$(CHECKED))

# Which lines and branches of everything the tests without a browser run.
coverage: setup
	$(BIN)/coverage erase
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --cov --cov-report= --engine sqlite -m 'not browser'
	$(BIN)/coverage report --fail-under 90 --skip-covered

# Two at a time, since each takes one core; what each says stays together.
check: setup
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target check-types check-rules check-tests

check-types: setup
	$(BIN)/mypy

check-rules: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

check-tests: setup
	$(BIN)/pytest -q $(CHECKED)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/python -m bench

# Which tests PostgreSQL runs, so that everything is asked of it once; `make soak` runs all there; CONTRIBUTING.md.
asked: setup
	$(BIN)/python -m tests.asked

# Deliberate faults in the store of learning records, each of which a test must notice; docs/conformance.md.
mutants: setup
	$(BIN)/python -m tests.mutants

# The official xAPI suite, which lies in SUITE with its dependencies; docs/conformance.md says how it gets there.
conformance: setup
	$(BIN)/python -m tests.conformance --suite $(SUITE)

soak: setup
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --engine sqlite --every-case -m 'not browser' $(addprefix --ignore=,$(CHECKED))
	$(BIN)/pytest -n $(WORKERS) --dist worksteal --engine postgresql --every-case -m 'not browser' $(addprefix --ignore=,$(CHECKED))
	MANGROVE_SOAK=3000 $(BIN)/pytest --timeout 0 -n $(WORKERS) tests/test_tide_worlds.py tests/test_sync_bundle_mules.py
	MANGROVE_SOAK=1000 $(BIN)/pytest --timeout 0 tests/test_tide_machine.py
	MANGROVE_SOAK=1000 $(BIN)/pytest --timeout 0 -n $(WORKERS) --engine sqlite tests/test_tide_kill.py
	MANGROVE_SOAK=300 $(BIN)/pytest --timeout 0 -n $(WORKERS) --engine postgresql tests/test_tide_kill.py
	MANGROVE_SOAK=1000 $(BIN)/pytest --timeout 0 -n $(WORKERS) tests/test_xapi_fuzz.py
	MANGROVE_SOAK=3000 $(BIN)/pytest --timeout 0 -n $(WORKERS) tests/test_content_fuzz.py
	MANGROVE_SOAK=50 $(BIN)/pytest --timeout 0 -n $(WORKERS) tests/test_xapi_killed.py
	MANGROVE_SOAK=500 $(BIN)/pytest --timeout 0 -n $(WORKERS) tests/test_content_killed.py

screenshots: setup
	$(BIN)/python -m docs.screenshots

gallery: setup
	$(BIN)/python -m docs.gallery

wheel: setup
	rm -rf build/lib dist/*.whl
	$(BIN)/python -m build --wheel --no-isolation

# What a device without a network needs: the wheel and its libraries' wheels for a 64-bit Pi with Debian 12.
wheels: wheel
	rm -rf dist/wheels
	$(BIN)/pip download --quiet --only-binary=:all: --python-version 3.11 --dest dist/wheels \
	  $(addprefix --platform manylinux_2_,$(addsuffix _aarch64,17 28 34)) --platform manylinux2014_aarch64 dist/mangrove_hub-*.whl

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis hub/web/static/players
