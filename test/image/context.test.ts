/** Tests the build context of the image. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { inTemporaryFolder } from "../cluster/temporary.ts";
import { nativeFiles } from "./native-files.ts";

const ROOT = join(import.meta.dirname, "../..");
const EPOCH = 1_700_000_000;

/** Returns a hash of the names, modes, modification times and contents in a folder. */
function digestOf(folder: string): string {
  const hash = createHash("sha256");
  for (const path of globSync("**/*", { cwd: folder }).toSorted((a, b) => (a < b ? -1 : 1))) {
    const entry = lstatSync(join(folder, path));
    hash.update(`${path} ${entry.mode} ${entry.mtimeMs}\n`);
    if (entry.isFile()) hash.update(readFileSync(join(folder, path)));
  }
  return hash.digest("hex");
}

/** Asserts that all users can read the files and enter the directories. */
function isReadableByOthers(path: string): boolean {
  const needed = lstatSync(path).isDirectory() ? 0o005 : 0o004;
  return (lstatSync(path).mode & needed) === needed;
}

test("builds with different umasks have the same bytes and modes, without native code", async () => {
  await inTemporaryFolder(async (folder) => {
    const build = async (name: string, umask: string): Promise<string> => {
      const context = join(folder, name);
      const env = { ...process.env, IMAGE_CONTEXT: context, SOURCE_DATE_EPOCH: String(EPOCH) };
      const command = `umask ${umask}; npm run --silent build:image-context`;
      await promisify(execFile)("bash", ["-c", command], { cwd: ROOT, env });
      return context;
    };
    const [first, second] = [await build("first", "022"), await build("second", "077")];
    assert.ok(existsSync(join(first, "dist/main.js")) && existsSync(join(first, "dist/kubectl-ftpsrv.js")));
    assert.equal(digestOf(first), digestOf(second));
    assert.deepEqual([...nativeFiles(first).keys()], []);
    assert.deepEqual(
      globSync("**/*", { cwd: first }).filter((path) => !isReadableByOthers(join(first, path))),
      [],
    );
  });
});
