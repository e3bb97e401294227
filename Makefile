# Vuoro: `make run` starts it, `make test` checks it. Both set up what they need.

# Stamping the revision fails where the checkout belongs to another user.
GO_BUILD = go build -buildvcs=false -trimpath

.PHONY: help run build test test-all nightly bench format clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  make run heeds VUORO_ADDR, VUORO_DATA and DATABASE_URL; see docs/operations.md"

run: build ## start Vuoro with its own PostgreSQL and the demo town on http://127.0.0.1:8080
	@[ -n "$$DATABASE_URL" ] || sh scripts/setup-postgres.sh
	@exec bin/vuoro serve

build: ## build bin/vuoro
	@$(GO_BUILD) -o bin/vuoro ./cmd/vuoro

test: ## run every check, at most 15 minutes on two cores
	@$(GO_BUILD) -o bin/check ./cmd/check
	@exec bin/check

test-all: ## the long form: all browser tests, fuzzing, the race detector on everything
	@$(GO_BUILD) -o bin/check ./cmd/check
	@exec bin/check -full

nightly: ## 120 000 random steps against the model, every statement failed, races by the hundred
	@$(GO_BUILD) -o bin/check ./cmd/check
	@exec bin/check -full -only nightly

bench: ## measure speed against the goals, and write docs/benchmarks.md
	@sh scripts/setup-postgres.sh
	@$(GO_BUILD) -o bin/bench ./cmd/bench
	@exec bin/bench -write docs/benchmarks.md

format: ## format the Go files
	@go tool gofumpt -w .

clean: ## remove what was built; the data in .vuoro stay
	@rm -rf bin e2e/node_modules e2e/output
