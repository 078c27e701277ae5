import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Minimum size in bytes of a Node.js buffer that does not share memory with other buffers. */
export const UNSHARED_BYTES = Buffer.poolSize >>> 1;

/**
 * Frees a zlib output buffer after its last chunk has been used. At that point, zlib already uses another output
 * buffer. Without this function, a few kilobytes that decompress to a gigabyte would fill the memory before the garbage
 * collector runs.
 */
export function releaseOutput({ buffer, byteOffset, length }: Uint8Array, outputBytes: number): void {
  const ownsMemory = buffer.byteLength === outputBytes && outputBytes >= UNSHARED_BYTES;
  if (ownsMemory && byteOffset + length === outputBytes && buffer instanceof ArrayBuffer && !buffer.detached)
    buffer.transfer(0);
}

/**
 * Frees the memory of unused chunks that were read from a connection. Without this function, the garbage collector
 * marks the heap about thirty times during an upload of one GiB (docs/contributing/decisions/0004). Does not free chunks
 * that share memory, for example small chunks and chunks that TLS decrypted. `ServerSocket.releaseChunks` releases the
 * chunks of uploads over TLS.
 */
export function releaseChunks(from: Duplex, chunks: readonly Uint8Array[]): void {
  // Chunks from streams other than sockets can still be in use.
  if (!(from instanceof Socket)) return;
  for (const chunk of chunks) releaseChunk(chunk);
}

/** Frees the memory of an unused chunk unless the chunk shares memory with other buffers. */
export function releaseChunk({ buffer, length }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length && !buffer.detached) buffer.transfer(0);
}
