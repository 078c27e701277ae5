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
# Removes tests, documentation, and variants for browsers and bundlers, because Node.js does not load these files.
# The rule does not apply to a package with such a name.
find "$context/node_modules" -type d \( -name test -o -name tests -o -name __tests__ -o -name benchmarks -o -name docs -o -name .github \
  -o -name browser -o -name dist-es \) ! -regex '.*/node_modules/\(@[^/]*/\)?[^/]*' -prune -exec rm -rf {} +
# Removes sources, source maps and hidden files, such as .package-lock.json, whose content depends on the npm version.
# Licenses and notices remain, because the packages require their distribution.
find "$context/node_modules" -type f \( -name '*.ts' -o -name '*.[cm]ts' -o -name '*.map' -o -name '*.md' -o -name '.*' \) \
  ! -iname 'lic*' ! -iname '*notice*' ! -iname '*copying*' -delete
find "$context/node_modules" -type d -empty -delete
# Any user must be able to run the program, because OpenShift assigns a UID that does not own these files.
chmod -R u=rwX,go=rX "$context"
find "$context" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" {} +
