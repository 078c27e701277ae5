# The one image of ftp-operator, for the operator and for its FTP engine: plain JavaScript and the packages it needs at run time.
#
# The build context is build/image, which `npm run build:image-context` fills with the output of `npm ci`; `make image` does both steps.
# Nothing runs during the build, so one context fits every processor and the base image needs no shell.
#
# BASE_IMAGE: any image with Node 26 in PATH. The default is a tag, so that a local build gets the security fixes of Node and Debian.
# Pin a digest for a build that you publish, as the release workflow does:
#   docker buildx imagetools inspect node:26-slim        # prints the digest
#   make image BASE_IMAGE=node:26-slim@sha256:...
ARG BASE_IMAGE=node:26-slim
FROM ${BASE_IMAGE}

ENV NODE_ENV=production
# Calls to the file system wait in these threads; with four, the default, a slow volume would hold up all transfers.
ENV UV_THREADPOOL_SIZE=16
# The C library keeps freed blocks below this size. Its own limit grows to 32 MiB, and the engine would keep the memory of password hashes.
ENV MALLOC_MMAP_THRESHOLD_=1048576
# Threads of the pool share one heap for zlib instead of having one each, none of which shrinks (docs/contributing/decisions/0004).
ENV MALLOC_ARENA_MAX=2
WORKDIR /app
# What changes least comes first, so that a new build of the code is a small layer.
COPY node_modules node_modules
COPY package.json LICENSE ./
COPY dist dist

# Labels come last: they change with every commit.
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="ftp-operator" \
      org.opencontainers.image.description="A Kubernetes operator for managed FTP, with its own FTP engine" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/ftp-operator/ftp-operator" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# HEALTHCHECK is absent on purpose: Kubernetes ignores it and probes /healthz and /readyz on port 8080 instead.
# A number, not a name: Kubernetes can then verify runAsNonRoot.
USER 65532:65532
# A small young generation: half the memory for a thousand idle sessions, and no transfer is slower for it (docs/contributing/decisions/0004).
ENTRYPOINT ["node", "--max-semi-space-size=4", "--enable-source-maps", "/app/dist/main.js"]
