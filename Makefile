# `make` builds everything; `make test` runs the tests. Needs only Python 3.11 to 3.13, make and git.
PYTHON ?= python3
CORES ?= 4
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
PIP := --quiet --disable-pip-version-check
export OMP_NUM_THREADS := 1

.PHONY: all environment cluster build demo site hooks test coverage browser check generated lock changelog benchmark simulation mutations kills damaged clean

all: build

environment: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "casepool needs Python 3.11, 3.12 or 3.13 (found %d.%d); call make PYTHON=python3.12" % v)'
	@echo "Installing the pinned packages into $(VENV) (one to two minutes, once)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(PIP) --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install $(PIP) --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# Beside it what hands jobs to a cluster (docs/clusters.md): once it is there, each start of Snakemake imports it.
cluster: $(STAMP)
	$(BIN)/python -m pip install $(PIP) --require-hashes --requirement requirements-cluster.lock

build: $(STAMP)
	@PATH="$(CURDIR)/$(BIN):$$PATH" casepool build --cores $(CORES)

# An invented registry and literature, in a folder of its own.
demo: $(STAMP)
	$(BIN)/python demo/generate.py
	PATH="$(CURDIR)/$(BIN):$$PATH" snakemake --directory demo/build --cores $(CORES)

# The documentation as a site, in site/: start with site/index.html. A warning is an error.
site: $(STAMP)
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --nitpicky --fresh-env --write-all --quiet -d .sphinx docs site
	@echo "The site: site/index.html"

# Refuse to commit registry rows; merge curated tables by their keys.
hooks:
	git config core.hooksPath .githooks
	git config merge.casepool.name "curated tables of casepool, by their keys"
	git config merge.casepool.driver "sh .githooks/merge-table %O %A %B %P"

test: $(STAMP)
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

# The tests once more, with the lines and branches that none of them runs; fails below the limits of .ci/covered.py.
coverage: $(STAMP)
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --cov --cov-report=json
	$(BIN)/python .ci/covered.py

# The tests in a real browser; needs Chromium (Debian: chromium), or the path of one in CHROMIUM.
browser: $(STAMP)
	$(BIN)/python -m pip install $(PIP) --require-hashes --requirement requirements-browser.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest tests/browser

check: $(STAMP)
	PATH="$(CURDIR)/$(BIN):$$PATH" casepool check

clean:
	find results -mindepth 1 -not -name README.md -delete
	rm -rf .snakemake .sphinx site

generated: build
	$(BIN)/python .ci/generated.py
	$(BIN)/python .ci/case_page.py

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra all --extra dev pyproject.toml --output-file requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group browser --constraints requirements.lock --output-file requirements-browser.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra cluster pyproject.toml --constraints requirements.lock --output-file requirements-cluster.lock
	$(MAKE) generated

# Put the fragments of changelog.d/ into CHANGELOG.md, under the version of src/casepool/__init__.py.
changelog: $(STAMP)
	$(BIN)/towncrier build --yes

benchmark: $(STAMP)
	$(BIN)/python benchmarks/run.py

# Whatever the check passes, the build finishes: 2,000 mutated projects.
mutations: $(STAMP)
	$(BIN)/python tests/mutation_run.py 2000

# A build goes on after any death: 50 kills at random moments, and the bytes of an undisturbed build.
kills: $(STAMP)
	$(BIN)/python tests/kill_run.py 50

# Whatever is damaged in an export, nothing is lost without a word: 2,000 damaged files.
damaged: $(STAMP)
	$(BIN)/python tests/damage_run.py 2000

simulation: build
	PATH="$(CURDIR)/$(BIN):$$PATH" snakemake --snakefile benchmarks/simulation.smk --cores all --quiet rules
	PATH="$(CURDIR)/$(BIN):$$PATH" pytest -m simulation
