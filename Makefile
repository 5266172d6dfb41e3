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
# The Go of releases: the newest patch release, which has no known vulnerability. Every Go from go.mod on builds the program.
RELEASE_GO := go1.26.11
VULNDB := golang.org/x/vulndb
GORELEASER_VERSION := v2.15.1

.PHONY: help build demo test race lint lint-install fuzz soak mutate load conformance conformance-node bench bench-guard measure \
  licences vulncheck gen picture binary cross checks check release-dry release-test release

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

build: ## build bin/ecs-activation: a static binary without debug information
	CGO_ENABLED=0 go build -trimpath $(GCFLAGS) -ldflags '$(LDFLAGS)' -o $(BINARY) ./cmd/ecs-activation

demo: build ## create, list, disable and delete codes in a new sandbox
	@sh docs/demo.sh

test: ## run all tests; tests that need a missing program are skipped
	CGO_ENABLED=0 go test ./...

race: ## run all tests with the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race -shuffle=on $(TESTFLAGS) ./...

lint: ## run go vet for three systems, golangci-lint (see lint-install), and actionlint
	@for os in linux darwin windows; do echo "vet $$os"; GOOS=$$os CGO_ENABLED=0 go vet ./... || exit 1; done
	go vet -tags aliyun ./...
	go mod tidy -diff
	go mod verify
	golangci-lint run --allow-parallel-runners
	go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

lint-install: ## install the pinned golangci-lint
	go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)

fuzz: ## fuzz each parser for FUZZTIME: a time, or a number of inputs such as 5000x
	@grep -ro '^func Fuzz[A-Za-z0-9]*' --include='*_test.go' internal | sed 's|/[^/]*:func | |' | sort | while read -r package target; do \
	  echo "$$package $$target"; \
	  go test ./$$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) || exit 1; \
	done

soak: build ## run TRIALS trials that kill creates, simulate faults, recover, and count the codes
	go run ./internal/tools/soak -binary $(BINARY) -trials $(TRIALS)

mutate: ## change each condition, comparison and sync: a test must fail for each (MUTATE=-list prints them)
	go run ./internal/tools/mutate $(MUTATE)

bench: ## compare the speed with minimal programs (docs/performance.md)
	go run ./internal/tools/bench

measure: ## print the lengths of functions, files and packages, and the share of comments and tests
	go run ./internal/tools/measure

bench-guard: ## compare what the hot paths allocate with the figures in internal/tools/guard
	go run ./internal/tools/guard

load: build ## send requests over 50 connections for a minute, kill and restart the server, and compare its codes
	go run ./internal/tools/load -binary $(BINARY)

conformance: build ## run the official Go and Node clients against the sandbox (without npm only those of Go)
	gofmt -d internal/tools/conformance/go # golangci-lint leaves this module out
	go -C internal/tools/conformance/go mod tidy -diff
	CGO_ENABLED=0 go -C internal/tools/conformance/go vet .
	CGO_ENABLED=0 go -C internal/tools/conformance/go test -count=1 . -args -program $(CURDIR)/$(BINARY)
	@if npm view @alicloud/pop-core version --fetch-retries=0 >/dev/null 2>&1; then $(MAKE) -s conformance-node; \
	else echo 'conformance: the Node clients are skipped, because npm is missing or cannot reach a registry'; fi

conformance-node: build
	@mkdir -p bin/conformance && cp internal/tools/conformance/node/* bin/conformance/
	@cd bin/conformance && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@node bin/conformance/conformance.mjs $(BINARY)

licences: ## compare the licences of all modules with the list of those that are allowed
	go run ./internal/tools/licences

vulncheck: ## look for known vulnerabilities in the modules and in the Go of releases (needs the network)
	@if database=$$(go mod download -json $(VULNDB)@latest 2>/dev/null); then \
	  field() { printf '%s' "$$database" | sed -n "s/.*\"$$1\": \"\(.*\)\".*/\1/p"; }; \
	  folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && trap 'exit 1' HUP INT TERM && \
	  go run $(VULNDB)/cmd/indexdb@$$(field Version) -vulns "$$(field Dir)/data/osv" -out "$$folder" && \
	  GOTOOLCHAIN=$(RELEASE_GO) go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 -db "file://$$folder" ./...; \
	else echo 'vulncheck: skipped, because the network has no module $(VULNDB)'; fi

gen: ## generate completions/ and docs/{commands,man,reference}/; a test compares them with the committed files
	go run ./internal/tools/gen

picture: build ## draw docs/terminal*.svg: a session on a real terminal in each language (needs Linux)
	go run ./internal/tools/picture -binary $(BINARY)
	go run ./internal/tools/picture -binary $(BINARY) -lang zh -out docs/terminal.zh-CN.svg

binary: build ## check that the binary is small and static, and does not use text/template
	@size=$$(wc -c < $(BINARY)); echo "$(BINARY): $$size bytes"; test $$size -le 14000000
	@CGO_ENABLED=0 go build -o bin/symbols ./cmd/ecs-activation
	@symbols=$$(go tool nm bin/symbols); rm bin/symbols; \
	case $$symbols in *'text/template.(*Template).Execute'*) echo 'it uses text/template'; exit 1;; *main.main*);; *) exit 1;; esac
	@go version -m $(BINARY) | grep -q 'CGO_ENABLED=0' && echo static

cross: ## build the program for the other systems and processors of a release
	@for target in linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do \
	  echo "build $$target"; \
	  GOOS=$${target%/*} GOARCH=$${target#*/} CGO_ENABLED=0 go build -trimpath $(GCFLAGS) -ldflags '$(LDFLAGS)' -o /dev/null ./cmd/ecs-activation || exit 1; \
	done

checks: lint binary cross licences bench-guard vulncheck conformance ## all checks but the tests
	$(MAKE) -s fuzz FUZZTIME=5000x

check: checks race ## all checks and all tests, as .ci/run, which also tries the README in a fresh clone

release-dry: ## build the release of HEAD twice in bin/release and compare byte by byte (CACHE=cold: compile twice, too)
	@GOTOOLCHAIN=$(RELEASE_GO) go run ./internal/tools/release dry $(GORELEASER_VERSION) bin/release $(CACHE)

release-test: ## install, use and remove what release-dry built; parts without the needed programs are skipped
	@sh internal/tools/release/test.sh bin/release/1/bin/dist

release: ## publish the release of the tag at HEAD, with the settings that docs/release.md lists
	@for name in RELEASE_OWNER RELEASE_REPOSITORY RELEASE_HOMEPAGE RELEASE_MAINTAINER; do \
	  printenv $$name >/dev/null || { echo "$$name is not set (docs/release.md)"; exit 1; }; \
	done
	GOTOOLCHAIN=$(RELEASE_GO) go run github.com/goreleaser/goreleaser/v2@$(GORELEASER_VERSION) release --clean \
	  $(if $(RELEASE_KEY),,--skip=sign) $(if $(RELEASE_IMAGE),,--skip=docker) $(RELEASEFLAGS)
