import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { dependsOnTime } from "../support/depends-on-time.ts";

const MAIN = join(import.meta.dirname, "../main.ts");
const folder = mkdtempSync(join(tmpdir(), "test-runner-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `test/main.ts` with the patterns in the folder. */
function runTests(...patterns: string[]): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  return runNode([MAIN, ...patterns.map((pattern) => join(folder, pattern))]);
}

function runNode(args: readonly string[]): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

/** Writes a test file that records when it starts and ends. */
function writeTest(name: string, body: string): void {
  const record = (what: string): string =>
    `appendFileSync(${JSON.stringify(join(folder, "record"))}, "${what} ${name}\\n");`;
  const source = [
    `import { appendFileSync } from "node:fs";`,
    `import { test } from "node:test";`,
    `test("${name} runs", async () => { ${record("start")} ${body} ${record("end")} });`,
  ];
  writeFileSync(join(folder, `${name}.test.mjs`), source.join("\n"));
}

describe("test/main.ts", () => {
  it("runs all files once, and files that depend on time alone after the others", async () => {
    for (const name of ["a", "c", "e"]) writeTest(name, "");
    for (const name of ["b", "d"]) writeTest(name, "await new Promise((resolve) => setTimeout(resolve, 1));");
    const { failed, stdout, stderr } = await runTests("?.test.mjs");
    assert.equal(failed, false, stdout + stderr);
    const record = readFileSync(join(folder, "record"), "utf8").trim().split("\n");
    assert.deepEqual(record.slice(-4), ["start b", "end b", "start d", "end d"]);
    assert.deepEqual(
      record.filter((line) => line.startsWith("end")).toSorted(),
      ["a", "b", "c", "d", "e"].map((name) => `end ${name}`),
    );
  });

  it("prints each failure last and exits with an error", async () => {
    writeTest("wrong", `throw new Error("the reason");`);
    const { failed, stderr } = await runTests("wrong.test.mjs");
    assert.ok(failed);
    assert.match(stderr, /failed: .*wrong\.test\.mjs: wrong runs\nthe reason\n$/);
  });

  it("rejects a pattern that matches no file", async () => {
    const { failed, stderr } = await runTests("none-*.test.mjs");
    assert.ok(failed);
    assert.match(stderr, /no test file matches .*none-\*\.test\.mjs/);
  });
});

describe("runFiles()", () => {
  const OPEN = `createServer().listen(0);`;
  const HANGING = `test("hangs", async () => { ${OPEN} await new Promise(() => {}); });`;

  it("reports a test that exceeds the time limit and leaves a socket open, and runs the next test", async () => {
    const { failures, stdout } = await runLimited("hanging", HANGING, `test("runs", () => {});`);
    assert.match(stdout, /✔ runs/);
    assert.deepEqual(failures, [["hangs", "test timed out after 500ms"]]);
  });

  it("reports a file that does not end after its last test", async () => {
    const { failures, stdout } = await runLimited("open", `test("passes", () => { ${OPEN} });`);
    assert.match(stdout, /✔ passes/);
    assert.match(stdout, /the test file did not end, open: .*TCPServerWrap/);
    assert.equal(failures.length, 1);
    assert.match(failures[0]?.[0] ?? "", /open\.test\.mjs$/);
  });
});

/** Runs a test file with a time limit of 500 ms. Returns the titles and messages of the failures. */
async function runLimited(
  name: string,
  ...tests: readonly string[]
): Promise<{ failures: [string, string][]; stdout: string }> {
  const file = join(folder, `${name}.test.mjs`);
  const imports = [`import { createServer } from "node:net";`, `import { test } from "node:test";`];
  writeFileSync(file, [...imports, ...tests].join("\n"));
  const script = [
    `import { runFiles } from ${JSON.stringify(join(import.meta.dirname, "../support/run.ts"))};`,
    `const failures = await runFiles({ files: [${JSON.stringify(file)}], concurrency: 1, timeout: 500 });`,
    `console.error(JSON.stringify(failures.map(({ test, message }) => [test, message])));`,
  ];
  writeFileSync(join(folder, `${name}.mjs`), script.join("\n"));
  const { failed, stdout, stderr } = await runNode([join(folder, `${name}.mjs`)]);
  assert.equal(failed, false, stdout + stderr);
  return { failures: JSON.parse(stderr), stdout };
}

describe("a test file depends on time when it", () => {
  const dependent = {
    "measures time": "const start = performance.now();",
    "measures CPU time": "process.cpuUsage()",
    "waits for a time": "await sleep(20);",
    "sets a timer": "setTimeout(resolve, 5)",
    "waits until the operator is idle": "await untilQuiet(plane);",
    "sets the duration of a Lease": `["--leader-election-lease-duration=3s"]`,
    "has a time limit": `test("ends", { timeout: 5000 }, () => {});`,
  };
  for (const [what, source] of Object.entries(dependent)) it(what, () => assert.ok(dependsOnTime(source)));

  it("does none of this", () => assert.ok(!dependsOnTime("clock.advance(20_000); idleTimeout: 5")));
});
