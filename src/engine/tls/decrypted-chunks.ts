import { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";

/** Maximum size in bytes of the plaintext in one TLS record (RFC 8446 section 5.1). */
const RECORD_BYTES = 16_384;
/** Minimum size in bytes of plaintext that can occupy a memory block. Shorter plaintext is copied. */
const MIN_USED_BYTES = RECORD_BYTES / 2;
/** Number of unused memory blocks that a connection keeps in addition to one for each chunk in use. */
const SPARE_BLOCKS = 4;

/**
 * Properties in which Node.js stores the documented option `onread`. Node.js evaluates the option only for outgoing
 * connections.
 */
const [BUFFER, NEXT_BUFFER, CALLBACK] = ["kBuffer", "kBufferGen", "kBufferCb"].map((name) =>
  Object.getOwnPropertySymbols(new Socket()).find(({ description }) => description === name),
);

/**
 * Methods that read only while the stream buffers fewer bytes than its high-water mark. With the properties of
 * `onread`, the methods of `Socket` would read without a limit after each `resume()`.
 */
const FLOW_CONTROL = ["pause", "read", "resume"] as const;

/**
 * Memory for the plaintext of one upload over TLS. TLS reuses the memory of a chunk after the chunk has been written to
 * the file. Without this class, Node.js would allocate memory for each record, and the garbage collector would mark the
 * heap about thirty times per GiB (docs/contributing/decisions/0004).
 */
export class DecryptedChunks {
  readonly #socket: TLSSocket;
  #free: Uint8Array<ArrayBuffer>[] | undefined = [];
  /** Number of emitted chunks that occupy a memory block and have not been released. */
  #used = 0;
  /** Memory block for the next record. TLS can write to this block at any time, so no emitted chunk may refer to it. */
  #next: Uint8Array<ArrayBuffer> = new Uint8Array(RECORD_BYTES);

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.once("close", () => this.#close());
  }

  /**
   * Starts to provide the memory for a socket. Returns undefined if the socket is closed, or if this version of Node.js
   * lacks the required properties.
   */
  static of(socket: TLSSocket): DecryptedChunks | undefined {
    const handle: unknown = Reflect.get(socket, "_handle");
    if (!takesBuffers(handle) || !BUFFER || !NEXT_BUFFER || !CALLBACK) return undefined;
    const chunks = new DecryptedChunks(socket);
    Reflect.set(socket, BUFFER, chunks.#next);
    Reflect.set(socket, NEXT_BUFFER, () => chunks.#next);
    Reflect.set(socket, CALLBACK, (bytes: number) => chunks.#push(bytes));
    for (const name of FLOW_CONTROL) Reflect.set(socket, name, Duplex.prototype[name]);
    handle.useUserBuffer(chunks.#next);
    return chunks;
  }

  /**
   * Releases a chunk that the socket has emitted. The chunk is then empty, so that a mistake cannot expose the bytes of
   * another chunk.
   */
  release({ buffer }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== RECORD_BYTES || buffer.detached) return;
    this.#used -= 1;
    if (this.#free === undefined) buffer.transfer(0);
    else this.#keep(this.#free, buffer);
  }

  /** Keeps a memory block for later chunks. Frees unused blocks that the transfer does not need at its current speed. */
  #keep(free: Uint8Array<ArrayBuffer>[], block: ArrayBuffer): void {
    free.push(new Uint8Array(block.transfer()));
    while (free.length > this.#used + SPARE_BLOCKS) free.pop()?.buffer.transfer(0);
  }

  /** Emits the first bytes of the memory block. Returns whether the socket accepts more bytes. */
  #push(bytes: number): boolean {
    const memory = this.#next;
    const chunk = Buffer.from(memory.buffer, 0, bytes);
    // A client that sends short records could otherwise fill the memory of the engine.
    if (bytes < MIN_USED_BYTES) return this.#socket.push(Buffer.from(chunk));
    this.#next = this.#free?.pop() ?? new Uint8Array(RECORD_BYTES);
    this.#used += 1;
    return this.#socket.push(chunk);
  }

  #close(): void {
    for (const { buffer } of this.#free ?? []) buffer.transfer(0);
    this.#free = undefined;
  }
}

function takesBuffers(handle: unknown): handle is { useUserBuffer(buffer: Uint8Array): void } {
  return (
    typeof handle === "object" &&
    handle !== null &&
    "useUserBuffer" in handle &&
    typeof handle.useUserBuffer === "function"
  );
}
