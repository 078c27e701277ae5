# Image of the operator and of the FTP engine: compiled JavaScript and its runtime packages.
#
# The build context is build/image, which `npm run build:image-context` creates. `make image` does both steps.
# The build runs no commands, so that one context works for all architectures and the base image needs no shell.
#
# BASE_IMAGE: any image with Node 26 in PATH. The default is a tag, so that a local build gets the security fixes of Node and Debian.
# Pin a digest for a build that you publish, as the release workflow does:
#   docker buildx imagetools inspect node:26-slim        # prints the digest
#   make image BASE_IMAGE=node:26-slim@sha256:...
ARG BASE_IMAGE=node:26-slim
FROM ${BASE_IMAGE}

ENV NODE_ENV=production
# File system calls block these threads. With the default of 4, a slow volume would delay all transfers.
ENV UV_THREADPOOL_SIZE=16
# The C library caches freed blocks up to this size. By default the size grows to 32 MiB, which keeps the memory of password hashes.
ENV MALLOC_MMAP_THRESHOLD_=1048576
# Limits the number of heaps of pool threads, which do not shrink after zlib has used them (docs/contributing/decisions/0004).
ENV MALLOC_ARENA_MAX=2
WORKDIR /app
# Ordered by frequency of change, so that a new build of the code adds a small layer only.
COPY node_modules node_modules
COPY package.json LICENSE ./
COPY dist dist

# Labels are last because they change with every commit.
ARG VERSION=
ARG REVISION=
LABEL org.opencontainers.image.title="ftp-operator" \
      org.opencontainers.image.description="Kubernetes operator for FTP and FTPS servers, with its own FTP engine" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/ftp-operator/ftp-operator" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# No HEALTHCHECK: Kubernetes ignores it and probes /healthz and /readyz on port 8080.
# A numeric ID, so that Kubernetes can verify runAsNonRoot.
USER 65532:65532
# A small young generation halves the memory of 1,000 idle sessions without slowing down transfers (docs/contributing/decisions/0004).
ENTRYPOINT ["node", "--max-semi-space-size=4", "--enable-source-maps", "/app/dist/main.js"]
