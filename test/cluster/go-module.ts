/** Prepares the Go module of the cluster programs, and runs go commands in this module. */
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { MODULE_FOLDER, type Patch, patches } from "./programs.ts";
import { CommandError, endWithUs, run } from "./run.ts";

const LOG_LINES_KEPT = 40;

/** Copies the module to a folder, with patched copies of some required modules. */
export async function prepareModule(folder: string): Promise<void> {
  await cp(MODULE_FOLDER, folder, { recursive: true });
  for (const [index, patch] of patches.entries()) {
    const copy = `./patched-${index}`;
    await copyPatched(patch, folder, join(folder, copy));
    await go(["mod", "edit", `-replace=${patch.module}=${copy}`], folder);
  }
}

async function copyPatched(patch: Patch, folder: string, copy: string): Promise<void> {
  await mkdir(copy);
  await cp(await moduleSource(patch.module, folder), copy, { recursive: true });
  // Files copied from the read-only Go module cache are also read-only until `chmod` makes them writable.
  await run(["chmod", "-R", "u+w", copy]);
  await applyPatch(patch, copy);
}

/**
 * Edits files in the copy of a module.
 * @throws Error if a file does not contain the text that the patch replaces, for example after a module update
 */
export async function applyPatch({ module, edits }: Patch, copy: string): Promise<void> {
  for (const [file, replacements] of Object.entries(edits)) {
    let content = await readFile(join(copy, file), "utf8");
    for (const [from, to] of Object.entries(replacements)) {
      if (!content.includes(from))
        throw new Error(`${file} of ${module} does not contain ${JSON.stringify(from)}`);
      content = content.replaceAll(from, () => to);
    }
    await writeFile(join(copy, file), content);
  }
}

/**
 * Returns the folder of a published module, which is the patched copy or the required version in the Go module cache.
 */
export async function moduleSource(module: string, folder: string): Promise<string> {
  await go(["mod", "download", module], folder);
  return (await go(["list", "-m", "-f", "{{.Dir}}", module], folder)).trim();
}

/**
 * Runs go and returns its standard output.
 * @param onLine called with each line of standard error
 * @throws CommandError with the last lines of standard error
 */
export async function go(
  args: readonly string[],
  folder: string,
  onLine: (line: string) => void = () => {},
): Promise<string> {
  const child = spawn("go", args, {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-trimpath -buildvcs=false" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  endWithUs(child);
  const log: string[] = [];
  createInterface(child.stderr).on("line", (line) => {
    log.push(line);
    if (log.length > LOG_LINES_KEPT) log.shift();
    onLine(line);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) => {
      reject(new Error("cannot run go: Go 1.26 or newer must be installed", { cause }));
    });
    child.once("close", resolve);
  });
  const [code, stdout] = await Promise.all([ended, text(child.stdout)]);
  if (code !== 0) throw new CommandError(["go", ...args], { code, stdout: "", stderr: log.join("\n") });
  return stdout;
}
