# Everything runs from a virtual environment of the project's own, made here. Needs Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
CONTENT ?=
PROFILE ?=

.PHONY: demo run test lint bench chaos lock certificate

demo: .venv/site
	@$(BIN)/python manage.py demo --port "$(PORT)" $(if $(CONTENT),--content "$(CONTENT)") $(if $(PROFILE),--profile "$(PROFILE)")

run: .venv/site
	@$(BIN)/python manage.py check --deploy --fail-level ERROR
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createcachetable --verbosity 0
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/honcho -e /dev/null start  # the site reads .env itself, more strictly than honcho would

test: .venv/dev
	@$(BIN)/python -m pytest -n 2

lint: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@DEBUG=on ENV_FILE= $(BIN)/python manage.py makemigrations --check --dry-run

bench: .venv/dev
	@$(BIN)/python -m tests.bench

chaos: .venv/dev
	@$(BIN)/python -m tests.chaos.transfers --runs 2000

certificate: .venv/site
	@$(BIN)/python manage.py certificate

# The locks, from pyproject.toml. uv resolves for every platform and writes no package index into them.
lock: .venv/dev
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

# A stamp per lock: installed again when the lock changed, skipped when not.
.venv/site: requirements.txt | .venv/bin/pip
	@echo "Installing the site's packages (a minute, the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/bin/pip
	@echo "Installing the packages for tests and checks (a minute, the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/site

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python could not make a virtual environment (Debian and Ubuntu keep that in the package python3-venv)."; exit 1; }
