# Every target sets up what it needs: uv itself comes from PyPI into .bootstrap/, everything else
# from the lock file into .venv/. What that says goes to standard error: `eval "$(make cluster-up)"`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

UV := .bootstrap/bin/uv
RUN := $(UV) run --locked --no-sync
SYNCED := .venv/.synced
RUNNER_PYTHON := jobimage/src jobimage/install.py tests/jobimage
PYTEST_ARGS ?=
# A file of tests stays with one worker: what it trains or starts once, it shares.
PYTEST_WORKERS ?= -n auto --maxprocesses 4 --dist loadfile
CALIBRATION_ARGS ?=
OUTPUT ?= diptych-results
VERSIONS ?= 2.4.0 2.13.1
FRAMEWORK ?= tensorflow
IMAGES_ARGS ?=

##@ Use
.PHONY: demo
demo: $(SYNCED) ## Run a real comparison: TensorFlow 2.4.0 against 2.13.1
	@$(RUN) diptych run manifests/examples/quickstart.yaml --output $(OUTPUT)

.PHONY: environments
environments: $(SYNCED) ## Install and try every version of FRAMEWORK in the table
	@$(RUN) diptych environments --prepare --framework $(FRAMEWORK)

##@ Kubernetes
.PHONY: images
images: $(SYNCED) ## Build operator, analysis and, for each of VERSIONS, runner images
	@$(RUN) python -m tools.images --framework $(FRAMEWORK) --versions "$(VERSIONS)" $(IMAGES_ARGS)

.PHONY: install-yaml
install-yaml: $(SYNCED) ## Render manifests/base, with the CRD, into dist/install.yaml
	@$(RUN) python -m tools.manifests

.PHONY: kind-up
kind-up: $(SYNCED) ## Start a cluster in Docker with the operator and MinIO (needs docker and kind)
	@VERSIONS="$(VERSIONS)" tools/kind.sh up

.PHONY: kind-test
kind-test: $(SYNCED) ## Run the end-to-end tests in that cluster
	@tools/kind.sh test

.PHONY: kind-down
kind-down: ## Delete that cluster
	@tools/kind.sh down

##@ Develop
.PHONY: setup
setup: $(SYNCED) ## Make .venv from the lock file

.PHONY: test
test: $(SYNCED) ## Run all tests; list by name what needs a Python that is not here
	@$(RUN) pytest $(PYTEST_WORKERS) $(PYTEST_ARGS)

.PHONY: test-pytorch
test-pytorch: $(SYNCED) ## Train in PyTorch 1.11.0 and 1.12.1 (downloads 1.6 GB once); no part of `test`
	@$(RUN) pytest tests/pytorch $(PYTEST_ARGS)

.PHONY: check
check: $(SYNCED) ## Formatters, linters, types, layers, and whether generated files are stale
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) black --check $(RUNNER_PYTHON)
	$(RUN) vermin --quiet --no-tips --violations -t=3.5- jobimage/src jobimage/install.py
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) shellcheck $$(git ls-files '*.sh' .ci/run)
	$(RUN) python tools/generate.py --check
	$(UV) lock --check

.PHONY: format
format: $(SYNCED) ## Format all code
	$(RUN) ruff check --fix-only --quiet .
	$(RUN) ruff format --quiet .
	$(RUN) black --quiet $(RUNNER_PYTHON)

.PHONY: generate
generate: $(SYNCED) ## Write the generated files: the CRD and the summary's schema
	$(RUN) python tools/generate.py

.PHONY: defaults
defaults: $(SYNCED) ## Ask every framework version for its optimizers' defaults
	@$(RUN) python -m tools.make_defaults

.PHONY: calibration
calibration: $(SYNCED) ## Measure how often the rules are wrong; write docs/calibration.md (15 minutes)
	@$(RUN) python -m tools.calibration $(CALIBRATION_ARGS)

.PHONY: readme
readme: $(SYNCED) ## Run the demo and put what it prints into README.md
	$(RUN) python tools/update_readme.py

.PHONY: findings
findings: $(SYNCED) ## Run what docs/findings.md is made of, and write it; SECTION=adam for one section
	$(RUN) python -m tools.findings $(if $(SECTION),--section $(SECTION)) --output $(OUTPUT)

.PHONY: picture
picture: $(SYNCED) ## Take the README's picture of the demo's report (needs Chromium)
	$(RUN) python -m tools.screenshot_report $(OUTPUT)/quickstart-*

##@ Test clusters: LEVEL=1 a control plane with nodes that kwok plays, LEVEL=2 a real node (root)
LEVEL ?= 1
.PHONY: cluster-build
cluster-build: $(SYNCED) ## Build what a cluster runs, once, into the cache folder
	@$(RUN) python -m tools.cluster build --level $(LEVEL)

.PHONY: cluster-up
cluster-up: $(SYNCED) ## Start a cluster of this checkout, and say how to reach it
	@$(RUN) python -m tools.cluster up --level $(LEVEL)

.PHONY: cluster-down
cluster-down: $(SYNCED) ## End it
	@$(RUN) python -m tools.cluster down --level $(LEVEL)

.PHONY: e2e
e2e: $(SYNCED) ## Run the end-to-end tests on a cluster of this machine (root), or KUBECONFIG=FILE
	@$(call run_e2e,tests/e2e)

.PHONY: e2e-full
e2e-full: $(SYNCED) ## The same for the MLP of 2.1.0 and 2.4.0 with its ladder (tens of minutes)
	@$(call run_e2e,tests/e2e/test_full.py)

# A KUBECONFIG that only the environment has is somebody's everyday cluster: it must be named here.
ifeq ($(origin KUBECONFIG),command line)
run_e2e = DIPTYCH_E2E_KUBECONFIG="$(KUBECONFIG)" $(RUN) pytest $(1) $(PYTEST_ARGS)
else
run_e2e = tools/cluster/install-node.sh && $(RUN) python -m tools.cluster build --level 2 \
  && $(RUN) pytest $(1) $(PYTEST_ARGS)
endif

##@ Tidy
.PHONY: clean
clean: ## Remove .venv, .bootstrap and tool caches; comparisons and environments stay
	rm -rf .venv .bootstrap .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Print this
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV): tools/bootstrap.sh tools/bootstrap-requirements.txt
	@tools/bootstrap.sh .bootstrap >&2

$(SYNCED): $(UV) pyproject.toml uv.lock operator/pyproject.toml jobimage/pyproject.toml analysis/pyproject.toml
	@echo "Setting up .venv from uv.lock" >&2
	@$(UV) sync --locked --quiet --python .bootstrap/bin/python >&2
	@touch $@
