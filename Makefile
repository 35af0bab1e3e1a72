# Brightspot's commands. `make` alone lists them. Needs GNU make and Python 3.13; fetches the rest from PyPI, once.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# What people type reaches commands through the environment, never through the text of a recipe: quotes, $, # stay themselves.
WORDS := ADDRESS RADIUS PERSONA PORT DATA PYTHON REVISION URL TOKEN_FILE OUT COMPARE
$(foreach word,$(WORDS),$(if $(value $(word)),$(eval override export $(word) := $$(value $(word)))))

BIN := .venv/bin
UV := $(CURDIR)/.tools/uv/bin/uv
SAM := SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export UV_COMPILE_BYTECODE := 1
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

HOST_ARCH := $(if $(filter arm64 aarch64,$(shell uname -m)),arm64,x86_64)
ARCH ?= $(HOST_ARCH)
BUILD ?= .aws-sam/build
CFN_LINT := PYTHONPATH=infrastructure PYTHONDONTWRITEBYTECODE=1 .tools/sam/bin/cfn-lint --config-file infrastructure/lint/cfn-lint.yaml
# Tests wait for servers and schedules as much as they compute: one worker more than two cores keeps both busy.
WORKERS ?= 3
SUITES := $(wildcard tests/unit tests/integration tests/bundle tests/e2e)
say = @printf '\n== %s\n' '$(1)'

# What SAM, cfn-lint with our rules, and checkov find in the templates; of what is well they say nothing.
define judge-templates
	$(call say,template)
	@said=$$($(SAM) validate --region us-east-1 2>&1) || { echo "$$said" >&2; exit 1; }
	@$(CFN_LINT)
	$(call say,policies)
	@$(BIN)/python -m lint.policies
endef

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Use ----------------------------------------------------------------------------------------------

.PHONY: analyze
analyze: .venv/.ready ## Score one address: ADDRESS="Rochester, MN 55901" [RADIUS=3] [PERSONA=business] [JSON=1] [DATA=folder]
	@if [ -z "$$ADDRESS" ]; then echo 'Say which address: make analyze ADDRESS="Rochester, MN 55901"' >&2; exit 2; fi
	@exec $(BIN)/brightspot analyze $(if $(value RADIUS),--radius-miles="$$RADIUS") $(if $(value PERSONA),--persona="$$PERSONA") \
	    $(if $(value JSON),--json) $(if $(value DATA),--data="$$DATA") -- "$$ADDRESS"

.PHONY: report
report: .venv/.ready ## Report on one address as a page to print: ADDRESS="Rochester, MN 55901" [OUT=report.html] [RADIUS=3] [PERSONA=business]
	@if [ -z "$$ADDRESS" ]; then echo 'Say which address: make report ADDRESS="Rochester, MN 55901" OUT=report.html' >&2; exit 2; fi
	@exec $(BIN)/brightspot report --out="$${OUT:-report.html}" $(if $(value RADIUS),--radius-miles="$$RADIUS") \
	    $(if $(value PERSONA),--persona="$$PERSONA") $(if $(value DATA),--data="$$DATA") -- "$$ADDRESS"

.PHONY: dev
dev: .venv/.ready ## Serve everything on http://127.0.0.1:9025: [PORT=9025] [DATA=folder]
	@$(MAKE) -s .tools/ministack/.ready >/dev/null || echo 'MiniStack cannot be set up; going on without AWS' >&2
	@exec $(BIN)/brightspot dev $(if $(value PORT),--port="$$PORT") $(if $(value DATA),--data="$$DATA")

# What both commands below may be told of a server.
server = $(if $(value URL),--url="$$URL") $(if $(value TOKEN_FILE),--token-file="$$TOKEN_FILE")

.PHONY: validate
validate: .venv/.ready ## Check every backend that the environment names: [URL=http://...] [TOKEN_FILE=file] [JSON=1] [DATA=folder]
	@exec $(BIN)/brightspot validate $(server) $(if $(value JSON),--json) $(if $(value DATA),--data="$$DATA")

.PHONY: acceptance
acceptance: .venv/.ready ## Analyse 80 addresses all over the country: [URL=http://...] [TOKEN_FILE=file] [OUT=file] [COMPARE=file]
	@exec $(BIN)/brightspot acceptance $(server) $(if $(value OUT),--out="$$OUT") $(if $(value COMPARE),--compare="$$COMPARE")

