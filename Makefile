# One command runs the portal, one tests it. `make` alone lists the commands.
# make run honours HOST (127.0.0.1), PORT (8000), DATA_DIR (var/), and DATABASE_URL with REDIS_URL (web, worker and beat).
.PHONY: help run stop code test drill bench coverage check fix messages
PYTHON := .venv/bin/python

help:
	@echo "make run               the portal at http://localhost:8000/ (HOST, PORT, DATA_DIR; DATABASE_URL and REDIS_URL)"
	@echo "make stop              stop what make run started"
	@echo "make code EMAIL=…      the second-factor code of a demonstration account"
	@echo "make test              all tests, on throw-away PostgreSQL and Redis, in a browser, and on SQLite what differs there"
	@echo "make test T=…          one test, file or room, on SQLite in seconds (ON=postgres or browser; SEED=… repeats an order)"
	@echo "make drill             races, faults and load in the size of the promise; hours, not minutes"
	@echo "make bench             20,000 files on PostgreSQL: pages as ratios, into docs/benchmarks.md"
	@echo "make coverage          the branches the tests take, of each room, into docs/coverage.md; as long as the tests"
	@echo "make check             format, lint, types, import law, model drift, templates, translations"
	@echo "make fix               put right what can be put right by itself"
	@echo "make messages          collect the texts to translate"

run:
	@python3 bin/portal check
	@bin/system-deps.sh & bin/install run && wait
	@exec $(PYTHON) bin/portal run

stop:
	@python3 bin/portal stop

code:
	@$(PYTHON) manage.py demo_code $(EMAIL)

test:
	@bin/test $(if $(ON),--on $(ON)) $(if $(SEED),--seed $(SEED)) $(T)

drill:
	@bin/drill

bench:
	@bin/bench

coverage:
	@bin/coverage

check:
	@bin/check

fix:
	@bin/install dev
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2 || true

messages:
	@bin/install dev
	@bin/messages
	@$(PYTHON) bin/compile-messages
