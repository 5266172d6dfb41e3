# Everything here needs Go, git and make alone, except where a line says so.
.DEFAULT_GOAL := help
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BINARY := bin/ecs-activation
LDFLAGS := -s -w -X main.version=$(VERSION)
TESTFLAGS ?=
FUZZTIME ?= 10s
TRIALS ?= 1000
LINT_VERSION := v2.15.0

.PHONY: help build demo test race lint lint-install fuzz soak mutate load conformance bench gen check

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

build: ## build bin/ecs-activation: static, trimmed, stripped
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $(BINARY) ./cmd/ecs-activation

demo: build ## create, list, disable and delete codes in a sandbox of its own
	@sh docs/demo.sh

test: ## run every test; one that needs a program which is not installed skips
	CGO_ENABLED=0 go test ./...

race: ## run every test with the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race $(TESTFLAGS) ./...

lint: ## vet for three systems, and lint (needs golangci-lint, see lint-install)
	@for os in linux darwin windows; do echo "vet $$os"; GOOS=$$os CGO_ENABLED=0 go vet ./... || exit 1; done
	go vet -tags aliyun ./...
	go mod tidy -diff
	golangci-lint run --allow-parallel-runners

lint-install: ## install the pinned golangci-lint
	go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

fuzz: ## fuzz every parser for FUZZTIME each
	@go list ./... | while read -r package; do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    go test $$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) || exit 1; \
	  done; \
	done

soak: build ## TRIALS times: kill creates, spoil answers, recover, and count
	go run ./internal/tools/soak -binary $(BINARY) -trials $(TRIALS)

mutate: ## change every guard, comparison and sync in turn: a test must notice each (MUTATE=-list prints them)
	go run ./internal/tools/mutate $(MUTATE)

bench: ## measure against a hello world, a bare HTTP program and the walk page by page (docs/performance.md)
	go run ./internal/tools/bench

load: build ## 50 connections for a minute, kill -9, restart, and compare
	go run ./internal/tools/load -binary $(BINARY)

conformance: build ## run the official Node clients against the sandbox (needs node and npm)
	@mkdir -p bin/conformance && cp internal/tools/conformance/* bin/conformance/
	@cd bin/conformance && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@node bin/conformance/conformance.mjs $(BINARY)

gen: ## write completions/ and docs/{commands,man,reference}/ anew
	go run ./internal/tools/gen

check: build ## check what the binary promises: small, static, no text/template
	@size=$$(wc -c < $(BINARY)); echo "$(BINARY): $$size bytes"; test $$size -lt 13000000
	@CGO_ENABLED=0 go build -o bin/symbols ./cmd/ecs-activation
	@! go tool nm bin/symbols | grep -F 'text/template.(*Template).Execute'; status=$$?; rm bin/symbols; exit $$status
	@go version -m $(BINARY) | grep -q 'CGO_ENABLED=0' && echo static
