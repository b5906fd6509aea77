# Everything a contributor runs. `make help` lists it.
# Needs GNU make, bash and Python 3.11 or newer.

PYTHON ?= python3
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/ready
OUTCODES := allocator/geography/outcodes
ASSETS := api/pages/built/pages-are-built
COMPILED := $(VENV)/compiled
DEMO := build/demo
DEMO_SIZE ?= L
DEMO_SEED ?= 1
DEMO_DAY ?= 2026-11-02
DEMO_EFFORT ?= quick
DEMO_SECONDS ?= 150

# Without bytecode every process that loads the solver takes seconds longer to start.
unexport PYTHONDONTWRITEBYTECODE
# An environment that is active must not draw the installs to itself.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

.PHONY: help setup demo serve test bench lint format types lock clean distclean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) $(OUTCODES).csv $(ASSETS) $(COMPILED) ## make .venv with the locked packages, the outcode table, the pages' style sheets and the solver's machine code (once)

$(STAMP): pyproject.toml requirements/runtime.lock requirements/dev.lock
	@command -v $(PYTHON) >/dev/null || { \
	  echo "make setup: no '$(PYTHON)' here. Install Python 3.11 or newer," \
	       "or say where it is: make setup PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make setup: $(PYTHON) is $$($(PYTHON) --version 2>&1), but 3.11 or newer is" \
	       "needed. Say where one is: make setup PYTHON=/path/to/python" >&2; exit 1; }
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) || { \
	  echo "make setup: could not make $(VENV). On Debian and Ubuntu the package" \
	       "python3-venv must be installed." >&2; exit 1; }
	awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements/dev.lock > $(VENV)/uv.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/uv.lock
	@echo "Installing requirements/dev.lock into $(VENV)"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode requirements/dev.lock || { \
	  echo "uv could not install the packages; trying pip, which is slower." >&2; \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock; }
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(COMPILED): allocator/solving/ready.py $(wildcard allocator/solving/compiled/*.py) | $(STAMP)
	@echo "Compiling the solver's inner loops"
	@$(BIN)/python -c 'from allocator.solving.ready import made_ready; made_ready()'
	@touch $@

$(OUTCODES).csv: $(STAMP) $(OUTCODES).py allocator/geography/national_grid.py
	$(BIN)/python -m allocator.geography.outcodes

# npm comes with a package of requirements/dev.lock: a machine needs no Node of its own.
$(ASSETS): package.json package-lock.json .npmrc api/pages/assets.py | $(STAMP)
	@echo "Installing package-lock.json for the pages"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --prefer-offline --loglevel=error >/dev/null || { \
	  echo "make setup: npm could not install the style sheets of the pages from its registry." \
	       "Is there a network, and does npm know your registry (npm config get registry)?" \
	       "Run make setup again when there is; the command line works without." >&2; exit 1; }
	@$(BIN)/python -m api.pages.assets
	@touch $@

# The first person of the lowest-numbered band in a CSV file of the plan.
FIRST_OF = awk -F, 'NR > 1 && (who == "" || $$4 < band) {who = $$1; band = $$4} END {print who}'
EXPLAIN = $(BIN)/allocator explain $(DEMO)/plan/plan.json $(DEMO)/plan/problem.json
HEADING = @printf '\n=== %s\n\n'

demo: setup ## make up a national problem, allocate it, check it and explain it
	$(HEADING) "Synthetic files: invented people, premises and bookings"
	@mkdir -p $(DEMO)
	@$(BIN)/allocator generate --size $(DEMO_SIZE) --seed $(DEMO_SEED) --as-of $(DEMO_DAY) \
	  -o $(DEMO)/input
	$(HEADING) "Read and checked"
	@$(BIN)/allocator import $(DEMO)/input --as-of $(DEMO_DAY) -o $(DEMO)/problem.json
	$(HEADING) "Allocated: effort $(DEMO_EFFORT), seed $(DEMO_SEED)"
	@$(BIN)/allocator allocate $(DEMO)/problem.json --effort $(DEMO_EFFORT) --seed $(DEMO_SEED) \
	  --time-limit $(DEMO_SECONDS) -o $(DEMO)/plan
	$(HEADING) "The referee, once more and on its own"
	@$(BIN)/allocator check $(DEMO)/plan/plan.json $(DEMO)/plan/problem.json
	$(HEADING) "Why someone has a bed"
	@$(EXPLAIN) --person "$$($(FIRST_OF) $(DEMO)/plan/plan.csv)"
	$(HEADING) "Why someone has none"
	@who="$$($(FIRST_OF) $(DEMO)/plan/unplaced.csv)"; \
	  if [ -n "$$who" ]; then $(EXPLAIN) --person "$$who"; else echo "Everyone has one."; fi
	$(HEADING) "Who would have a bed if their risk were assessed one level higher"
	@$(EXPLAIN) --one-level-up | awk 'NR <= 6 {print} END {if (NR > 6) print "and " NR - 6 " more"}'
	$(HEADING) "All of it is synthetic. To look at: $(DEMO)/plan/report.html and the files beside it"
	@echo "In the pages: make serve EXAMPLE=1 begins with a register like it; open the link that it prints"

SERVICE := build/service
EXAMPLE_FILES := build/example

serve: setup ## the service on this machine; EXAMPLE=1 begins with a synthetic register
	@mkdir -p $(SERVICE)
	@if [ -n "$(EXAMPLE)" ] && [ ! -d $(EXAMPLE_FILES) ]; then \
	  $(BIN)/allocator generate --size M --seed 1 --as-of "$$(date +%F)" -o $(EXAMPLE_FILES); fi
	@$(BIN)/python -m api serve $(if $(EXAMPLE),--example $(EXAMPLE_FILES))

test: setup ## what must pass before a change is taken in
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist worksteal

bench: setup ## run the benchmarks
	$(BIN)/python -m benchmarks.run

lint: setup ## style and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: setup ## put the code into the house's format, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## check the types
	$(BIN)/mypy

UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate

lock: ## bring the locks in line with pyproject.toml; with UPGRADE=--upgrade, renew all
	$(UV_COMPILE) $(UPGRADE) pyproject.toml -o requirements/runtime.lock
	$(UV_COMPILE) $(UPGRADE) pyproject.toml --group dev -c requirements/runtime.lock \
	  -o requirements/dev.lock
	$(UV_COMPILE) $(UPGRADE) --no-deps --group pyproject.toml:bench -o requirements/bench.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm install --package-lock-only --loglevel=error
	@! grep -nE '://|^-' requirements/*.lock package-lock.json

clean: ## remove what runs and tools left behind
	rm -rf build dist mutants .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	rm -rf .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## clean, and remove .venv, the outcode table and the style sheets too
	rm -rf $(VENV) $(OUTCODES).csv node_modules api/pages/built
