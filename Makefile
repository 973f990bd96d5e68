# Where the environment lives.
VENV := .venv
BIN := $(VENV)/bin

# Make the environment: dependencies from the lock file, the project itself editable.
setup: $(VENV)/.ready
$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Static checks: format, lint, types, layers, spelling.
check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: setup check
