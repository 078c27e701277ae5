/** Generates docs/reference/licenses.md from package-lock.json: `node tools/docs/licenses-page.ts --write`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export const PAGE = join(ROOT, "docs/reference/licenses.md");

/** An npm package in the image. */
export interface RuntimePackage {
  name: string;
  version: string;
  /** SPDX license expression. Empty when the package does not declare a license. */
  license: string;
  /** Whether the package has an install script. A package with an install script usually contains native code. */
  hasInstallScript: boolean;
}

interface LockEntry {
  version?: string;
  license?: string;
  dev?: true;
  optional?: true;
  hasInstallScript?: true;
}

/** Returns the packages in the image, sorted by name. */
export function runtimePackages(): RuntimePackage[] {
  const { packages }: { packages: Record<string, LockEntry> } = JSON.parse(
    readFileSync(join(ROOT, "package-lock.json"), "utf8"),
  );
  return Object.entries(packages)
    .filter(([path, { dev, optional }]) => path !== "" && dev === undefined && optional === undefined)
    .map(([path, { version = "", license = "", hasInstallScript = false }]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version,
      license,
      hasInstallScript,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function licensesPage(): string {
  return [
    "# Licenses",
    "",
    "This table lists the packages in the image. The license of this project is Apache-2.0. `make sbom` writes the same list in CycloneDX format. Do not edit this page: `npm run generate` writes the page from `package-lock.json`.",
    "",
    "| package | version | license |",
    "|---|---|---|",
    ...runtimePackages().map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`),
    "",
  ].join("\n");
}

if (process.argv.includes("--write")) writeFileSync(PAGE, licensesPage());
