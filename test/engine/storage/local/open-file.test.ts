import assert from "node:assert/strict";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { describe, test } from "node:test";
import { lookAtVolume, open, type OpenFile } from "../../../../src/engine/storage/local/system-calls.ts";

/** A file that was closed, and what has its descriptor now. */
async function closedAndReused(): Promise<{ file: OpenFile; other: number }> {
  const file = await open(import.meta.filename, constants.O_RDONLY);
  const { fd } = file;
  await file.close();
  const other = openSync(import.meta.filename, constants.O_RDONLY);
  assert.equal(other, fd);
  return { file, other };
}

for (const [where, prepare] of [
  ["on threads", async () => undefined],
  ["at once", () => lookAtVolume(import.meta.dirname)],
] as const) {
  describe(`a file that is closed, with calls made ${where}`, () => {
    test("is closed once, however often that is asked", async () => {
      await prepare();
      const { file, other } = await closedAndReused();
      await file.close();
      assert.ok(fstatSync(other).isFile());
      closeSync(other);
    });

    test("takes no other call, as its number may be another's", async () => {
      await prepare();
      const { file, other } = await closedAndReused();
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
