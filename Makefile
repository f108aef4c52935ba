.DEFAULT_GOAL := targets
PYTHON ?= python3
FUZZ_SECONDS ?= 20
VENV := .venv
BIN := $(VENV)/bin
PIN := --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -q

.PHONY: targets setup demo test coverage test-walk test-processes test-browser gallery crash fuzz audit-dependencies check messages fix run lock clean

targets: ## List these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.installed-dev ## Install everything for development into .venv

demo: $(VENV)/.installed-demo ## Try the bot against the sandbox, without any account
	@$(BIN)/cph-sandbox demo

test: setup ## Run the tests and checks that a change is held to
	@$(BIN)/python -m tests.run

test-walk: setup ## The walk's corners and edge cases, and all of the walk on PostgreSQL
	@$(BIN)/python -m tests.run --walk

test-processes: setup ## Replicas, trouble and signed HTTP, with bots in processes of their own
	@$(BIN)/python -m tests.run --processes

coverage: setup ## Measure what the tests reach; bot/divert must be reached whole
	@$(BIN)/python -m tests.run --coverage

test-browser: setup ## Drive the sandbox's page in Debian's chromium
	$(BIN)/python -m pytest tests/browser -m browser

gallery: setup ## Photograph every state of a card and every form, into gallery/
	@$(BIN)/python -m tests.browser.gallery

crash: setup ## Kill the bot 520 times on either database, at all kinds of fault points
	$(BIN)/python -m tests.crash

fuzz: $(VENV)/.installed-fuzz ## Feed what reads outside input, guided by what it reaches; FUZZ_SECONDS=20 each
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

audit-dependencies: $(VENV)-audit/.installed ## Ask whether a pinned package has a known vulnerability
	@$(PYTHON) -m tests.foundations.vulnerabilities $(VENV)-audit/bin/pip-audit requirements/*.txt

check: setup ## Formatting, lints, types and import rules only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

messages: setup ## Extract the sentences for translators
	$(BIN)/python -m tests.foundations.messages de

fix: setup ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

run: $(VENV)/.installed-demo ## Run the bot with the configuration of the environment
	$(BIN)/cph-bot run

lock: setup ## Pin the newest allowed versions again (needs uv)
	uv pip compile pyproject.toml --extra sandbox --extra dev $(PIN) -o requirements/dev.txt
	uv pip compile requirements/build.in $(PIN) -c requirements/dev.txt -o requirements/build.txt
	uv pip compile pyproject.toml $(PIN) -c requirements/dev.txt -o requirements/bot.txt
	uv pip compile pyproject.toml --extra fuzz $(PIN) -c requirements/dev.txt -o requirements/fuzz.txt
	uv pip compile requirements/audit.in $(PIN) -c requirements/dev.txt -o requirements/audit.txt


clean: ## Remove what the other targets made
	rm -rf $(VENV) $(VENV)-audit .fuzz data .coverage .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# hatchling builds this project itself; it comes with the hashes of requirements/dev.txt.
$(VENV)/.installed-dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed-demo

# The fuzzer comes built for Python 3.11 to 3.13.
$(VENV)/.installed-fuzz: requirements/fuzz.txt | $(VENV)/.installed-demo
	$(BIN)/python -m pip install -q --require-hashes -r requirements/fuzz.txt
	@touch $@

# Apart: nobody else needs what it brings along.
$(VENV)-audit/.installed: requirements/audit.txt
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install -q --require-hashes -r requirements/audit.txt
	@touch $@

$(VENV)/.installed-demo: requirements/build.txt requirements/bot.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements/build.txt -r requirements/bot.txt
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@
