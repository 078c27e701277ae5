import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { EngineError } from "../errors.ts";
import type { ReadHandle } from "../storage/storage.ts";

/** Called with the number of bytes that went over the wire; with 0 by one who waits for a limit of ours. */
export type Progress = (bytes: number) => void;

const MIN_READ_SIZE = 4096;

/**
 * A file's bytes from `offset` up to, and without, `end`. A chunk is valid until the next is asked for: two buffers of `maxSize`
 * take turns.
 */
export async function* fileChunks(
  handle: ReadHandle,
  offset: number,
  maxSize: number,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  const remaining = Math.min(handle.entry.size, end) - offset;
  const size = Math.min(maxSize, Math.max(MIN_READ_SIZE, remaining));
  let current = Buffer.allocUnsafeSlow(size);
  let other = remaining > size ? Buffer.allocUnsafeSlow(size) : current;
  let position = offset;
  const read = (into: Uint8Array): Promise<number> =>
    position < end ? handle.read(into.subarray(0, end - position), position) : Promise.resolve(0);
  let reading = read(current);
  try {
    for (;;) {
      const count = await reading;
      if (count === 0) return;
      position += count;
      const chunk = current.subarray(0, count);
      if (other === current) other = Buffer.allocUnsafeSlow(MIN_READ_SIZE);
      [current, other] = [other, current];
      reading = read(current);
      yield chunk;
    }
  } finally {
    // The handle is closed next; a read under way must not outlive it.
    await reading.catch(() => {});
  }
}

/**
 * Writes everything to the data connection and ends it. Each chunk is handed to the kernel before the next is asked for.
 * @throws EngineError ConnectionLost
 */
export async function sendAll(
  data: Duplex,
  chunks: AsyncIterable<Uint8Array>,
  progress: Progress,
): Promise<void> {
  // What the client says on a connection that only it reads is thrown away; its end is noticed.
  data.resume();
  for await (const chunk of chunks) {
    await write(data, chunk);
    progress(chunk.length);
  }
  data.end();
  await finished(data, { readable: false });
}

function write(data: Duplex, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    data.write(chunk, (error) => {
      if (error) reject(new EngineError("ConnectionLost", "The data connection was lost", { cause: error }));
      else resolve();
    });
  });
}
