import type { Duplex } from "node:stream";
import { connectionLost, type EngineError } from "../errors.ts";
import type { Received } from "../storage/storage.ts";
import { descriptorOf, TICK_BYTES } from "./descriptor.ts";
import { releaseChunks } from "../../common/buffer-memory.ts";
import type { Progress } from "./send.ts";

/**
 * Memory overhead of a chunk in bytes. The overhead counts toward the limit, so that a client that sends single bytes
 * cannot fill the memory.
 */
const CHUNK_BYTES = 512;

/** Stores chunks in order. Each call starts after the previous call has ended. */
export type Sink = (chunks: readonly Uint8Array[]) => Promise<void>;

/**
 * Moves the available bytes from a socket to the file with a system call, bypassing Node.js. Returns undefined when the
 * system call cannot be used.
 */
export type SocketSink = (socket: number) => Received | undefined;

export interface ReceiveOptions {
  sink: Sink;
  /** Moves bytes that arrived while the sink was busy, bypassing this process. */
  socketSink?: SocketSink;
  progress: Progress;
  /** Maximum number of bytes that wait while the sink is busy. Reading pauses when this number of bytes is waiting. */
  maxWaiting: number;
}

/**
 * Reads the data connection to its end. Chunks that arrive while the sink is busy are combined in the next call. The
 * memory of the chunks is released after the call.
 * @throws EngineError ConnectionLost when the connection breaks early, or an error from the sink
 */
export async function receiveAll(data: Duplex, options: ReceiveOptions): Promise<void> {
  await new Receiver(data, options).finished;
}

class Receiver {
  readonly finished: Promise<void>;
  readonly #data: Duplex;
  readonly #options: ReceiveOptions;
  readonly #settle = Promise.withResolvers<void>();
  #batch: Uint8Array[] = [];
  #waiting = 0;
  #writing = false;
  #ended = false;
  #failure: EngineError | undefined;
  /** Whether the file has stored all bytes that the socket sink moved. */
  #isDirect = true;

  constructor(data: Duplex, options: ReceiveOptions) {
    this.#data = data;
    this.#options = options;
    this.finished = this.#settle.promise;
    data.on("data", (chunk: Buffer) => {
      this.#enqueue(chunk);
      if (this.#waiting >= options.maxWaiting) data.pause();
      this.#flush();
    });
    data.once("end", () => this.#end());
    data.once("error", (cause) => this.#fail(cause));
    data.once("close", () => this.#fail(data.errored));
    // The data connection can end or break before these listeners exist. For example, an empty file over TLS can end
    // together with its handshake.
    if (data.readableEnded) this.#end();
    else if (data.destroyed) this.#fail(data.errored);
    // Passive sockets remain paused until their transfer starts.
    data.resume();
  }

  #enqueue(chunk: Uint8Array): void {
    this.#options.progress(chunk.length);
    this.#batch.push(chunk);
    this.#waiting += chunk.length + CHUNK_BYTES;
  }

  #flush(): void {
    if (this.#writing) return;
    if (this.#failure !== undefined) {
      this.#settle.reject(this.#failure);
      return;
    }
    if (this.#batch.length === 0) {
      if (this.#ended) this.#settle.resolve();
      return;
    }
    const chunks = this.#batch;
    this.#batch = [];
    this.#waiting = 0;
    this.#writing = true;
    this.#options.sink(chunks).then(
      () => this.#written(chunks),
      (error: unknown) => this.#settle.reject(error),
    );
  }

  #written(chunks: readonly Uint8Array[]): void {
    this.#writing = false;
    releaseChunks(this.#data, chunks);
    if (!this.#ended) {
      this.#moveWithinKernel();
      this.#data.resume();
    }
    this.#flush();
  }

  /** Moves bytes from the socket to the file. All earlier bytes must already be stored. */
  #moveWithinKernel(): void {
    const { socketSink, progress } = this.#options;
    for (let moved = 0; moved < TICK_BYTES && this.#isIdle; ) {
      const socket = this.#isDirect ? descriptorOf(this.#data) : undefined;
      const received = socket === undefined ? undefined : socketSink?.(socket);
      if (received === undefined || (received.bytes === 0 && received.rest === undefined)) return;
      progress(received.bytes);
      moved += received.bytes;
      if (received.rest === undefined) continue;
      // Writing the remaining bytes reports the error.
      this.#isDirect = false;
      this.#enqueue(received.rest);
    }
  }

  get #isIdle(): boolean {
    return this.#batch.length === 0 && this.#data.readableLength === 0;
  }

  #end(): void {
    this.#ended = true;
    this.#flush();
  }

  /**
   * Records a broken connection. The error is reported when the sink is idle, because the file is closed after the
   * report.
   */
  #fail(cause: unknown): void {
    if (this.#ended) return;
    this.#failure ??= connectionLost(cause, "The data connection was lost");
    this.#flush();
  }
}
