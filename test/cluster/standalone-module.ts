/** Builds programs from separate Go modules, and stores the programs in the cache. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { putInPlace } from "./build.ts";
import { cacheFolder } from "./cache.ts";
import { buildFlags } from "./programs.ts";
import { run } from "./run.ts";
import { inTemporaryFolder } from "./temporary.ts";

export interface GoModule {
  /** Name prefix of the folder for the built programs. */
  name: string;
  /** Folder of go.mod. */
  folder: string;
  packages: readonly string[];
  /** Module file to use instead of go.mod, to build the same source with other versions. */
  moduleFile?: string;
}

/**
 * Builds programs that are not in the cache. The build flags are the same as for the test cluster programs, so that
 * shared packages are compiled only once.
 */
export async function buildModule(module: GoModule): Promise<void> {
  const target = moduleFolder(module);
  if (existsSync(target)) return;
  const { folder, packages, moduleFile } = module;
  const flags = [...buildFlags, ...(moduleFile === undefined ? [] : [`-modfile=${moduleFile}`])];
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-trimpath -buildvcs=false" };
  await inTemporaryFolder(async (temporary) => {
    const output = join(temporary, "programs");
    await run(["go", "build", "-C", folder, ...flags, "-o", `${output}/`, ...packages], { env });
    await putInPlace(output, target);
  });
}

/** Returns a folder name with a hash of the source. A folder with this name is therefore always up to date. */
export function moduleFolder({ name, folder, moduleFile = "" }: GoModule): string {
  const hash = createHash("sha256").update(JSON.stringify(buildFlags)).update(moduleFile);
  for (const file of readdirSync(folder).toSorted())
    hash.update(file).update(readFileSync(join(folder, file)));
  return join(cacheFolder(), "bin", `${name}-${hash.digest("hex").slice(0, 12)}`);
}