# --- Check --------------------------------------------------------------------------------------------

.PHONY: test
test: lint .tools/.ready .tools/ministack/.ready promtool ## Check everything: format, lint, types, import contracts, then every test
	$(call say,tests: $(notdir $(SUITES)))
	@$(BIN)/pytest --numprocesses $(WORKERS) --no-loadscope-reorder $(SUITES)

.PHONY: lint
lint: .venv/.ready .tools/.ready .tools/lint/.ready .tools/lint-code/.ready ## Check format, lint, security, templates, policies, types and import contracts
	$(call say,format)
	@$(BIN)/ruff format --check .
	$(call say,lint)
	@$(BIN)/ruff check .
	$(call say,security)
	@$(BIN)/python -m lint.security
	$(judge-templates)
	$(call say,types)
	@$(BIN)/mypy
	$(call say,import contracts)
	@$(BIN)/lint-imports --no-logo

.PHONY: format
format: .venv/.ready ## Format the code and sort its imports
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: unit integration e2e
unit: .venv/.ready ## Run the unit tests
integration: .venv/.ready .tools/ministack/.ready promtool ## Run the integration tests
e2e: .venv/.ready .tools/ministack/.ready ## Run the end-to-end tests
unit integration e2e:
	@$(BIN)/pytest tests/$@

.PHONY: bundle
bundle: .venv/.ready .tools/.ready .tools/lint/.ready .tools/ministack/.ready promtool ## Validate, lint and build the bundle, start each function: [ARCH=arm64|x86_64]
	$(judge-templates)
	$(call say,build and start ($(ARCH)))
	@ARCH=$(ARCH) $(BIN)/pytest tests/bundle

.PHONY: build
build: .venv/.ready .tools/.ready ## Build the bundle only: [ARCH=arm64|x86_64] [BUILD=.aws-sam/build] [REVISION=text]
	@BUNDLE_ARCHITECTURE=$(ARCH) BUNDLE_PYTHON=$(CURDIR)/$(BIN)/python BUNDLE_UV=$(UV) \
	    $(SAM) build --build-dir $(BUILD) --parameter-overrides Architecture=$(ARCH)
	@$(BIN)/python -m brightspot_local.bundle.publish "$(BUILD)" $(if $(value REVISION),"$$REVISION")

.PHONY: deploy-local
deploy-local: .venv/.ready .tools/.ready .tools/ministack/.ready ## Deploy the bundle to a local AWS, prove it, delete it: [KEEP=1] stays until Ctrl-C
	@$(MAKE) -s build ARCH=$(HOST_ARCH) BUILD=.aws-sam/local >/dev/null
	@exec $(BIN)/python -m brightspot_local.deploy --build .aws-sam/local $(if $(value KEEP),--keep)

.PHONY: bench
bench: .venv/.ready .tools/.ready ## Measure against the targets: analysis, cold start, cached answers, the one round trip
	@missed=0; for each in tests/bench/bench_*.py; do $(BIN)/python "$$each" || missed=1; done; exit $$missed

.PHONY: chaos-tasks
chaos-tasks: .venv/.ready .tools/ministack/.ready ## Do tasks on a local stack, then while workers are killed, and count effects: [TASKS=10000] [PROCESSES=2]
	@PYTHONPATH=. $(BIN)/python -m tests.load.chaos_tasks --tasks $(or $(TASKS),10000) --workers $(or $(PROCESSES),2)

# --- Make ---------------------------------------------------------------------------------------------

.PHONY: setup
setup: .venv/.ready ## Set up .venv (every command above does it when needed)

.PHONY: lock
lock: ## Lock dependencies after a change in a pyproject.toml, and export the layer's
	@infrastructure/setup.sh uv
	@$(UV) lock
	@$(UV) lock --project infrastructure/toolchain
	@$(UV) lock --project infrastructure/ministack
	@$(UV) lock --project infrastructure/lint
	@$(UV) lock --project infrastructure/lint/code
	@$(UV) export --quiet --frozen --no-default-groups --no-emit-project --no-header --no-annotate \
	    --output-file layers/shared/requirements.txt >/dev/null

.PHONY: dataset
dataset: .venv/.ready ## Build the embedded dataset from its pinned source packages
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/.tools/dataset $(UV) sync --quiet --locked --no-default-groups --group dataset \
	    --python $(BIN)/python >&2
	@.tools/dataset/bin/python -m dataset build

