import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import type { Pause } from "../../common/tick-budget.ts";
import { connectionLost, EngineError } from "../errors.ts";
import type { ReadHandle } from "../storage/storage.ts";
import { descriptorOf } from "./descriptor.ts";

/** Called with the number of bytes that went over the wire; with 0 by one who waits for a limit of ours. */
export type Progress = (bytes: number) => void;

/** Callbacks of a sender: progress, and permission to continue. */
export interface Sending {
  progress: Progress;
  pause: Pause;
}

/** Maximum size of one write, in bytes. Smaller writes show sooner that a slow client still reads. */
const WRITE_BYTES = 64 * 1024;
const MIN_READ_SIZE = 4096;
/** Bytes that Node buffers when the kernel accepts no more. Above it, the sender waits. */
const WAIT_BUFFER = 16 * 1024;
/** What goes through this process where the kernel could not, before it is asked again. Bytes. */
const STRETCH = 64 * 1024 * 1024;

/**
 * A file's bytes from `offset` up to, and without, `end`. A chunk is valid until the next is asked for: two buffers of `maxSize`
 * take turns.
 * @throws EngineError Aborted when the file is shorter now than when it was opened, and misses some of them
 */
export async function* fileChunks(
  handle: ReadHandle,
  offset: number,
  maxSize: number,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  const promisedEnd = Math.min(handle.entry.size, end);
  const remaining = promisedEnd - offset;
  const size = Math.min(maxSize, Math.max(MIN_READ_SIZE, remaining));
  let current = Buffer.allocUnsafeSlow(size);
  let other = remaining > size ? Buffer.allocUnsafeSlow(size) : current;
  let position = offset;
  const read = (into: Uint8Array): Promise<number> => {
    const ahead =
      position < end ? handle.read(into.subarray(0, end - position), position) : Promise.resolve(0);
    // It may fail while nobody waits for it yet: the chunk before it is still on its way.
    ahead.catch(() => {});
    return ahead;
  };
  let reading = read(current);
  try {
    for (;;) {
      const count = await reading;
      if (count === 0) break;
      position += count;
      const chunk = current.subarray(0, count);
      if (other === current) other = Buffer.allocUnsafeSlow(MIN_READ_SIZE);
      [current, other] = [other, current];
      reading = read(current);
      yield chunk;
    }
    if (position < promisedEnd) throw new EngineError("Aborted", "The file became shorter meanwhile");
  } finally {
    // The handle is closed next; a read under way must not outlive it.
    await reading.catch(() => {});
  }
}

/** A file, or a part of it: from `start` up to and without `end`. */
export interface FilePart {
  handle: ReadHandle;
  start: number;
  end: number;
}

/**
 * Sends a part of a file and ends the data connection.
 * @param encoded the bytes of a part as they are to go over the wire
 * @param isDirect whether they may go as they are in the file, and at once; then the kernel sends them, where it can
 * @throws EngineError ConnectionLost; whatever reading the bytes throws
 */
export async function sendFile(
  data: Duplex,
  { handle, start, end }: FilePart,
  encoded: (start: number, end: number) => AsyncIterable<Uint8Array>,
  sending: Sending,
  isDirect: () => boolean,
): Promise<void> {
  for (let position = start, more = true; more; ) {
    if (isDirect())
      position = await sendWithinKernel(data, { handle, start: position, end }, sending, isDirect);
    const stop = isDirect() ? Math.min(end, position + STRETCH) : end;
    const sent = await sendChunks(data, encoded(position, stop), sending);
    more = stop < end && sent === stop - position;
    position = stop;
  }
  await endOf(data);
}

/**
 * Sends a part of a file as it is, within the kernel: on a plain connection, and from a file of the system that is read fast.
 * @returns where that ended
 * @throws EngineError ConnectionLost
 */
async function sendWithinKernel(
  data: Duplex,
  { handle, start, end }: FilePart,
  { progress, pause }: Sending,
  mayGoOn: () => boolean,
): Promise<number> {
  const stop = Math.min(end, handle.entry.size);
  let position = start;
  let buffer: Buffer | undefined;
  while (position < stop && mayGoOn()) {
    const socket = descriptorOf(data);
    const sent = socket === undefined ? undefined : handle.sendTo?.(socket, position, stop - position);
    if (sent === undefined) break;
    let count = sent;
    if (sent === 0) {
      // Node waits until the connection takes more, or finds out why it takes none.
      buffer ??= Buffer.allocUnsafeSlow(Math.min(WAIT_BUFFER, stop - position));
      count = await handle.read(buffer.subarray(0, stop - position), position);
      if (count === 0) break;
      await write(data, buffer.subarray(0, count));
    }
    position += count;
    progress(count);
    await pause();
  }
  return position;
}

/**
 * Writes everything to the data connection and ends it. Each chunk is handed to the kernel before the next is asked for.
 * @throws EngineError ConnectionLost
 */
export async function sendAll(
  data: Duplex,
  chunks: AsyncIterable<Uint8Array>,
  sending: Sending,
): Promise<void> {
  await sendChunks(data, chunks, sending);
  await endOf(data);
}

/** @returns how many bytes there were */
async function sendChunks(
  data: Duplex,
  chunks: AsyncIterable<Uint8Array>,
  { progress, pause }: Sending,
): Promise<number> {
  // What the client says on a connection that only it reads is thrown away; its end is noticed.
  data.resume();
  let sent = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += WRITE_BYTES) {
      const slice = chunk.subarray(start, start + WRITE_BYTES);
      await write(data, slice);
      progress(slice.length);
      await pause();
    }
    sent += chunk.length;
  }
  return sent;
}

async function endOf(data: Duplex): Promise<void> {
  data.end();
  await finished(data, { readable: false });
}

function write(data: Duplex, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    data.write(chunk, (error) => {
      if (error) reject(connectionLost(data.errored ?? error, "The data connection was lost"));
      else resolve();
    });
  });
}
