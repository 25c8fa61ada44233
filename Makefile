# Relative paths only, so that a checkout below a folder with blanks works.
.POSIX:
.PHONY: help run test soak bench lint format lock env test-env

VENV = .venv/bin

help:
	@echo "make run     安装、计算三条链并打开页面 / install, score the chains, serve the pages (Ctrl-C ends)"
	@echo "make test    安装测试工具并运行全部测试 / install the test tools and run all tests (ARGS=...)"
	@echo "make soak    完整的压力与故障测试 / kills, mutations and load in full"
	@echo "make bench   测量并写 docs/benchmarks.md / measure and write the page (about 5 minutes; ARGS=--whole)"
	@echo "make lint    代码检查 / ruff, mypy, import contracts, docstrings"
	@echo "make format  代码格式化 / ruff format and safe fixes"
	@echo "make lock    重新生成依赖锁（需要 uv）/ renew the locks (needs uv)"

run: env
	@$(VENV)/lianwen init
	@$(VENV)/lianwen recompute
	@$(VENV)/lianwen worst
	@exec $(VENV)/lianwen serve --with-scheduler

test: test-env
	@$(VENV)/python -m pytest -n 2 $(ARGS)

soak: test-env
	@LIANWEN_SOAK=full $(VENV)/python -m pytest -m soak $(ARGS)

bench: test-env
	@$(VENV)/python -m tests.bench.write_page $(ARGS)

lint: test-env
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check
	@$(VENV)/mypy
	@$(VENV)/lint-imports
	@git ls-files "*.py" | xargs $(VENV)/numpydoc lint

format: test-env
	@$(VENV)/ruff check --fix
	@$(VENV)/ruff format

# uv also writes uv.lock, which names the registry in use and therefore stays out of git.
lock:
	uv export --quiet --extra build --no-emit-project --no-header -o requirements.lock
	uv export --quiet --extra build --extra test --no-emit-project --no-header -o requirements-test.lock

env:
	@sh scripts/bootstrap.sh run

test-env:
	@sh scripts/bootstrap.sh test
