# These targets need only Go, git and make, unless the description names another program.
.DEFAULT_GOAL := help
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BINARY := bin/ecs-activation
# Without debug information, with functions aligned to 8 bytes, and without inlining in libraries and in the commands,
# where it makes the program larger but not faster (docs/design.md).
LDFLAGS := -s -w -funcalign=8 -X main.version=$(VERSION)
GCFLAGS := $(foreach pattern,github.com/... gopkg.in/... go.yaml.in/... ecs-activation/internal/cli/...,-gcflags '$(pattern)=-l')
TESTFLAGS ?=
FUZZTIME ?= 10s
TRIALS ?= 1000
CACHE ?= warm
LINT_VERSION := v2.15.0
GORELEASER_VERSION := v2.15.1

.PHONY: help build demo test race lint lint-install fuzz soak mutate load conformance bench gen picture check release-dry release-test release

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

build: ## build bin/ecs-activation: a static binary without debug information
	CGO_ENABLED=0 go build -trimpath $(GCFLAGS) -ldflags '$(LDFLAGS)' -o $(BINARY) ./cmd/ecs-activation

demo: build ## create, list, disable and delete codes in a new sandbox
	@sh docs/demo.sh

test: ## run all tests; tests that need a missing program are skipped
	CGO_ENABLED=0 go test ./...

race: ## run all tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race $(TESTFLAGS) ./...

lint: ## run go vet for three systems, and golangci-lint (see lint-install)
	@for os in linux darwin windows; do echo "vet $$os"; GOOS=$$os CGO_ENABLED=0 go vet ./... || exit 1; done
	go vet -tags aliyun ./...
	go mod tidy -diff
	golangci-lint run --allow-parallel-runners

lint-install: ## install the pinned golangci-lint
	go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

fuzz: ## fuzz each parser for FUZZTIME
	@go list ./... | while read -r package; do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    go test $$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) || exit 1; \
	  done; \
	done

soak: build ## run TRIALS trials that kill creates, simulate faults, recover, and count the codes
	go run ./internal/tools/soak -binary $(BINARY) -trials $(TRIALS)

mutate: ## change each condition, comparison and sync: a test must fail for each (MUTATE=-list prints them)
	go run ./internal/tools/mutate $(MUTATE)

bench: ## compare the speed with minimal programs (docs/performance.md)
	go run ./internal/tools/bench

load: build ## send requests over 50 connections for a minute, kill and restart the server, and compare its codes
	go run ./internal/tools/load -binary $(BINARY)

conformance: build ## run the official Node clients against the sandbox (needs node and npm)
	@mkdir -p bin/conformance && cp internal/tools/conformance/* bin/conformance/
	@cd bin/conformance && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@node bin/conformance/conformance.mjs $(BINARY)

gen: ## generate completions/ and docs/{commands,man,reference}/
	go run ./internal/tools/gen

picture: build ## draw docs/terminal.svg: a session on a real terminal (needs Linux)
	go run ./internal/tools/picture -binary $(BINARY)

check: build ## check that the binary is small and static, and does not use text/template
	@size=$$(wc -c < $(BINARY)); echo "$(BINARY): $$size bytes"; test $$size -le 14000000
	@CGO_ENABLED=0 go build -o bin/symbols ./cmd/ecs-activation
	@! go tool nm bin/symbols | grep -F 'text/template.(*Template).Execute'; status=$$?; rm bin/symbols; exit $$status
	@go version -m $(BINARY) | grep -q 'CGO_ENABLED=0' && echo static

release-dry: ## build the release of HEAD twice in bin/release and compare byte by byte (CACHE=cold: compile twice, too)
	@go run ./internal/tools/release dry $(GORELEASER_VERSION) bin/release $(CACHE)

release-test: ## install, use and remove what release-dry built; parts without the needed programs are skipped
	@sh internal/tools/release/test.sh bin/release/1/bin/dist

release: ## publish the release of the tag at HEAD, with the settings that docs/release.md lists
	@for name in RELEASE_OWNER RELEASE_REPOSITORY RELEASE_HOMEPAGE RELEASE_MAINTAINER; do \
	  printenv $$name >/dev/null || { echo "$$name is not set (docs/release.md)"; exit 1; }; \
	done
	go run github.com/goreleaser/goreleaser/v2@$(GORELEASER_VERSION) release --clean \
	  $(if $(RELEASE_KEY),,--skip=sign) $(if $(RELEASE_IMAGE),,--skip=docker) $(RELEASEFLAGS)
