import type { Duplex } from "node:stream";
import { connectionLost, type EngineError } from "../errors.ts";
import type { Received } from "../storage/storage.ts";
import { descriptorOf, TURN_BYTES } from "./descriptor.ts";
import { releaseChunks } from "../../common/buffer-memory.ts";
import type { Progress } from "./send.ts";

/** Overhead of a chunk, in bytes: a client that sends single bytes must not fill the memory with chunks. */
const CHUNK_BYTES = 512;

/** Takes chunks, whole and in order; called anew only when the last call has ended. */
export type Sink = (chunks: readonly Uint8Array[]) => Promise<void>;

/** Takes what a socket has to give now, by its descriptor; undefined when the sink is to get it instead. */
export type SocketSink = (socket: number) => Received | undefined;

export interface ReceiveOptions {
  sink: Sink;
  /** Takes what has come while the sink was busy, where it can, so that it does not come here at all. */
  socketSink?: SocketSink;
  progress: Progress;
  /** Bytes that may wait while the sink is busy with as many; then reading stops. */
  maxWaiting: number;
}

/**
 * Reads the data connection to its end. What arrives while the sink is busy goes to it together, in one call. When that ends, the
 * chunks are no more.
 * @throws EngineError ConnectionLost when the connection breaks before its end; whatever the sink throws
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
  /** Whether the socket sink has taken all that it was given so far. */
  #isDirect = true;

  constructor(data: Duplex, options: ReceiveOptions) {
    this.#data = data;
    this.#options = options;
    this.finished = this.#settle.promise;
    data.on("data", (chunk: Buffer) => {
      this.#take(chunk);
      if (this.#waiting >= options.maxWaiting) data.pause();
      this.#flush();
    });
    data.once("end", () => this.#end());
    data.once("error", (cause) => this.#lose(cause));
    data.once("close", () => this.#lose(data.errored));
    // An empty file over TLS can end together with its handshake, before anyone listens; and what is read while it waits can break.
    if (data.readableEnded) this.#end();
    else if (data.destroyed) this.#lose(data.errored);
    // Passive sockets arrive paused, so that nothing is read before a transfer wants it.
    data.resume();
  }

  #take(chunk: Uint8Array): void {
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
      this.#takeDirectly();
      this.#data.resume();
    }
    this.#flush();
  }

  /** Only while nothing that came before waits to be read or written. */
  #takeDirectly(): void {
    const { socketSink, progress } = this.#options;
    for (let moved = 0; moved < TURN_BYTES && this.#isIdle; ) {
      const socket = this.#isDirect ? descriptorOf(this.#data) : undefined;
      const received = socket === undefined ? undefined : socketSink?.(socket);
      if (received === undefined || (received.bytes === 0 && received.rest === undefined)) return;
      progress(received.bytes);
      moved += received.bytes;
      if (received.rest === undefined) continue;
      // Writing it will tell why it was left.
      this.#isDirect = false;
      this.#take(received.rest);
    }
  }

  get #isIdle(): boolean {
    return this.#batch.length === 0 && this.#data.readableLength === 0;
  }

  #end(): void {
    this.#ended = true;
    this.#flush();
  }

  /** Reported when the sink is idle, as its owner may close the file right after. */
  #lose(cause: unknown): void {
    if (this.#ended) return;
    this.#failure ??= connectionLost(cause, "The data connection was lost before its end");
    this.#flush();
  }
}
