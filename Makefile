# `make demo` and `make test` work in a fresh clone without any other step before them.

SHELL := /bin/sh
STORE := demo-store
EVENTS := 100000
USERS := 100
WORKERS := 2
ITEMS := 2000
FUZZ ?= 3
FUZZ_SEED ?= $(shell date +%s)
FUZZ_SEED := $(FUZZ_SEED)

VENV := .venv
PYTHON := $(VENV)/bin/python
# Files that are touched after an installation from each lock file. If a lock file changes, make
# installs again.
LOCKED := $(VENV)/.installed-locked
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev
SPARK := $(VENV)/.installed-spark

# The Pythons to try, the newest first, because the event log is faster from 3.12 on. Each path is
# tried after its name, because a name on the PATH may be a shim that does not start.
CANDIDATES := python3.14 /usr/bin/python3.14 python3.13 /usr/bin/python3.13 \
	python3.12 /usr/bin/python3.12 python3.11 /usr/bin/python3.11 python3 /usr/bin/python3

# Number of test processes: one and a half times the number of cores, because for much of their time
# tests wait for a server, a browser or another process.
AT_ONCE := $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))
TESTS := $(PYTHON) -m pytest -q -n $(AT_ONCE) --maxprocesses 8 --dist worksteal
# The tests that `make quick` runs: those that fail most often, and one or two tests of each interface.
# Tests that record a whole story, rebuild views or start a process are left out.
QUICK := tests/domain tests/projections tests/house/test_contracts.py tests/house/test_imports.py \
	tests/house/test_screens.py tests/house/test_times.py tests/house/test_parts.py \
	tests/house/test_memory.py \
	tests/ledger/store/test_log.py tests/ledger/keys/test_sealing.py tests/commands/information/test_recording.py \
	tests/commands/intelligence/test_links.py tests/commands/families/test_referrals.py tests/ingest/reading/test_reading.py \
	tests/ingest/files/test_into_a_store.py tests/access/who_may/test_decide.py tests/access/who_may/test_scope.py \
	tests/network/query/test_view.py tests/console/test_contract.py tests/web/worker/test_entry_form.py \
	tests/web/desk/test_sergeant.py tests/web/api/test_use_cases.py \
	--ignore=tests/projections/kernel/test_views_fuzz.py --ignore=tests/projections/generations/test_generations.py \
	--ignore=tests/projections/test_follower.py

# Packages come from the index for which this machine is configured: the lock files have hashes and
# name no host.
PIP := $(PYTHON) -m pip --quiet --disable-pip-version-check install
OURS := $(PIP) --no-deps --no-index --no-build-isolation
INSTALLING := @echo "Installing into $(VENV): half a minute the first time, longer on a slow line."

.PHONY: help demo test quick check fuzz changed shuffled busy recipes bench bench-rest load serve assets screenshots \
	client spark release lock clean setup setup-dev
.DELETE_ON_ERROR:

help:  ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(RUNTIME)  ## a store filled from the sample files, and a tour of the main questions
	$(VENV)/bin/continuum demo $(STORE)

test: $(if $(PART),$(DEV),check)  ## everything a change must pass (PART=network: all variants of the tests of one folder)
	$(if $(PART),part=$$($(PYTHON) -m tests.parts $(PART)) && $(TESTS) --day=all $$part,$(TESTS))

quick: $(DEV)  ## the tests to run after each change: some of each part, on SQLite, in 90 seconds
	$(PYTHON) -m pytest -q -n 2 --dist worksteal -m "not postgres" $(QUICK)

shuffled: $(DEV)  ## all tests and every variant of them in random order (FUZZ_SEED=4711: in the same order again)
	$(TESTS) --every --shuffle=$(FUZZ_SEED) --hypothesis-seed=$(FUZZ_SEED)

busy: $(DEV)  ## all tests with four busy loops beside them
	$(TESTS) --busy=4 --timeout=1200

recipes: $(DEV)  ## the recipes of CONTRIBUTING followed in a copy, with the tests that could object
	$(PYTHON) -m tests.recipes

check: $(DEV)  ## style, types, the direction of imports, and words that make riddles
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy --num-workers 2
	$(VENV)/bin/lint-imports
	$(PYTHON) -m pytest -q --noconftest tests/house/test_words.py

fuzz: changed shuffled busy  ## what is left to chance: all three, each from another seed each time

changed: $(DEV)  ## stores changed at random, from another seed each time (FUZZ=10: ten times as often)
	FUZZ=$(FUZZ) FUZZ_SEED=$(FUZZ_SEED) $(PYTHON) -m pytest -q --every tests/ledger/proof/test_seal_fuzz.py \
		tests/ledger/keys/test_keys_fuzz.py tests/ledger/witness/test_signer_killed.py \
		tests/projections/kernel/test_views_fuzz.py tests/projections/test_follower.py \
		tests/commands/erasure/test_holds.py tests/commands/erasure/test_erasure_carried_out.py \
		tests/network/query/test_children_apart.py tests/access/two_worlds/test_guessing.py \
		tests/access/two_worlds/test_noninterference.py tests/access/two_worlds/test_noninterference_http.py \
		tests/usecases/test_fronts.py \
		tests/usecases/test_questions.py tests/web/site/test_attacks.py \
		tests/access/who_may/test_attacks.py tests/projections/due/test_due_pages.py \
		tests/access/who_may/test_roles.py tests/console/engine/test_bad_input.py \
		tests/scenarios/test_exports.py \
		tests/web/api/test_schema.py tests/faults/test_kill.py tests/faults/test_calls.py \
		tests/faults/test_second_maker.py
	@echo "The seed was $(FUZZ_SEED)"

