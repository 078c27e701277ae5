# The one image of ftp-operator, for the operator and for its FTP engine: plain JavaScript and the packages it needs at run time.
#
# The build context is build/image, which `npm run build:image-context` fills; `make image` does both steps.
# BASE_IMAGE may be any image with Node 26 in PATH. It needs no shell: nothing is run during the build.
ARG BASE_IMAGE=node:26-slim
FROM ${BASE_IMAGE}

ENV NODE_ENV=production
# Calls to the file system wait in these threads; with four, the default, a slow volume would hold up all transfers.
ENV UV_THREADPOOL_SIZE=16
# The C library keeps freed blocks below this size. Its own limit grows to 32 MiB, and the engine would keep the memory of password hashes.
ENV MALLOC_MMAP_THRESHOLD_=1048576
# Threads of the pool share one heap for zlib instead of having one each, none of which shrinks (docs/decisions/0004).
ENV MALLOC_ARENA_MAX=2
WORKDIR /app
# What changes least comes first, so that a new build of the code is a small layer.
COPY node_modules node_modules
COPY package.json LICENSE ./
COPY dist dist

LABEL org.opencontainers.image.title="ftp-operator" \
      org.opencontainers.image.description="A Kubernetes operator for managed FTP, with its own FTP engine" \
      org.opencontainers.image.licenses="Apache-2.0"

# A number, not a name: Kubernetes can then see that runAsNonRoot holds.
USER 65532:65532
# A small young generation: half the memory for a thousand idle sessions, and no transfer is slower for it (docs/decisions/0004).
ENTRYPOINT ["node", "--max-semi-space-size=4", "--enable-source-maps", "/app/dist/main.js"]
