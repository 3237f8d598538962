# Everything that is typed in this project. `make help` lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run web drill seed test browser quick check format-check lint types scripts contracts format screens bench torture lock clean

# T=path runs one path, DB=sqlite|postgis|both chooses the databases.
T ?=
DB ?= both
ARGS ?=
N ?= 250
BIN := .venv/bin
# One process more than cores, for many tests wait; each with databases of its own; a file of tests stays in one process.
SIDE_BY_SIDE := -n $(shell expr $$(nproc) + 1) --dist loadfile --no-loadscope-reorder
SLOW := torture/ browser/ web/ commands/ channels/ walks/ api/test_access api/test_call_links api/test_callout_ladders \
	api/test_cases api/test_doors api/test_drills api/test_hazard_input api/test_lookbacks api/test_photos api/test_races \
	api/test_reports api/test_rolls api/test_timelines api/test_uploads files/test_images formats/test_books \
	formats/test_shapes geo/test_geojson geo/test_likeness services/test_logins services/test_rollups \
	services/test_steady_delivery

##@ To run it

run: ## Everything from nothing to a running city: HOST=127.0.0.1 PORT=8000 HEZHANG_DATA=var DATABASE_URL=… TLS=1
	@.ci/venv run
	@.ci/web
	@exec $(BIN)/hezhang run

drill: ## A flood night among made-up people, in fast time and on a scratch database: ARGS="--people 6600"
	@.ci/venv run
	@exec $(BIN)/hezhang drill $(ARGS)

seed: ## Load the seed city into a database that is there
	@.ci/venv run
	@$(BIN)/hezhang seed

web: ## Build the scripts of the pages with npm; `make run` does so by itself
	@.ci/venv run
	@.ci/web

##@ To work on it

test: ## All tests on both databases (of pages: SQLite), with their coverage: T=path DB=sqlite|postgis|both
	@.ci/venv dev
ifeq ($(T)$(DB),both)
	@rm -f .coverage .coverage.*
	HEZHANG_TEST_DB=both $(BIN)/python -m pytest $(SIDE_BY_SIDE) --ignore=tests/browser --cov --cov-report=
	@echo "Branch coverage of the rules and the geometry, which must be whole:"
	@$(BIN)/coverage report --include='geo/*,backend/domain/*' --fail-under=100
	@echo "Branch coverage of everything, at least 90 %:"
	@$(BIN)/coverage report --fail-under=90
else
	HEZHANG_TEST_DB=$(DB) $(BIN)/python -m pytest $(T)
endif

browser: ## What a person sees: every page of the console in a browser, with axe: DB=sqlite|postgis|both
	@.ci/venv dev
	@.ci/web
	HEZHANG_TEST_DB=$(DB) $(BIN)/python -m pytest tests/browser

quick: ## What the rules, the geometry and most of the API say, in two minutes on SQLite; or all of T=path
	@.ci/venv dev
	HEZHANG_TEST_DB=sqlite HEZHANG_TORTURE=0.1 $(BIN)/python -m pytest -q $(SIDE_BY_SIDE) \
		$(or $(T),$(SLOW:%=--ignore-glob='tests/%*'))

check: format-check lint types scripts contracts test ## All that a change must pass; what continuous integration runs

format: ## Lay out the code and sort its imports
	@.ci/venv dev
	@$(BIN)/ruff check --quiet --select I,RUF022,RUF023 --fix .
	@$(BIN)/ruff format .

format-check:
	@.ci/venv dev
	$(BIN)/ruff format --check .

lint:
	@.ci/venv dev
	$(BIN)/ruff check .

types:
	@.ci/venv dev
	$(BIN)/mypy

scripts:
	@.ci/venv dev
	.ci/web types

contracts:
	@.ci/venv dev
	$(BIN)/lint-imports --no-logo

##@ To measure it

bench: ## The benchmark suite; prints a table of ratios
	@.ci/venv dev
	@$(BIN)/python -m tests.bench

torture: ## Kills, crowds, bad links, nonsense and dice, N (250) times as often as in `test`: T=path DB=… N=…
	@.ci/venv dev
	HEZHANG_TEST_DB=$(DB) HEZHANG_TORTURE=$(N) $(BIN)/python -m pytest -s -m "torture or hypothesis" --hypothesis-profile=torture $(T)

##@ To keep it

screens: ## Pictures of console and phone for docs/screens, from the seed city
	@.ci/venv dev
	@$(BIN)/python -m tests.browser

lock: ## Write the lock files anew after a change of requirements*.in
	@.ci/venv dev
	@for name in requirements requirements-dev requirements-node; do \
		env -u PIP_FIND_LINKS PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
		$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
		--no-emit-trusted-host --no-emit-find-links --no-emit-options -o $$name.txt $$name.in || exit; \
	done

clean: ## Delete .venv, caches and figures; what is under var/ stays
	rm -rf .venv .venv.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf build *.egg-info .coverage .coverage.*
	find backend geo jobs tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
