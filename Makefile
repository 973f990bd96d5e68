# Where the environment lives.
VENV := .venv
BIN := $(VENV)/bin

# Make the environment: dependencies from the lock file, the project itself editable.
setup: $(VENV)/.ready
$(VENV)/.ready: requirements.lock pyproject.toml
	python3 -c 'import ensurepip' 2>/dev/null || scripts/install-system-packages python3-venv
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "graphrisk needs Python 3.11 or newer")'
	test -x $(BIN)/pip || python3 -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Write a small city, load it, find its rings and serve them (STORE=neo4j: on a Neo4j of its own).
demo: setup $(if $(filter neo4j,$(STORE)),neo4j)
	$(BIN)/graphrisk demo $(if $(filter neo4j,$(STORE)),--engine neo4j)

# Open the analysts' notebooks on the demo's city, which is made when it is not there.
notebooks: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-notebooks.lock
	GRAPHRISK_STORE=$${GRAPHRISK_STORE:-sqlite:///$(CURDIR)/demo-data/graph.db} $(BIN)/jupyter lab algorithms/notebooks

# Build the web console from its sources into graphrisk/console/dist, which is committed.
console: node
	npm run --silent check
	npm run --silent build

# All tests, on real servers: installs what they need when run as root, names it otherwise.
# Go and Node, which the log is checked and the console built with, are named where they are missing.
# Two processes, each with servers of its own; idle ones take over tests of the other.
test: setup neo4j postgresql go node chromium
	$(BIN)/pytest -q -n 2 --dist worksteal --durations 25

# The long forms of tests at full counts, then the mutants: an hour or two. Writes docs/long-tests.md.
test-long: setup neo4j postgresql go node chromium
	$(BIN)/python -m scripts.long_tests

# Static checks: format, lint, types, layers, spelling.
check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

# Benchmarks: figures into docs/results/ and the pages made from them.
bench: setup neo4j node chromium
	$(BIN)/python -m benchmarks.performance
	$(BIN)/python -m benchmarks.quality

# Generated files: DDL, Cypher, GraphQL schema and pages from the vocabulary, the settings and the CLI.
docs: setup
	$(BIN)/python -m scripts.generate

# The Neo4j jars, and Java and Maven that they need.
neo4j: setup
	@command -v java && command -v mvn || scripts/install-system-packages default-jre-headless maven
	$(BIN)/graphrisk doctor --fetch-neo4j

# A PostgreSQL server's programs; the tests start one as a user of its own.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb || command -v initdb || scripts/install-system-packages postgresql

# A Go toolchain, with which strangers' tools are built to check our logs. Debian's own is too old.
go:
	@PATH=$$PATH:/usr/local/go/bin go version || { echo "Please install Go 1.26 or newer first: https://go.dev/doc/install" >&2; exit 1; }

# Node with npm, and the packages that the console is built and looked at with, as package-lock.json
# names them. An audit of GraphQL over HTTP is written for Node too; its test brings the packages.
node: node_modules/.package-lock.json
node_modules/.package-lock.json: package-lock.json
	@command -v npm >/dev/null || { echo "Please install Node 20.19 or newer first: https://nodejs.org" >&2; exit 1; }
	npm ci --silent --ignore-scripts
	touch $@

# The browser that the console is tested in, Debian's own.
chromium:
	@command -v chromium || scripts/install-system-packages chromium

.PHONY: setup demo notebooks test test-long check bench docs neo4j console postgresql go node chromium