bench: $(DEV)  ## the speeds that have an aim, beside the bare drivers, for docs/measured/bench.md (EVENTS=1000000: more)
	$(PYTHON) -m pytest -q bench
	$(PYTHON) -m bench $(EVENTS)

bench-rest: $(DEV)  ## all other speeds, and reading quality (half an hour)
	$(PYTHON) -m bench rest $(EVENTS)

load: $(DEV)  ## 100 users at once on a real PostgreSQL (USERS=, WORKERS=, ITEMS= in the queue)
	$(PYTHON) -m bench.load --users $(USERS) --workers $(WORKERS) --items $(ITEMS)

serve: demo  ## the web face on the demo store, on its last day
	$(VENV)/bin/continuum --store $(STORE) --clock 2012-12-10T13:00 serve --story

assets: $(DEV)  ## the screens' libraries again, from their pinned packages (needs npm)
	$(PYTHON) -m tests.web.assets

screenshots: $(DEV)  ## docs/screens.md and its pictures, in the machine's own Chromium
	$(PYTHON) -m tests.web.screenshots

release: $(DEV)  ## into dist/: all that an installation needs, and what it is (VERSION=: of a new version)
	$(if $(VERSION),$(PYTHON) -m tests.version $(VERSION))
	$(PYTHON) -m tests.release
	$(if $(VERSION),$(PYTHON) -m tests.version --next)

client: .venv-client/.installed  ## what makes another program's client from the API's description

# The generator of clients gets an environment of its own, because it needs older versions of packages
# that the command line uses.
.venv-client/.installed: requirements-client.lock | $(PYTHON)
	@$(PYTHON) -m venv .venv-client
	@.venv-client/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes \
		--requirement requirements-client.lock
	@touch $@

spark: $(SPARK)  ## what the tests of the extra [spark] need beside Java: 400 MB; without it they are left out

$(SPARK): requirements-spark.lock | $(DEV)
	@$(PIP) --no-deps --require-hashes --requirement requirements-spark.lock
	@touch $@

# This installs the wheel, so that the program reads no file of the clone when it runs: a systemd unit
# with ProtectHome cannot read home directories.
setup: $(LOCKED)  ## Continuum in an environment of its own, to run it (VENV=: where)
	@rm -f $(RUNTIME) $(DEV)
	@$(OURS) --force-reinstall .
	@$(PYTHON) -c "import sys; from pathlib import Path; home = Path.home(); \
		Path(sys.base_prefix).is_relative_to(home) and not Path(sys.prefix).is_relative_to(home) \
		and print('Its Python is in', sys.base_prefix + ', which a unit with ProtectHome cannot read:', \
		'remove $(VENV) and say CANDIDATES=PYTHON', file=sys.stderr)"
	@echo "$(VENV)/bin/continuum: $$($(VENV)/bin/continuum --version)"

setup-dev: $(DEV)  ## the virtual environment, to work on Continuum

# Without --upgrade the resolver keeps the versions of the lock files. The development lock is
# constrained by the runtime lock, so that tests use the versions with which the program runs.
LOCK_NEWER :=
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(LOCK_NEWER)
lock: $(DEV)  ## the lock files from pyproject.toml (LOCK_NEWER=--upgrade: newer releases)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) --group build --constraint requirements.lock --output-file requirements-build.lock
	$(LOCK) --group dev --constraint requirements.lock --constraint requirements-build.lock \
		pyproject.toml --output-file requirements-dev.lock
	$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*p["optional-dependencies"]["spark"], sep="\n")' \
		| $(LOCK) --constraint requirements.lock - --output-file requirements-spark.lock

clean:  ## removes what was built or installed here; stores and keys stay
	rm -rf $(VENV) .venv-client build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python is used only if it starts, is new enough and can make an environment with pip: some Pythons
# of Debian have no ensurepip.
$(PYTHON):
	@for candidate in $(CANDIDATES); do \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			|| continue; \
		"$$candidate" -m venv --clear $(VENV) >/dev/null 2>&1 \
			&& $(PYTHON) -m pip --version >/dev/null 2>&1 \
			&& { echo "$(VENV): $$($(PYTHON) --version), from $$candidate"; exit 0; }; \
	done; \
	rm -rf $(VENV); \
	echo "No Python 3.11 or newer that can make a virtual environment was found." >&2; \
	echo "Install one; on Debian or Ubuntu: apt-get install python3-venv" >&2; \
	exit 1

$(LOCKED): requirements.lock requirements-build.lock | $(PYTHON)
	$(INSTALLING)
	@$(PIP) --require-hashes --requirement requirements.lock --requirement requirements-build.lock
	@touch $@

$(RUNTIME): $(LOCKED) pyproject.toml
	@$(OURS) --editable .
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml | $(PYTHON)
	$(INSTALLING)
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@$(OURS) --editable .
	@touch $(LOCKED) $(RUNTIME) $@
