import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { layoutOf, namespaceFile, namespaceOwners, nodes } from "./layout.ts";
import { unmetPreconditions } from "./preconditions.ts";
import { programFolder, programsFor } from "./programs.ts";
import { run } from "./run.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const layout = layoutOf("interrupt");

const canRun =
  programsFor("full").every(({ name }) => existsSync(programFolder(name))) &&
  (await unmetPreconditions("demo")) === undefined;
const options = { skip: canRun ? false : "needs root, Debian packages and built programs" };

const main = (...args: string[]) => run([process.execPath, MAIN, ...args, "--prefix", layout.prefix]);

after(async () => {
  if (canRun) await main("down");
});

/** Sends a signal to `up` when `up` prints a matching line. @returns the exit code of `up` */
async function upUntil(line: RegExp, signal: NodeJS.Signals): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, "up", "--prefix", layout.prefix], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  createInterface(child.stdout).on("line", (text) => {
    if (line.test(text)) child.kill(signal);
  });
  const [code]: (number | null)[] = await ended;
  return code ?? null;
}

function assertNothingLeft(): void {
  assert.equal(existsSync(layout.folder), false);
  for (const owner of namespaceOwners) assert.equal(existsSync(namespaceFile(layout, owner)), false);
  const hierarchies = ["", ...readdirSync("/sys/fs/cgroup")].map((name) => join("/sys/fs/cgroup", name));
  for (const node of nodes) {
    for (const hierarchy of hierarchies)
      assert.equal(existsSync(join(hierarchy, layout.cgroup(node))), false);
  }
  assert.deepEqual(processesNaming(layout.folder), []);
}

/** Returns the command lines of all processes whose command line contains the folder. */
function processesNaming(folder: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(`${folder}/`));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

for (const [moment, line] of Object.entries({
  "while networks are created": /remove an earlier cluster/,
  "while nodes start": /create networks/,
  "while pods start": /wait for the nodes/,
})) {
  test(`down removes everything after an interrupt ${moment}`, options, async () => {
    assert.equal(await upUntil(line, "SIGINT"), 130);
    assert.match(await main("down"), /is removed/);
    assertNothingLeft();
  });
}

test("up after a killed up succeeds, and down can run twice", options, async () => {
  assert.equal(await upUntil(/start the API server/, "SIGKILL"), null);
  assert.equal(await upUntil(/start the API server/, "SIGINT"), 130);
  assert.match(await main("down"), /is removed/);
  assert.match(await main("down"), /is removed/);
  assertNothingLeft();
});
