/** Builds the programs in `programs.ts` with Go in one module. */
import { existsSync } from "node:fs";
import { cp, mkdir, rename, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BuildProgress } from "./build-progress.ts";
import { moduleSource, go, prepareModule } from "./go-module.ts";
import { buildFlags, type Program, programFolder } from "./programs.ts";
import { inTemporaryFolder } from "./temporary.ts";

/** Typical duration of a first build on two idle CPU cores, in minutes (docs/contributing/decisions/0010). */
const FIRST_BUILD_MINUTES = 6;

/** Builds the missing programs. Reports progress every 10 seconds. */
export async function build(wanted: readonly Program[], say: (line: string) => void): Promise<void> {
  const missing = wanted.filter(({ name }) => !existsSync(programFolder(name)));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(", ");
  say(`building ${names}; a first build takes about ${FIRST_BUILD_MINUTES} min on two idle cores`);
  const progress = new BuildProgress(say);
  try {
    await inTemporaryFolder((folder) => buildIn(folder, missing, progress));
    say(`built ${names} in ${progress.elapsed()}`);
  } finally {
    progress.stop();
  }
}

async function buildIn(folder: string, missing: readonly Program[], progress: BuildProgress): Promise<void> {
  const [module, output] = [join(folder, "module"), join(folder, "output")];
  const packages = missing.flatMap((program) => program.packages);
  await prepareModule(module);
  // `go build` compiles the standard library while `go list` downloads the modules.
  const outdated = ["list", "-deps", "-f", "{{if and .Stale (not .Standard)}}{{.ImportPath}}{{end}}"];
  const [listed] = await Promise.all([
    go([...outdated, ...buildFlags, ...packages], module, (line) => progress.downloads(line)),
    go(["build", ...buildFlags, "std"], module),
  ]);
  progress.expect(listed.split("\n").filter((line) => line !== "").length);
  await go(["build", "-v", ...buildFlags, "-o", `${output}/`, ...packages], module, () =>
    progress.compiled(),
  );
  for (const program of missing) await assemble(program, output, module, join(folder, program.name));
}

/** Fills a temporary folder, and then renames the folder. A folder with the final name is therefore complete. */
async function assemble(program: Program, output: string, module: string, folder: string): Promise<void> {
  const { links = [], manifest, packages } = program;
  await mkdir(folder);
  for (const name of packages.map((path) => basename(path))) {
    await rename(join(output, name), join(folder, name));
    for (const link of links) await symlink(name, join(folder, link));
  }
  if (manifest) {
    const published = await moduleSource(manifest.module, module);
    await cp(join(published, manifest.path), join(folder, basename(manifest.path)));
  }
  await putInPlace(folder, programFolder(program.name));
}

/** Renames a complete folder to its final name. */
export async function putInPlace(folder: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await rename(folder, target);
  } catch (error) {
    // Another process has already built the same program.
    if (!existsSync(target)) throw error;
  }
}
