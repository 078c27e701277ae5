/** Bundles the kubectl plugin into one JavaScript file, and collects the licenses of its packages. */
import { readFileSync } from "node:fs";
import { globSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { runtimeLicense, runtimeVersion } from "./platforms.ts";

export interface Program {
  /** ECMAScript module that imports no packages. */
  readonly code: string;
  /** License texts for Node.js and the bundled packages. */
  readonly licenses: string;
}

export interface ProgramOptions {
  /** Checkout with node_modules. */
  readonly root: string;
  /**
   * Folder with the source files. The folder must be inside the checkout, so that imports are resolved in node_modules.
   */
  readonly source: string;
  readonly version: string;
  /** Commit hash. Undefined if the sources contain uncommitted changes. */
  readonly commit: string | undefined;
}

/** Bundles src/kubectl-ftpsrv.ts and its imports. */
export async function bundleProgram({ root, source, version, commit }: ProgramOptions): Promise<Program> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: source,
    entryPoints: ["src/kubectl-ftpsrv.ts"],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node26",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    // src/common/version.ts reads this definition when the program folder contains no package.json.
    define: {
      BUNDLED_MANIFEST: JSON.stringify({ version, ...(commit !== undefined && { gitHead: commit }) }),
    },
  });
  const packages = Object.keys(metafile.inputs).flatMap((file) => {
    const [, name] = /.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(file) ?? [];
    return name === undefined ? [] : [name];
  });
  const texts = [...new Set(packages)].toSorted().map((name) => packageLicense(root, name));
  const node = `Node.js ${runtimeVersion(root)}\n\n${runtimeLicense(root)}`;
  return { code: outputFiles[0]?.text ?? "", licenses: [...texts, node].join(`\n${"=".repeat(80)}\n\n`) };
}

function packageLicense(root: string, name: string): string {
  const folder = join(root, "node_modules", name);
  const { version }: { version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const [file] = globSync("{LICENSE,license}*", { cwd: folder });
  if (file === undefined) throw new Error(`package ${name} has no license file`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trimEnd()}\n`;
}
