# Two commands on a fresh machine: `make run`, `make test`. Everything else: `make help`.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test check bench soak lock format vendor clean

help: ## Show what can be done
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: .venv/runtime ## Set up everything, then serve at http://127.0.0.1:8000 (PORT, HOST, DATA_DIR, DATABASE_URL)
	@$(BIN)/python -m coordinator.platform.operations.run

test: .venv/dev ## Set up what tests need (chromium, PostgreSQL), then run them all and hold the coverage floor
	@bin/test-requirements
ifeq ($(strip $(ARGS)),)
	@mkdir -p build
	$(BIN)/python -m slipcover --branch --source coordinator --omit 'coordinator/screening/*' \
	  --json --out build/coverage.json -m pytest
	@$(BIN)/python bin/coverage-floor build/coverage.json
else
	$(BIN)/python -m pytest $(ARGS)
endif

check: .venv/dev ## Lint, format, types, contracts, security, vendored files
	@bin/lint

bench: .venv/dev ## Print the figures of docs/performance.md next to their floors (ARGS=--quick: in a minute)
	$(BIN)/python -m bench $(ARGS)

soak: .venv/dev ## The long fault and load runs; results are kept in docs/reliability.md
	@bin/test-requirements
	SOAK=1 $(BIN)/python -m pytest -rP tests/faults $$(grep -rl SOAK tests --include='test_*.py' | grep -v ^tests/faults/) $(ARGS)

lock: .venv/dev ## Pin requirements*.in with hashes
	for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --python-version 3.11 $$name.in -o $$name.lock; done

format: .venv/dev ## Format the code and the templates, sort imports
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .
	$(BIN)/python bin/format-templates

vendor: ## Fetch Bootstrap, htmx and axe again and check them against their sums (needs Node)
	bin/vendor-assets

clean: ## Remove the environment and caches; never the data
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The locks are whole: what they do not name is not installed (--no-deps), so that a package published
# tomorrow changes nothing; `pip check` then says whether anything is missing.
INSTALL := $(BIN)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all:

.venv/runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	    "Name another with: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "python3 with venv is needed: apt-get install python3-venv" >&2; exit 1; }
	@echo "Memasang pustaka (sekali saja) ..."
	@$(INSTALL) -r requirements.lock
	@$(BIN)/python -m pip check
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	@$(INSTALL) -r requirements-dev.lock
	@$(BIN)/python -m pip check
	@touch $@
