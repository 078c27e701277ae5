import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setFlagsFromString } from "node:v8";

/** For the whole process, before it serves: what TLS decrypted makes garbage by the gigabyte, and threads that mark cost more than they save. */
export function collectGarbageCheaply(): void {
  setFlagsFromString("--no-concurrent-marking");
}

/**
 * Frees the memory of chunks that a connection gave and that nobody needs any more. Left to the garbage collector, an upload of a
 * gigabyte makes it mark the whole heap thirty times: docs/decisions/0004 has the figures. Where chunks share memory, as small ones
 * and those that TLS decrypted do, it stays.
 */
export function giveBack(from: Duplex, chunks: readonly Uint8Array[]): void {
  // Only a socket's chunks are known to be nobody else's.
  if (!(from instanceof Socket)) return;
  for (const { buffer, length } of chunks) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === length && !buffer.detached) buffer.transfer(0);
  }
}
