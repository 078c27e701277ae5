/** Builds the programs of `programs.ts` with Go. Go's own caches make a second build fast; ours makes it none at all. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { type ModuleFiles, type Program, type Recipe, programFolder } from "./programs.ts";
import { CommandError, endWithUs, run } from "./run.ts";
import { inTemporaryFolder } from "./temporary.ts";

const HEARTBEAT_MS = 10_000;
const LOG_LINES_KEPT = 40;
const STRIPPED = "-ldflags=-s -w";
const ALL_IN_ONE = "all";

type Of<K extends Recipe["kind"]> = Extract<Recipe, { kind: K }>;

/** Builds the programs that are not built yet, one after the other, with a line of progress every ten seconds. */
export async function build(wanted: readonly Program[], say: (line: string) => void): Promise<void> {
  for (const program of wanted) {
    const target = programFolder(program.name);
    if (existsSync(target)) {
      say(`${program.name}: built already`);
    } else {
      await buildProgram(program, target, say);
    }
  }
}

/** Builds into a folder aside and renames it at the end, so that what has the right name is whole. */
async function buildProgram(program: Program, target: string, say: (line: string) => void): Promise<void> {
  const progress = new Progress(program, say);
  try {
    await inTemporaryFolder(async (folder) => {
      const output = join(folder, "output");
      await mkdir(output);
      await follow(program.recipe, output, progress);
      await putInPlace(output, target);
    });
    progress.done();
  } finally {
    progress.stop();
  }
}

async function putInPlace(output: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await rename(output, target);
  } catch (error) {
    // Another process has built the same meanwhile.
    if (!existsSync(target)) throw error;
  }
}

async function follow(recipe: Recipe, output: string, progress: Progress): Promise<void> {
  switch (recipe.kind) {
    case "module":
      return await buildModule(recipe, output, progress);
    case "install":
      return await install(recipe, output, progress);
    case "edited-module":
      return await buildEditedModule(recipe, output, progress);
  }
}

async function buildModule(recipe: Of<"module">, output: string, progress: Progress): Promise<void> {
  const args = ["build", "-v", `-ldflags=${recipe.ldflags}`, "-o", join(output, ALL_IN_ONE), "."];
  await go(args, progress, { cwd: recipe.folder });
  for (const name of recipe.names) await symlink(ALL_IN_ONE, join(output, name));
}

async function install(recipe: Of<"install">, output: string, progress: Progress): Promise<void> {
  await go(["install", "-v", STRIPPED, ...recipe.packages], progress, { env: { GOBIN: output } });
  if (recipe.manifests) await copyModuleFiles(recipe.manifests, output);
}

async function buildEditedModule(
  recipe: Of<"edited-module">,
  output: string,
  progress: Progress,
): Promise<void> {
  const work = join(output, "module");
  await copyModuleFiles({ ...recipe, paths: ["go.mod", "go.sum"] }, work);
  const file = join(work, "go.mod");
  let goMod = (await readFile(file, "utf8")).replace(/^module .*/m, "module edited");
  for (const [from, to] of Object.entries(recipe.edits)) goMod = goMod.replaceAll(from, to);
  await writeFile(file, goMod);
  await run(["go", "mod", "edit", `-require=${recipe.module}@${recipe.version}`], { cwd: work });
  for (const command of recipe.commands) {
    const binary = join(output, basename(command));
    const args = ["build", "-v", "-mod=mod", STRIPPED, "-o", binary, `${recipe.module}/${command}`];
    await go(args, progress, { cwd: work });
  }
  await rm(work, { recursive: true });
  if (recipe.manifests) await copyModuleFiles(recipe.manifests, output);
}

async function copyModuleFiles(files: ModuleFiles, output: string): Promise<void> {
  const source = await moduleFolder(files);
  await mkdir(output, { recursive: true });
  for (const path of files.paths)
    await cp(join(source, path), join(output, basename(path)), { recursive: true });
  // Go's module cache is read-only, and so are copies of it: nobody could change or delete them.
  await run(["chmod", "-R", "u+w", output]);
}

async function moduleFolder(module: { module: string; version: string }): Promise<string> {
  const described = await run(["go", "mod", "download", "-json", `${module.module}@${module.version}`]);
  const { Dir }: { Dir: string } = JSON.parse(described);
  return Dir;
}

/** Runs go with the flags that all programs share; each line of `-v` is a package done. */
async function go(
  args: readonly string[],
  progress: Progress,
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-trimpath -buildvcs=false", ...options.env };
  const child = spawn("go", args, { ...options, env, stdio: ["ignore", "ignore", "pipe"] });
  endWithUs(child);
  const log: string[] = [];
  createInterface(child.stderr).on("line", (line) => {
    log.push(line);
    if (log.length > LOG_LINES_KEPT) log.shift();
    progress.line(line);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new Error("cannot run go: Go 1.26 or newer must be installed", { cause })),
    );
    child.once("close", resolve);
  });
  if (code !== 0) throw new CommandError(["go", ...args], { code, stdout: "", stderr: log.join("\n") });
}

/** Tells every ten seconds how far a build is. */
class Progress {
  readonly #name: string;
  readonly #say: (line: string) => void;
  readonly #start = Date.now();
  readonly #heartbeat: NodeJS.Timeout;
  #compiled = 0;
  #downloaded = 0;

  constructor(program: Program, say: (line: string) => void) {
    this.#name = program.name;
    this.#say = say;
    say(`${program.name}: building (a first build takes about ${program.minutes} min on two cores)`);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  line(text: string): void {
    if (text.startsWith("go: downloading")) this.#downloaded++;
    else this.#compiled++;
  }

  done(): void {
    this.#say(`${this.#name}: built in ${this.#elapsed()}`);
  }

  stop(): void {
    clearInterval(this.#heartbeat);
  }

  #beat(): void {
    const downloads = this.#downloaded > 0 ? `, ${this.#downloaded} modules downloaded` : "";
    this.#say(`${this.#name}: ${this.#compiled} packages compiled${downloads}, ${this.#elapsed()}`);
  }

  #elapsed(): string {
    const seconds = Math.round((Date.now() - this.#start) / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
}
