/**
 * Tests client operations in a home that another program changes at the same time. Every operation must affect only
 * files in the home, or fail.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import * as fc from "fast-check";
import { EngineError } from "../../../../src/engine/errors.ts";
import type { UploadMode } from "../../../../src/engine/storage/storage.ts";
import { endWithUs } from "../../../cluster/run.ts";
import { SECRET, TestHome } from "../../../support/engine/test-home.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
/** A file name that exists only outside the home. */
const OUTSIDE_ONLY = "outside-only";

const home = new TestHome();

/** Returns the file contents and names that a client can read. */
type Operation = () => Promise<readonly string[]>;

const pathOf = (...names: string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map((names) => `/${names.join("/")}`);
const path = pathOf("a", "b", "secret");
const readPath = pathOf("a", "b", "secret", OUTSIDE_ONLY);
const mode: fc.Arbitrary<UploadMode> = fc.constantFrom(
  { type: "Replace" },
  { type: "Create" },
  { type: "Append" },
  { type: "Resume", offset: 2 },
);
const nothing = async (call: Promise<unknown>): Promise<string[]> => (await call, []);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: readPath.map((path) => async () => [await home.download(path)]) },
  { weight: 2, arbitrary: readPath.map((path) => () => home.names(path)) },
  { weight: 2, arbitrary: readPath.map((path) => async () => [(await home.storage.stat(path)).unique]) },
  {
    weight: 4,
    arbitrary: fc.tuple(path, mode).map(
      ([path, mode]) =>
        () =>
          nothing(home.upload(path, "changed", mode)),
    ),
  },
  path.map((path) => () => nothing(home.storage.remove(path))),
  path.map((path) => () => nothing(home.storage.makeDirectory(path))),
  path.map((path) => () => nothing(home.storage.removeDirectory(path))),
  {
    weight: 2,
    arbitrary: fc.tuple(path, path).map(
      ([from, to]) =>
        () =>
          nothing(home.storage.rename(from, to, "Files")),
    ),
  },
  path.map((path) => () => nothing(home.storage.setModificationTime(path, new Date(0)))),
  path.map((path) => () => nothing(home.storage.setMode(path, 0o777))),
  path.map((path) => () => nothing(home.storage.availableBytes(path))),
);

/** Returns the state of all files outside the home: names, contents, times and modes. */
async function outside(): Promise<unknown> {
  const root = join(home.directory, "outside");
  const names = (await readdir(root, { recursive: true })).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const { ino, mode, mtimeMs, size } = await stat(join(root, name));
      const text = await readFile(join(root, name), "utf8").catch(() => "");
      return { name, ino, mode, mtimeMs, size, text };
    }),
  );
}

async function inodes(): Promise<Set<string>> {
  const root = join(home.directory, "outside");
  const names = [".", ...(await readdir(root, { recursive: true }))];
  const all = await Promise.all(names.map((name) => stat(join(root, name))));
  return new Set(all.map(({ dev, ino }) => `${dev.toString(16)}g${ino.toString(16)}`));
}

// id: symbolic-links
it("no operation leaves a home that another program changes at the same time", {
  timeout: 120_000,
}, async () => {
  await mkdir(join(home.directory, "outside", "a", "b"), { recursive: true });
  for (const name of [OUTSIDE_ONLY, "a/secret", `a/${OUTSIDE_ONLY}`, "a/b/secret"])
    await writeFile(join(home.directory, "outside", name), SECRET);
  const [before, foreign] = [await outside(), await inodes()];
  const mover = spawn(
    process.execPath,
    [join(import.meta.dirname, "mover.ts"), home.at(), join(home.directory, "outside")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  endWithUs(mover);
  await once(mover.stdout, "data");
  const outcomes = { done: 0, rejected: 0 };
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 20, maxLength: 60 }), async (operations) => {
        for (const operation of operations) {
          const seen = await operation().catch((error: unknown) => {
            assert.ok(error instanceof EngineError, String(error));
            assert.notEqual(error.code, "Internal", String(error.cause));
            return undefined;
          });
          outcomes[seen === undefined ? "rejected" : "done"] += 1;
          for (const text of seen ?? [])
            assert.ok(!text.includes(SECRET) && text !== OUTSIDE_ONLY && !foreign.has(text), text);
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  } finally {
    mover.kill("SIGKILL");
    await once(mover, "close");
  }
  assert.deepEqual(await outside(), before);
  assert.ok(outcomes.done > 0 && outcomes.rejected > 0, JSON.stringify(outcomes));
});
