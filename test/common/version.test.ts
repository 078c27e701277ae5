import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { BUILD, versionLine } from "../../src/common/version.ts";
import { ftpOperator, program } from "../support/cli/command-line.ts";
import { inTemporaryFolder } from "../cluster/temporary.ts";

const ROOT = join(import.meta.dirname, "../..");
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const { version }: { version: string } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

const run = async (file: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [file, "--version"], { cwd: "/" })).stdout;

test("both programs print the version of package.json when they run from a checkout", async () => {
  assert.equal(BUILD.version, version);
  for (const [name, file] of [
    ["ftp-operator", program("main")],
    ["kubectl-ftpsrv", program("kubectl-ftpsrv")],
  ] as const)
    assert.equal(await run(file), `${name} ${version} (Node.js ${process.versions.node})\n`);
});

test("a compiled program prints the version and commit of the package.json beside dist", async () => {
  await inTemporaryFolder(async (folder) => {
    const dist = join(folder, "dist");
    await promisify(execFile)("tsc", ["-p", "tsconfig.build.json", "--outDir", dist], { cwd: ROOT });
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const manifest = { type: "module", version: "7.8.9", gitHead: COMMIT };
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    const details = `commit 0123456, Node.js ${process.versions.node}`;
    assert.equal(await run(join(dist, "main.js")), `ftp-operator 7.8.9 (${details})\n`);
  });
});

test("the version line omits a commit that is not known", () => {
  assert.equal(
    versionLine("ftp-operator", { version: "1.2.3", node: "26.0.0" }),
    "ftp-operator 1.2.3 (Node.js 26.0.0)",
  );
});

test("version prints the build as JSON, so that no program parses the line", async () => {
  const { stdout } = await ftpOperator(["version", "--output", "json"]);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(JSON.stringify(BUILD)));
});
