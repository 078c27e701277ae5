#!/usr/bin/env bash
# Fills the build context of the image: the compiled program and the packages that it needs at run time. Two runs on one commit give
# the same bytes. IMAGE_CONTEXT: where, build/image by default. SOURCE_DATE_EPOCH: the time of every file, by default the commit's.
set -euo pipefail
context=${IMAGE_CONTEXT:-build/image}
rm -rf "$context"
mkdir -p "$context"
tsc -p tsconfig.build.json --outDir "$context/dist"
cp package.json package-lock.json .npmrc LICENSE "$context"
# The program reports the commit that it was built from. A tree with changes has none.
if commit=$(git rev-parse --verify --quiet HEAD) && [ -z "$(git status --porcelain)" ]; then
  npm pkg set --prefix "$context" "gitHead=$commit"
fi
npm ci --prefix "$context" --omit=dev --omit=optional --ignore-scripts --loglevel=error >&2
# Libraries for another JavaScript runtime (Bare), for 13 platforms; Node resolves the same imports to its own modules.
find "$context/node_modules" -type d -name prebuilds -prune -exec rm -rf {} +
# npm's own notes about the tree differ between versions of npm, and nothing reads them.
rm -f "$context/node_modules/.package-lock.json"
# The image runs as any user, whatever the umask of this build: OpenShift assigns a UID that owns none of these files.
chmod -R u=rwX,go=rX "$context"
find "$context" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" {} +
