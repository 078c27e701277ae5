import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setFlagsFromString } from "node:v8";

/**
 * Configures the garbage collector of this process. TLS leaves gigabytes of decrypted buffers as garbage, and concurrent marking
 * costs more than it saves.
 */
export function disableConcurrentMarking(): void {
  setFlagsFromString("--no-concurrent-marking");
}

/** Minimum size of a buffer with separate memory, in bytes. In Node, smaller ones share memory. */
export const UNSHARED_BYTES = Buffer.poolSize >>> 1;

/**
 * Frees an output buffer of zlib after its last chunk has been used. zlib has allocated another one by then. Without this, a few
 * kilobytes that decompress to a gigabyte fill the memory before the garbage collector runs.
 */
export function releaseOutput({ buffer, byteOffset, length }: Uint8Array, outputBytes: number): void {
  const ownsMemory = buffer.byteLength === outputBytes && outputBytes >= UNSHARED_BYTES;
  if (ownsMemory && byteOffset + length === outputBytes && buffer instanceof ArrayBuffer && !buffer.detached)
    buffer.transfer(0);
}

/**
 * Frees the memory of chunks that were read from a connection and are no longer used. With the garbage collector alone, an upload
 * of a gigabyte marks the heap thirty times (docs/contributing/decisions/0004). Chunks that share memory are not freed, for
 * example small chunks and chunks that TLS decrypted.
 */
export function releaseChunks(from: Duplex, chunks: readonly Uint8Array[]): void {
  // Only a socket is known to hand over chunks that nothing else uses.
  if (!(from instanceof Socket)) return;
  for (const { buffer, length } of chunks) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === length && !buffer.detached) buffer.transfer(0);
  }
}
