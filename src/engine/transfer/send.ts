import type { Duplex } from "node:stream";
import { releaseChunk } from "../../common/buffer-memory.ts";
import type { Pause } from "../../common/tick-budget.ts";
import { connectionLost, EngineError } from "../errors.ts";
import type { ReadHandle } from "../storage/storage.ts";
import { descriptorOf } from "./descriptor.ts";

/** Called with the number of transferred bytes, or with 0 during a wait for the bandwidth limit. */
export type Progress = (bytes: number) => void;

/** Callbacks for a sender: one reports progress, and one pauses the sender between two steps. */
export interface Sending {
  progress: Progress;
  pause: Pause;
}

/**
 * Maximum size of one write in bytes. With smaller writes, the engine detects earlier that a slow client is still
 * reading.
 */
const WRITE_BYTES = 64 * 1024;
const MIN_READ_SIZE = 4096;
/**
 * Size in bytes of the write through Node.js that follows when the socket accepts no more bytes from `sendfile`.
 * Node.js then reports when the socket is writable again.
 */
const WAIT_BUFFER = 16 * 1024;
/** Number of bytes to send through this process before the next attempt to send inside the kernel. */
const RETRY_BYTES = 64 * 1024 * 1024;

/**
 * Yields the bytes in a file from `offset` to `end` (exclusive). Each chunk is valid only until the consumer requests
 * the next chunk.
 * @param maxSize size in bytes of each of the two buffers for storage that reads into a buffer
 * @throws EngineError Aborted if bytes are missing because the file has become shorter since it was opened
 */
export function fileChunks(
  handle: ReadHandle,
  offset: number,
  maxSize: number,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  return handle.chunks?.(offset, end) ?? readChunks(handle, offset, maxSize, end);
}

/**
 * Reads a file into two alternating buffers. Frees the buffers after the last chunk, because the garbage collector often
 * keeps buffers of several MiB for minutes.
 */
async function* readChunks(
  handle: ReadHandle,
  offset: number,
  maxSize: number,
  end: number,
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
    // The generator handles the rejection later, when it awaits the read.
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
    // The consumer has used all chunks. If the consumer stops earlier, the socket can still be sending a chunk.
    for (const buffer of [current, other]) releaseChunk(buffer);
    if (position < promisedEnd)
      throw new EngineError("Aborted", "The file became shorter during the transfer");
  } finally {
    // The calling function then closes the file handle, so all reads must have ended.
    await reading.catch(() => {});
  }
}

/** A part of a file, from byte `start` to byte `end` (exclusive). */
export interface FilePart {
  handle: ReadHandle;
  start: number;
  end: number;
}

/**
 * Sends part of a file and ends the data connection.
 * @param encoded returns the encoded bytes of a part
 * @param isDirect returns whether the stored bytes can be sent unchanged and without a bandwidth limit
 * @throws EngineError ConnectionLost, or an error from reading the file
 */
export async function sendFile(
  data: Duplex,
  { handle, start, end }: FilePart,
  encoded: (start: number, end: number) => AsyncIterable<Uint8Array>,
  sending: Sending,
  isDirect: () => boolean,
): Promise<void> {
  discardInput(data);
  for (let position = start, more = true; more; ) {
    if (isDirect()) {
      position = await sendDirectly(data, { handle, start: position, end }, sending, isDirect);
      if (position > start && (await isAtEnd({ handle, end }, position))) break;
    }
    const stop = isDirect() ? Math.min(end, position + RETRY_BYTES) : end;
    const sent = await sendChunks(data, encoded(position, stop), sending);
    more = stop < end && sent === stop - position;
    position = stop;
  }
  await endOf(data);
}

/**
 * Sends part of a file inside the kernel if the connection is unencrypted and file reads are fast. Also sends the last
 * bytes of other files, because the pipeline that encodes chunks takes longer than the transfer of a few kilobytes.
 * @returns position after the last sent byte
 * @throws EngineError ConnectionLost, or an error from reading the file
 */
async function sendDirectly(
  data: Duplex,
  { handle, start, end }: FilePart,
  { progress, pause }: Sending,
  isDirect: () => boolean,
): Promise<number> {
  const stop = Math.min(end, handle.entry.size);
  let position = start;
  let buffer: Buffer | undefined;
  while (position < stop && isDirect()) {
    const socket = descriptorOf(data);
    const sent = socket === undefined ? undefined : handle.sendTo?.(socket, position, stop - position);
    if (sent === undefined && stop - position > WAIT_BUFFER) break;
    let count = sent ?? 0;
    if (count === 0) {
      // Node.js waits until the connection accepts more bytes. Node.js also reports connection errors.
      buffer ??= Buffer.allocUnsafeSlow(Math.min(WAIT_BUFFER, stop - position));
      count = await handle.read(buffer.subarray(0, stop - position), position);
      if (count === 0) break;
      await write(data, buffer.subarray(0, count));
    }
    position += count;
    progress(count);
    const pausing = pause();
    if (pausing !== undefined) await pausing;
  }
  return position;
}

/** Returns whether no bytes follow a position. The file may have grown since it was opened. */
async function isAtEnd({ handle, end }: Omit<FilePart, "start">, position: number): Promise<boolean> {
  if (position >= end) return true;
  return position >= handle.entry.size && (await handle.read(Buffer.allocUnsafe(1), position)) === 0;
}

/**
 * Writes all chunks to the data connection and ends the connection. This function requests the next chunk only after
 * the kernel has accepted the previous chunk.
 * @throws EngineError ConnectionLost
 */
export async function sendAll(
  data: Duplex,
  chunks: AsyncIterable<Uint8Array>,
  sending: Sending,
): Promise<void> {
  discardInput(data);
  await sendChunks(data, chunks, sending);
  await endOf(data);
}

/** @returns number of sent bytes */
async function sendChunks(
  data: Duplex,
  chunks: AsyncIterable<Uint8Array>,
  { progress, pause }: Sending,
): Promise<number> {
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

/** Reads and discards bytes from the client, because only reading detects the end of the connection. */
function discardInput(data: Duplex): void {
  data.resume();
}

/** Ends the data connection. Resolves when the kernel has accepted all bytes. */
function endOf(data: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    // Node.js never calls the callback of `end` if the connection was destroyed without an error, for example when the
    // transfer was aborted after its last write.
    if (data.destroyed) {
      reject(lost(data, new Error("The connection was closed")));
      return;
    }
    data.end((error?: Error | null) => {
      if (error) reject(lost(data, error));
      else resolve();
    });
  });
}

function write(data: Duplex, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    data.write(chunk, (error) => {
      if (error) reject(lost(data, error));
      else resolve();
    });
  });
}

function lost(data: Duplex, error: Error): EngineError {
  return connectionLost(data.errored ?? error, "The data connection was lost");
}
