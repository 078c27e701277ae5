import assert from "node:assert/strict";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { basename } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { Directory } from "../../../../src/engine/storage/local/system/directory.ts";
import { IoScheduler } from "../../../../src/engine/storage/local/system/io-scheduler.ts";
import { OpenFile } from "../../../../src/engine/storage/local/system/open-file.ts";

/** Returns a closed file, and another file whose descriptor has the same number. */
async function closedAndReused(opening: Promise<OpenFile>): Promise<{ file: OpenFile; other: number }> {
  const file = await opening;
  const { fd } = file;
  await file.close();
  const other = openSync(import.meta.filename, constants.O_RDONLY);
  assert.equal(other, fd);
  return { file, other };
}

async function openOnThreads(): Promise<OpenFile> {
  const io = { scheduler: new IoScheduler(false), kernelCopy: undefined };
  return new OpenFile(openSync(import.meta.filename, constants.O_RDONLY), io);
}

async function openSynchronously(t: TestContext): Promise<OpenFile> {
  const directory = await Directory.openRoot(import.meta.dirname);
  t.after(() => directory.close());
  return await directory.open(basename(import.meta.filename), constants.O_RDONLY);
}

for (const [where, open] of [
  ["on threads", openOnThreads],
  ["of the main thread", openSynchronously],
] as const) {
  describe(`a closed file with calls ${where}`, () => {
    test("ignores further calls of close", async (t) => {
      const { file, other } = await closedAndReused(open(t));
      await file.close();
      assert.ok(fstatSync(other).isFile());
      closeSync(other);
    });

    test("rejects all other calls, because its number can belong to another file", async (t) => {
      const { file, other } = await closedAndReused(open(t));
      assert.throws(() => file.fd, /is closed$/u);
      for (const call of [
        file.stat(),
        file.read(Buffer.alloc(1), 0),
        file.read(Buffer.alloc(1024 * 1024), 0),
        file.write([Buffer.alloc(1)], 0),
        file.chmod(0o644),
        file.truncate(0),
        file.datasync(),
        file.sync(),
      ])
        await assert.rejects(call, /is closed$/u);
      closeSync(other);
    });
  });
}
