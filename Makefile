# Every target sets up what it needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NODE_STAMP := node_modules/.installed
.DEFAULT_GOAL := help
.PHONY: help setup demo walkthrough test check fmt lint types imports law docs vectors docs-check bench mutants fuzz fuzz-long lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) $(NODE_STAMP) ## make the environment from the hashed lock

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

$(NODE_STAMP): package-lock.json | $(STAMP)
	@if command -v npm >/dev/null; then npm ci --silent && touch $@; \
	else echo "npm is not here: tests of what is exported to CertLogic are skipped, and make check fails" >&2; fi

.PHONY: engines
engines: ## what tests want of the system: Chromium for the pages, Java for Spark; installed where Debian's packages can be
	@for one in chromium:chromium java:default-jre-headless; do \
	    command -v $${one%%:*} >/dev/null || { command -v apt-get >/dev/null && apt-get -qq update && \
	    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $${one##*:} >/dev/null; } || \
	    echo "$${one%%:*} is not here: its tests are skipped, and make check fails" >&2; done

demo: setup ## a node with sample data, its web site open to use on this machine; Ctrl-C stops it
	@$(BIN)/python tools/demo.py

walkthrough: setup ## on the command line: decide the sample contracts, then issue, verify and cancel certificates
	@$(BIN)/python tools/walkthrough.py
	@$(BIN)/python tools/walkthrough_certificate.py

test: setup engines ## run all tests (T=path to run some)
	$(BIN)/pytest -n auto $(T)

check: export POLISBRIDGE_CHECK := 1
check: setup fmt-check lint types imports law docs-check mutants fuzz test ## all that CI does

.PHONY: fmt-check
fmt-check: setup
	$(BIN)/ruff format --check .

fmt: setup ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only --exit-zero .

lint: setup ## ruff
	$(BIN)/ruff check .

types: setup ## mypy, strict
	$(BIN)/mypy

imports: setup ## import-linter: imports point down
	$(BIN)/lint-imports

law: setup ## check every provision against its cases
	$(BIN)/polisbridge --law law law check

vectors: setup ## write the boundary vectors of the law and the vectors of certificates
	$(BIN)/python tools/vectors.py
	$(BIN)/python tools/certificate_vectors.py

docs: setup ## generate the pages for lawyers from law/
	$(BIN)/python tools/docs.py

docs-check: setup ## fail when generated pages or vectors are stale
	$(BIN)/python tools/docs.py --check
	$(BIN)/python tools/vectors.py --check
	$(BIN)/python tools/certificate_vectors.py --check

mutants: setup ## the mutation gate over the whole law, with its count
	$(BIN)/python tools/mutants.py

fuzz: setup ## a million hostile certificates, and status lists and pictures; any undocumented end fails
	$(BIN)/python tools/fuzz.py --inputs 1000000 --processes 2 --save build/fuzz

FUZZ_SECONDS ?= 600
fuzz-long: setup ## guided by coverage, FUZZ_SECONDS=600 (atheris, beside the environment)
	[ -d build/atheris/atheris ] || $(BIN)/pip install --quiet --target build/atheris atheris
	PYTHONPATH=build/atheris $(BIN)/python tools/fuzz_atheris.py build/corpus -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build/

bench: setup ## decisions, cold start, certificates, QR pictures, trust data, status lists, the whole kit: ratios of one run each
	$(BIN)/python benchmarks/decide.py
	$(BIN)/python benchmarks/cold_start.py
	$(BIN)/python benchmarks/verify.py
	$(BIN)/python benchmarks/qr.py
	$(BIN)/python benchmarks/trust.py
	$(BIN)/python benchmarks/status_list.py
	$(BIN)/python benchmarks/kit.py

.PHONY: bench-portfolio
SIZE ?= 1000000
bench-portfolio: setup ## a portfolio of SIZE=1000000 rows, ours beside hand-written SQL and Polars (OpenFisca beside the environment)
	@test -d build/openfisca/openfisca_core \
	|| $(BIN)/pip install --quiet --disable-pip-version-check --target build/openfisca openfisca-core \
	|| echo "openfisca-core does not install, so it takes no part" >&2
	$(BIN)/python benchmarks/portfolio.py --rows $(SIZE)

.PHONY: bench-load
bench-load: setup ## a node under load: decisions beside its empty endpoint, verifications during uploads of 50 000 persons
	$(BIN)/python benchmarks/load.py

lock: ## make requirements.lock anew (needs pip-tools)
	$(PYTHON) tools/lock.py

clean: ## remove what was made
	rm -rf $(VENV) node_modules build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
