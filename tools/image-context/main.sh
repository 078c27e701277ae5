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
# The program reports its commit unless the tree has uncommitted changes.
if commit=$(git rev-parse --verify --quiet HEAD) && [ -z "$(git status --porcelain)" ]; then
  npm pkg set --prefix "$context" "gitHead=$commit"
fi
npm ci --prefix "$context" --omit=dev --omit=optional --ignore-scripts --loglevel=error >&2
# Removes libraries for the JavaScript runtime Bare on 13 platforms. Node.js uses built-in modules instead.
find "$context/node_modules" -type d -name prebuilds -prune -exec rm -rf {} +
# Removes type declarations, source maps and the AWS SDK modules for bundlers, because Node.js does not load these files.
find "$context/node_modules" -type f \( -name '*.d.ts' -o -name '*.map' \) -delete
find "$context/node_modules" -type d -name dist-es -prune -exec rm -rf {} +
find "$context/node_modules" -type d -empty -delete
# Removes this file, because its content depends on the npm version and no program reads it.
rm -f "$context/node_modules/.package-lock.json"
# Any user must be able to run the program, because OpenShift assigns a UID that does not own these files.
chmod -R u=rwX,go=rX "$context"
find "$context" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" {} +
