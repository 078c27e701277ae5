import assert from "node:assert/strict";
import { EngineError, type ErrorCode } from "../../../src/engine/errors.ts";
import type { Storage, UploadMode } from "../../../src/engine/storage/storage.ts";

const REPLACE: UploadMode = { type: "Replace" };
const READ_BYTES = 100_000;

/** Stores a file in one upload, which writes several pieces. */
export async function upload(
  storage: Storage,
  path: string,
  content: string | Uint8Array,
  mode: UploadMode = REPLACE,
): Promise<void> {
  const handle = await storage.openUpload(path, mode);
  try {
    await handle.write([Buffer.from(content)]);
  } catch (error) {
    await handle.abort();
    throw error;
  }
  await handle.commit();
}

/** Starts an upload that breaks after it has sent its content. */
export async function breakUpload(
  storage: Storage,
  path: string,
  content: string | Uint8Array,
  mode: UploadMode = REPLACE,
): Promise<void> {
  const handle = await storage.openUpload(path, mode);
  await handle.write([Buffer.from(content)]);
  await handle.abort();
}

/** Returns the bytes of a file from an offset to the end. */
export async function download(storage: Storage, path: string, start = 0): Promise<Buffer> {
  const handle = await storage.openRead(path, start);
  try {
    const chunks: Buffer[] = [];
    for (let position = start; ; ) {
      const buffer = Buffer.alloc(READ_BYTES);
      const count = await handle.read(buffer, position);
      if (count === 0) return Buffer.concat(chunks);
      position += count;
      chunks.push(buffer.subarray(0, count));
    }
  } finally {
    await handle.close();
  }
}

export async function textOf(storage: Storage, path: string): Promise<string> {
  return (await download(storage, path)).toString();
}

/** Returns the sorted names in a directory. */
export async function namesIn(storage: Storage, path: string): Promise<string[]> {
  return (await Array.fromAsync(storage.list(path)))
    .flat()
    .map(({ name, type }) => (type === "Directory" ? `${name}/` : name))
    .toSorted();
}

export async function rejectsWith(code: ErrorCode, call: Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof EngineError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });
}
