# Targets with a comment behind them are listed by `make help`.
SHELL := /bin/bash
DIR ?= /usr/share/doc
SWIFT_SOURCES := Sources Tests Benchmarks Snippets Examples Package.swift
CONFIGURATION ?= debug
PREFIX ?= /usr/local
# Tests that start servers and commands. They come behind the others, which leave them no time on a busy machine.
SERVER_TESTS := BellowsRedisIntegrationTests|BellowsCLITests
# Only tests whose names match are run: make test FILTER=Cancel
FILTER ?=
# What `make test` runs on: the redis-server in PATH, or one of scripts/servers.sh.
SERVER ?=

.DEFAULT_GOAL := help
.PHONY: help dependencies build install test servers model demo bench cost faults mutations fuzz sanitize soak lint docs examples verify clean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dependencies: ## Install what is missing on Debian or Ubuntu: libhiredis-dev, libssl-dev, redis-server
	@scripts/install-dependencies.sh

build: dependencies ## Build everything, tests included; the command is .build/debug/bellows
	swift build --build-tests -c $(CONFIGURATION)
	@ln -sf BellowsCLI .build/$(CONFIGURATION)/bellows

install: dependencies ## Build the command for release and install it with its completions: make install [PREFIX=/usr/local]
	@scripts/install-command.sh "$(PREFIX)"

test: build ## Run every test against private redis-servers, or those that need one on another server: make test [SERVER=redis-8.0] [FILTER=…]
ifneq ($(FILTER),)
	BELLOWS_FIXTURE_USER=$(CURDIR)/docs/tls-and-users.md BELLOWS_TEST_OWNER=$$PPID \
		swift test --skip-build --filter '$(FILTER)'
else ifeq ($(SERVER),)
	BELLOWS_TEST_OWNER=$$PPID swift test --skip-build --skip '$(SERVER_TESTS)'
	BELLOWS_FIXTURE_USER=$(CURDIR)/docs/tls-and-users.md BELLOWS_TEST_OWNER=$$PPID \
		swift test --skip-build --filter '$(SERVER_TESTS)'
else
	scripts/servers.sh $(SERVER)
	BELLOWS_FIXTURE_SERVER=$(CURDIR)/.servers/$(SERVER) BELLOWS_FIXTURE_USER=$(CURDIR)/docs/tls-and-users.md \
		BELLOWS_TEST_OWNER=$$PPID swift test --skip-build --filter '$(SERVER_TESTS)'
endif

servers: build ## Run the integration and command-line tests on every supported server, and print a table: make servers [SERVERS=…]
	scripts/test-on-servers.sh $(SERVERS)

model: ## Check the models of the protocol with Spin, and that each rule left out fails
	@scripts/model.sh

demo: dependencies ## Hash the files under DIR with three workers, kill one, verify: make demo [DIR=/usr/share/doc]
	@scripts/demo.sh "$(DIR)"

bench: dependencies ## Measure everything against private redis-servers and write the table in docs/performance.md
	swift build -c release --product bellows-bench
	.build/release/bellows-bench all --write docs/performance.md

cost: dependencies ## Count what the scripts cost the server, and compare: make cost [REASON="why it may cost more"]
	@scripts/install-dependencies.sh valgrind
	swift build --product bellows-bench
	.build/debug/bellows-bench script-cost $(if $(REASON),--accept "$(REASON)")

faults: dependencies ## Run every fault experiment against private servers; exits with 1 if one misses its goal
	swift build -c release --product bellows-bench
	.build/release/bellows-bench faults

mutations: dependencies ## Put twelve known bugs into a copy, one at a time: the tests must find each
	@scripts/mutations.sh

fuzz: dependencies ## Feed a million hostile replies to the reply path (libFuzzer, address sanitizer): make fuzz [RUNS=… SEED=…]
	@scripts/fuzz.sh $(or $(RUNS),1000000) $(SEED)

sanitize: dependencies ## Run the unit tests and those of connections and backends under the thread sanitizer
	@scripts/thread-sanitizer.sh

soak: dependencies ## Publishers and workers under random faults, then look for everything: make soak [SECONDS=1800 SEED=… CLUSTER=1]
	swift build -c release --product bellows-bench
	.build/release/bellows-bench soak --seconds $(or $(SECONDS),1800) $(if $(SEED),--seed $(SEED)) $(if $(CLUSTER),--cluster)

lint: ## Check the format, the floors, and documents with their samples
	swift format lint -r --strict $(SWIFT_SOURCES)
	@scripts/floors.py
	@scripts/documents.py
	@scripts/samples.py

docs: ## Build the documentation, warnings are errors
	@scripts/documentation.sh

examples: dependencies ## Build the package in Examples/
	swift build --package-path Examples

verify: ## Do what CI does
	@.ci/run

clean: ## Remove everything that was built
	rm -rf .build .build-* Examples/.build