.PHONY: scores
scores: .venv/.ready ## Work out the dataset's scores of all ZIPs anew, after a change of points or of scoring
	@$(BIN)/python -m dataset score

.PHONY: shapes
shapes: .venv/.ready ## Build the map shapes of reports from their pinned npm package (needs npm)
	@$(BIN)/python -m dataset shapes

.PHONY: goldens
goldens: .venv/.ready ## Write the golden scores and the tables of docs/method.md anew
	@$(BIN)/python -m brightspot_local.goldens

.PHONY: access
access: .venv/.ready ## Write docs/access.md anew: which route needs which permission
	@$(BIN)/python -m brightspot_local.access

.PHONY: rate-limits
rate-limits: .venv/.ready ## Write the tables of docs/rate-limits.md anew: policies, their routes, settings
	@$(BIN)/python -m brightspot_local.rate_limits

.PHONY: settings
settings: .venv/.ready ## Write docs/settings.md anew: every variable that is read
	@$(BIN)/python -m brightspot_local.settings_page

.PHONY: metrics
metrics: .venv/.ready ## Write the tables of docs/metrics.md anew: metrics and the alarms over them
	@$(BIN)/python -m brightspot_local.metrics

.PHONY: alarms
alarms: .venv/.ready ## Write CloudWatch's alarms and Prometheus' rules anew, from the alert rules and the SLA_... set
	@$(BIN)/python -m brightspot_local.alarms
.PHONY: boards
boards: .venv/.ready ## Write the dashboards for Grafana and CloudWatch anew
	@$(BIN)/python -m brightspot_local.boards
.PHONY: alert-rules
alert-rules: .venv/.ready ## Write the table of docs/alerts.md anew: every alert rule
	@$(BIN)/python -m brightspot_local.alert_rules

.PHONY: live-sources
live-sources: .venv/.ready ## Write the tables of docs/live-sources.md anew: what can be asked, at whose terms
	@$(BIN)/python -m brightspot_local.live_sources

.PHONY: openapi
openapi: .venv/.ready ## Write the API description and its page anew
	@$(BIN)/python -m brightspot_local.apidocs

.venv/.ready: pyproject.toml uv.lock .python-version infrastructure/setup.sh
	@infrastructure/setup.sh
	@touch $@

.tools/.ready: infrastructure/toolchain/uv.lock infrastructure/toolchain/pyproject.toml | .venv/.ready
	@echo 'Setting up aws-sam-cli and the Lambda runtime client' >&2
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/.tools/sam $(UV) sync --quiet --locked --project infrastructure/toolchain --python $(BIN)/python >&2
	@$(UV) export --quiet --frozen --project infrastructure/toolchain --only-group emulator --no-header --no-annotate \
	    --output-file .tools/emulator.txt >/dev/null
	@rm -rf .tools/emulator
	@$(UV) pip install --quiet --python $(BIN)/python --target .tools/emulator --require-hashes --requirement .tools/emulator.txt >&2
	@touch $@

.tools/ministack/.ready: infrastructure/ministack/uv.lock infrastructure/ministack/pyproject.toml | .venv/.ready
	@echo 'Setting up MiniStack' >&2
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/.tools/ministack $(UV) sync --quiet --locked --project infrastructure/ministack --python $(BIN)/python >&2
	@touch $@

.PHONY: promtool
promtool:
	@$(MAKE) -s .tools/promtool/.ready || echo 'The tests that need promtool will be skipped' >&2

.tools/promtool/.ready: infrastructure/promtool.sh
	@infrastructure/promtool.sh
	@touch $@

.tools/lint/.ready: infrastructure/lint/uv.lock infrastructure/lint/pyproject.toml | .venv/.ready
	@echo 'Setting up checkov' >&2
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/.tools/lint $(UV) sync --quiet --locked --project infrastructure/lint --python $(BIN)/python >&2
	@touch $@

.tools/lint-code/.ready: infrastructure/lint/code/uv.lock infrastructure/lint/code/pyproject.toml | .venv/.ready
	@echo 'Setting up bandit and semgrep' >&2
	@UV_PROJECT_ENVIRONMENT=$(CURDIR)/.tools/lint-code $(UV) sync --quiet --locked --project infrastructure/lint/code --python $(BIN)/python >&2
	@touch $@

.PHONY: clean
clean: ## Remove everything that was set up, built or cached
	@rm -rf .venv .tools .aws-sam build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -prune -exec rm -rf {} +
