import { once } from "node:events";
import type { EngineLimits } from "../../api/engine-config.ts";
import type { Duplex } from "node:stream";
import { LineFramer, type InputLine } from "../protocol/framing.ts";
import { encodeReply, type Reply } from "../protocol/reply.ts";

/** Control connection events for the session. */
export interface ControlEvents {
  /** Called when the queue contains new lines or the input has ended. */
  input(): void;
  /** Called when the connection is closed. */
  disconnected(): void;
}

/** Limits that were configured when the session started. */
export type ControlLimits = Pick<EngineLimits, "commandLineBytes" | "queuedCommands">;

/**
 * Control connection with a bounded queue of input lines. The session sends all replies through this class. The class
 * stops reading while the queue is full, so that a client that does not read replies fills only its own buffers.
 */
export class ControlConnection {
  #duplex: Duplex;
  #framer: LineFramer;
  #queue: InputLine[] = [];
  #ended = false;
  readonly #events: ControlEvents;
  readonly #limits: ControlLimits;

  constructor(duplex: Duplex, events: ControlEvents, limits: ControlLimits) {
    this.#duplex = duplex;
    this.#limits = limits;
    this.#framer = new LineFramer(limits.commandLineBytes);
    this.#events = events;
    this.#attach();
  }

  /** Whether the client has closed its side of the connection. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the client has closed its side and the session has taken all lines. */
  get exhausted(): boolean {
    return this.#ended && this.#queue.length === 0;
  }

  /** Takes the oldest queued line. */
  take(): InputLine | undefined {
    const line = this.#queue.shift();
    this.#fill();
    return line;
  }

  /** Queued lines, oldest first. */
  get queued(): readonly InputLine[] {
    return this.#queue;
  }

  /** Takes the queued line at an index. */
  takeAt(index: number): InputLine | undefined {
    const [line] = this.#queue.splice(index, 1);
    this.#fill();
    return line;
  }

  /** Whether the client has sent bytes after the last line that the session took. */
  get hasUnread(): boolean {
    return this.#queue.length > 0 || this.#framer.pending;
  }

  /** Sends a reply. Resolves when the kernel has accepted the reply or the connection is closed. */
  async sendWhole(reply: Reply): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#duplex.write(encodeReply(reply), () => resolve());
    await promise;
  }

  send(reply: Reply): void {
    if (this.#duplex.writable) this.#duplex.write(encodeReply(reply));
  }

  /**
   * Resolves when the socket can accept more replies, or when the connection is closed. Returns undefined when replies
   * can be sent immediately.
   */
  writable(): Promise<void> | undefined {
    return this.#duplex.writableNeedDrain && !this.#duplex.destroyed ? this.#drained() : undefined;
  }

  async #drained(): Promise<void> {
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      once(this.#duplex, "drain", { signal }),
      once(this.#duplex, "close", { signal }),
    ]).catch(() => {});
    waiting.abort();
  }

  /** Sends the remaining replies and closes the connection. */
  end(): void {
    this.#queue = [];
    this.#duplex.end();
    // The engine reads input until the client closes its side of the connection. If input remained unread, the kernel
    // would reset the connection, and the client could lose the last reply.
    this.#detach();
    this.#duplex.on("error", this.#onError);
    this.#duplex.resume();
  }

  destroy(): void {
    this.#duplex.destroy();
  }

  /**
   * Replaces the stream with a TLS stream (AUTH TLS). Discards unprocessed bytes and lines from the old stream.
   * @param wrap function that returns the new stream. The old stream has no listeners when this function is called.
   */
  swap(wrap: (plain: Duplex) => Duplex): void {
    this.#detach();
    this.#framer = new LineFramer(this.#limits.commandLineBytes);
    this.#queue = [];
    this.#duplex = wrap(this.#duplex);
    this.#attach();
  }

  /**
   * Ends TLS and continues over the unencrypted connection (CCC). Discards unprocessed bytes and lines.
   * @param left promise that resolves when the client has also ended TLS, or when the connection is closed
   */
  async follow(left: Promise<Duplex>): Promise<void> {
    const secured = this.#duplex;
    this.#detach();
    secured.off("close", this.#onClose).on("error", () => {});
    secured.end();
    this.#framer = new LineFramer(this.#limits.commandLineBytes);
    this.#queue = [];
    this.#duplex = await left;
    this.#attach();
    if (this.#duplex.destroyed) this.#onClose();
    else if (this.#duplex.readableEnded) this.#onEnd();
    else this.#fill();
  }

  readonly #onData = (bytes: Uint8Array): void => {
    this.#framer.push(bytes);
    this.#fill();
    if (this.#queue.length > 0) this.#events.input();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#events.input();
  };

  readonly #onClose = (): void => this.#events.disconnected();

  readonly #onError = (): void => this.destroy();

  #attach(): void {
    this.#duplex.on("data", this.#onData);
    this.#duplex.on("end", this.#onEnd);
    this.#duplex.on("close", this.#onClose);
    this.#duplex.on("error", this.#onError);
  }

  #detach(): void {
    this.#duplex.off("data", this.#onData);
    this.#duplex.off("end", this.#onEnd);
    this.#duplex.off("error", this.#onError);
  }

  #fill(): void {
    while (this.#queue.length < this.#limits.queuedCommands) {
      const line = this.#framer.next();
      if (line === undefined) break;
      this.#queue.push(line);
    }
    if (this.#queue.length >= this.#limits.queuedCommands) this.#duplex.pause();
    else this.#duplex.resume();
  }
}
