#!/usr/bin/env bash
# Creates the build context of the image: the compiled program and its runtime packages. The result is reproducible.
#   IMAGE_CONTEXT        folder of the context (default: build/image)
#   SOURCE_DATE_EPOCH    modification time of all files (default: time of the commit)
set -euo pipefail
context=${IMAGE_CONTEXT:-build/image}
rm -rf "$context"
mkdir -p "$context"
tsc -p tsconfig.build.json --outDir "$context/dist"
cp package.json package-lock.json .npmrc LICENSE "$context"
# The program reports the commit that it was built from, unless the tree has uncommitted changes.
if commit=$(git rev-parse --verify --quiet HEAD) && [ -z "$(git status --porcelain)" ]; then
  npm pkg set --prefix "$context" "gitHead=$commit"
fi
npm ci --prefix "$context" --omit=dev --omit=optional --ignore-scripts --loglevel=error >&2
# Libraries for the JavaScript runtime Bare, for 13 platforms. Node uses its own modules instead.
find "$context/node_modules" -type d -name prebuilds -prune -exec rm -rf {} +
# This file differs between versions of npm, and nothing reads it.
rm -f "$context/node_modules/.package-lock.json"
# The image must run as any user, because OpenShift assigns a UID that owns none of these files.
chmod -R u=rwX,go=rX "$context"
find "$context" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" {} +
