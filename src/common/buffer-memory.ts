import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setFlagsFromString } from "node:v8";

/** For the whole process, before it serves: what TLS decrypted makes garbage by the gigabyte, and threads that mark cost more than they save. */
export function collectGarbageCheaply(): void {
  setFlagsFromString("--no-concurrent-marking");
}

/** Minimum size of a buffer with separate memory, in bytes. In Node, smaller ones share memory. */
export const UNSHARED_BYTES = Buffer.poolSize >>> 1;

/**
 * Frees an output buffer of zlib when its last piece has been used; zlib has taken another one by then. Without this, a few
 * kilobytes that decompress to a gigabyte fill the memory before the garbage collector runs.
 */
export function releaseOutput({ buffer, byteOffset, length }: Uint8Array, outputBytes: number): void {
  const isWhole = buffer.byteLength === outputBytes && outputBytes >= UNSHARED_BYTES;
  if (isWhole && byteOffset + length === outputBytes && buffer instanceof ArrayBuffer && !buffer.detached)
    buffer.transfer(0);
}

/**
 * Frees the memory of chunks that a connection gave and that nobody needs any more. Left to the garbage collector, an upload of a
 * gigabyte makes it mark the whole heap thirty times: docs/contributing/decisions/0004 has the figures. Where chunks share memory, as small ones
 * and those that TLS decrypted do, it stays.
 */
export function releaseChunks(from: Duplex, chunks: readonly Uint8Array[]): void {
  // Only a socket's chunks are known to be nobody else's.
  if (!(from instanceof Socket)) return;
  for (const { buffer, length } of chunks) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === length && !buffer.detached) buffer.transfer(0);
  }
}
