import type { Duplex } from "node:stream";
import type { Pause } from "../../common/tick-budget.ts";
import { connectionLost, type EngineError } from "../errors.ts";
import type { Received } from "../storage/storage.ts";
import { ServerSocket } from "../tls/server-socket.ts";
import { descriptorOf, TICK_BYTES } from "./descriptor.ts";
import { releaseChunks } from "../../common/buffer-memory.ts";
import type { Progress } from "./send.ts";

/**
 * Memory overhead of a chunk in bytes. The overhead counts toward the limit, so that a client cannot fill the memory by
 * sending single bytes.
 */
const CHUNK_BYTES = 512;

/**
 * Number of received bytes after which the receiver checks the event-loop budget. Node.js reads at most this number of
 * bytes at a time. Small files need no check.
 */
const STRETCH_BYTES = 64 * 1024;

/** Stores chunks in order. Each call starts only after the promise from the previous call has resolved. */
export type Sink = (chunks: readonly Uint8Array[]) => Promise<void>;

/**
 * Moves the available bytes from a socket to the file with a system call, bypassing Node.js. Returns undefined if the
 * engine cannot use the system call.
 */
export type SocketSink = (socket: number) => Received | undefined;

export interface ReceiveOptions {
  sink: Sink;
  /**
   * Moves bytes from the socket to the file, bypassing this process. Called for bytes that arrive while the sink is
   * busy.
   */
  socketSink?: SocketSink;
  progress: Progress;
  /** Pauses reading when the transfers have used their time in the event-loop tick. */
  pause: Pause;
  /** Number of bytes that wait for the busy sink before the receiver pauses reading. */
  maxWaiting: number;
}

/**
 * Reads the data connection to its end. The next call to the sink combines all chunks that arrived while the sink was
 * busy. The receiver releases the memory of the chunks after the call.
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
  /** Number of bytes since the last check of the event-loop budget. */
  #stretch = 0;
  /** Whether the receiver waits for a later event-loop tick. */
  #isDelayed = false;
  /** Whether the file has accepted all bytes that the socket sink has moved. */
  #isDirect = true;

  constructor(data: Duplex, options: ReceiveOptions) {
    this.#data = data;
    this.#options = options;
    this.finished = this.#settle.promise;
    data.on("data", (chunk: Buffer) => {
      this.#enqueue(chunk);
      if (this.#waiting >= options.maxWaiting) data.pause();
      this.#flush();
      this.#waitForBudget();
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
    this.#stretch += chunk.length + CHUNK_BYTES;
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
    if (this.#data instanceof ServerSocket) this.#data.releaseChunks(chunks);
    else releaseChunks(this.#data, chunks);
    if (!this.#ended) {
      this.#moveWithinKernel();
      this.#resume();
    }
    this.#flush();
  }

  /**
   * Pauses reading until a later tick if the budget is exhausted. Without the budget, Node.js reads up to 2 MiB from
   * each connection in one tick. Decrypting this data takes several milliseconds.
   */
  #waitForBudget(): void {
    if (this.#isDelayed || this.#stretch < STRETCH_BYTES) return;
    this.#stretch = 0;
    const waiting = this.#options.pause();
    if (waiting !== undefined) void this.#delay(waiting);
  }

  async #delay(waiting: Promise<void>): Promise<void> {
    this.#isDelayed = true;
    this.#data.pause();
    await waiting;
    this.#isDelayed = false;
    if (this.#waiting < this.#options.maxWaiting) this.#data.resume();
  }

  #resume(): void {
    if (!this.#isDelayed) this.#data.resume();
  }

  /** Moves bytes from the socket to the file, which must already contain all earlier bytes. */
  #moveWithinKernel(): void {
    const { socketSink, progress } = this.#options;
    for (let moved = 0; moved < TICK_BYTES && this.#isIdle; ) {
      const socket = this.#isDirect ? descriptorOf(this.#data) : undefined;
      const received = socket === undefined ? undefined : socketSink?.(socket);
      if (received === undefined || (received.bytes === 0 && received.rest === undefined)) return;
      progress(received.bytes);
      moved += received.bytes;
      if (received.rest === undefined) continue;
      // The sink then tries to store the remaining bytes, and reports the error.
      this.#isDirect = false;
      this.#enqueue(received.rest);
    }
  }

  get #isIdle(): boolean {
    return !this.#isDelayed && this.#batch.length === 0 && this.#data.readableLength === 0;
  }

  #end(): void {
    this.#ended = true;
    this.#flush();
  }

  /**
   * Records a broken connection. The receiver reports the error after the sink has become idle, because the report
   * causes the file to be closed.
   */
  #fail(cause: unknown): void {
    if (this.#ended) return;
    this.#failure ??= connectionLost(cause, "The data connection was lost");
    this.#flush();
  }
}
