# Every target makes .venv by itself; python3 (3.11 or later), make and git are enough to begin.
# make demo | serve: the product; make check | test: what CI runs; make score | bench | train | clean: figures and weights;
# make bundle: everything for a machine without a network; make lock | audit: versions by hash, and their known flaws.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
PORT ?= 8080
# tests wait for children, databases and the browser: half as many more than there are processors keep these busy
WORKERS ?= $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))
BENCHMARK := ../shared/benchmark
MODEL ?= model/weights
WORK ?= runs/default
TRAINING = $(BIN)/python -m gongkai.training
MATERIAL = --work $(WORK) $(if $(PUBLIC),--public $(PUBLIC))

LOCK := service/deploy/requirements.lock
BUNDLE := dist/gongkai-bundle

.PHONY: demo serve check test score bench train bundle lock audit clean

demo: $(VENV)/base
	rm -rf demo-output && mkdir -p demo-output
	$(BIN)/gongkai suggest corpora/samples/0*
	$(BIN)/gongkai suggest --format jsonl corpora/samples/0* > demo-output/suggestions.jsonl
	$(BIN)/gongkai redact corpora/samples/0[1-6]* -o demo-output/redacted --report
	@echo "结果在 demo-output/：suggestions.jsonl 是每份文件的建议；redacted/ 里是遮蔽了个人信息的副本（格式不变）和遮蔽报告。"
	@echo "网页：运行 make serve，再用浏览器打开 http://127.0.0.1:$(PORT)/ 。"

serve: $(VENV)/base
	GONGKAI_DATA=$${GONGKAI_DATA:-service-data} $(BIN)/gongkai serve --port $(PORT)

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/gongkai rulebook check

# The longest files begin first (tests/conftest.py); hundreds of processes read the bytecode instead of the source.
test: $(VENV)/dev
	$(BIN)/python -m compileall -q model service training
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

score: $(VENV)/base
	@if [ ! -d $(BENCHMARK) ]; then echo "没有 $(BENCHMARK)，没有可评的文件。"; else \
	mkdir -p scores && \
	$(BIN)/gongkai suggest --format jsonl --from-jsonl $(BENCHMARK)/dev.jsonl > scores/dev.jsonl && \
	$(BIN)/python $(BENCHMARK)/score.py $(BENCHMARK)/dev.jsonl scores/dev.jsonl; fi

bench: $(VENV)/dev
	$(PIP) --editable '.[dev,bench]'
	$(BIN)/python tests/benchmarks/run.py

# PROSE=file: official texts (JSONL with text), trains the encoder too, for hours; STATUTES=file adds some for its vocabulary.
# PUBLIC=file: published documents (JSONL with id, title, text). MODEL=folder keeps the shipped weights. WORK=folder holds
# checkpoints: the same line goes on where it was stopped.
train: $(VENV)/dev
ifdef PROSE
	$(TRAINING) language --prose $(PROSE) $(if $(STATUTES),--statutes $(STATUTES)) --work $(WORK)
	$(TRAINING) distil $(MATERIAL)
	$(TRAINING) slim $(MATERIAL)
	$(TRAINING) teach $(MATERIAL)
	$(TRAINING) export $(MATERIAL) -o $(MODEL)
	$(TRAINING) tagger --prose $(PROSE) $(MATERIAL) -o $(MODEL)
	$(TRAINING) spot $(MATERIAL) -o $(MODEL)
endif
	$(TRAINING) fit $(MATERIAL) -o $(MODEL)
	$(TRAINING) evaluate --model $(MODEL)
	$(TRAINING) evaluate --model $(MODEL) --fast
	$(if $(PROSE),$(TRAINING) compare $(MATERIAL) --model $(MODEL))

# Wheels and a list of checksums, with what installs and runs them: copy $(BUNDLE).tar to the machine.
bundle: $(VENV)/base
	rm -rf $(BUNDLE) $(BUNDLE).tar && mkdir -p $(BUNDLE)/wheels
	$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --wheel-dir $(BUNDLE)/wheels .
	$(BIN)/python -m pip --disable-pip-version-check download --quiet --only-binary :all: --require-hashes \
	  --requirement $(LOCK) --dest $(BUNDLE)/wheels
	cp service/deploy/* README.zh-CN.md LICENSE NOTICE $(BUNDLE)/
	cd $(BUNDLE) && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS
	tar -C dist -cf $(BUNDLE).tar gongkai-bundle
	@echo "离线安装包：$(BUNDLE).tar。拷到目标机器，解开后运行 install.sh。"

lock: $(VENV)/dev
	$(BIN)/python -m piptools compile --quiet --generate-hashes --no-emit-options --strip-extras --no-header \
	  --extra postgres --extra archives --extra oidc \
	  --output-file $(LOCK) pyproject.toml

# Asks a public list of known flaws: only where a network is reachable.
audit: $(VENV)/base
	$(PIP) pip-audit
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement $(LOCK)

clean:
	rm -rf $(VENV) demo-output service-data scores build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/base: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新的版本；可用 make PYTHON=... 指定。")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/dev: $(VENV)/base
	$(PIP) --editable '.[dev]'
	@touch $@
