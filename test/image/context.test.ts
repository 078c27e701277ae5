/** Tests the build context of the image. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, lstatSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
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

/** Returns whether all users can read a file, or list and enter a directory. */
function isReadableByOthers(path: string): boolean {
  const needed = lstatSync(path).isDirectory() ? 0o005 : 0o004;
  return (lstatSync(path).mode & needed) === needed;
}

/**
 * Imports the direct dependencies, the credential providers that the AWS SDK imports only when it needs them, and the
 * validation code that uses single files of Ajv.
 */
async function importPackages(context: string): Promise<void> {
  const { dependencies }: { dependencies: object } = JSON.parse(
    readFileSync(join(context, "package.json"), "utf8"),
  );
  const providers = globSync("@aws-sdk/credential-provider-*", { cwd: join(context, "node_modules") });
  const names = JSON.stringify([...Object.keys(dependencies), ...providers]);
  const program = `for (const name of ${names}) await import(name); await import("./dist/engine/config/load.js");`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { cwd: context });
}

/** Returns the licenses and notices of packages in the checkout that the context does not contain. */
function missingLicenses(context: string): string[] {
  const packages = globSync("node_modules/{*,@*/*}/package.json", { cwd: context }).map(dirname);
  const texts = packages.flatMap((folder) => globSync(`${folder}/*`, { cwd: ROOT }));
  const licenses = texts.filter((file) => /^lic|notice|copying/iu.test(basename(file)));
  assert.ok(licenses.length > packages.length / 2);
  return licenses.filter((file) => !existsSync(join(context, file)));
}

test("builds with different umasks have the same bytes and modes, all licenses and no native code", async () => {
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
    await importPackages(first);
    assert.deepEqual(missingLicenses(first), []);
  });
});
