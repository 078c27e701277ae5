import { readFileSync } from "node:fs";

/** Version information about a running program. */
export interface BuildInfo {
  /** Version in `package.json`, for example `0.1.0`. */
  readonly version: string;
  /** Full hash of the commit from which the image was built. Undefined in a checkout and in an npm package. */
  readonly commit?: string;
  /** Version of Node.js that runs the program, without the prefix `v`. */
  readonly node: string;
}

/** Version information about this program. */
export const BUILD: BuildInfo = readBuild();

/** Returns the version line for `--version`, for example `ftp-operator 0.1.0 (Node.js 26.10.0)`. */
export function versionLine(program: string, { version, commit, node }: BuildInfo = BUILD): string {
  const details = [...(commit === undefined ? [] : [`commit ${commit.slice(0, 7)}`]), `Node.js ${node}`];
  return `${program} ${version} (${details.join(", ")})`;
}

interface Manifest {
  version: string;
  /** Commit hash. The script `tools/image-context/main.sh` writes this standard npm field. */
  gitHead?: string;
}

/**
 * The release script in `tools/release` replaces this constant when it bundles a program. The directory of a bundle
 * contains no `package.json`.
 */
declare const BUNDLED_MANIFEST: Manifest | undefined;

/** Reads `package.json` from the directory two levels above `src/common` or `dist/common`. */
function readManifest(): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return manifest;
}

function readBuild(): BuildInfo {
  const { version, gitHead } = typeof BUNDLED_MANIFEST === "undefined" ? readManifest() : BUNDLED_MANIFEST;
  return { version, ...(gitHead !== undefined && { commit: gitHead }), node: process.versions.node };
}
