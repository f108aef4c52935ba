.DEFAULT_GOAL := targets
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIN := --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -q

.PHONY: targets setup demo test test-browser check messages fix run lock clean

targets: ## List these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.installed-dev ## Install everything for development into .venv

demo: $(VENV)/.installed-demo ## Try the bot against the sandbox, without any account
	@$(BIN)/cph-sandbox demo

test: setup ## Run every test and check, on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.run

test-browser: setup ## Drive the sandbox's page in Debian's chromium
	$(BIN)/python -m pytest tests/browser -m browser

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


clean: ## Remove what the other targets made
	rm -rf $(VENV) data .coverage .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# hatchling builds this project itself; it comes with the hashes of requirements/dev.txt.
$(VENV)/.installed-dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed-demo

$(VENV)/.installed-demo: requirements/build.txt requirements/bot.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements/build.txt -r requirements/bot.txt
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@
