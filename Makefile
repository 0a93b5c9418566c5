# The commands a developer needs; each sets up what it needs first.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: run setup test check format bench clean

run: setup
	$(BIN)/mangrove init --demo
	$(BIN)/mangrove serve

setup: $(READY)

$(READY): setup.cfg pyproject.toml
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip setuptools
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage .mypy_cache .pytest_cache .ruff_cache
