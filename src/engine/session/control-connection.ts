import { once } from "node:events";
import type { EngineLimits } from "../../api/engine-config.ts";
import type { Duplex } from "node:stream";
import { LineFramer, type InputLine } from "../protocol/framing.ts";
import { encodeReply, type Reply } from "../protocol/reply.ts";

/** What a control channel tells its session. */
export interface ControlEvents {
  /** Lines were queued, or the input ended. */
  input(): void;
  /** The connection is gone. */
  closed(): void;
}

/** Those of the configuration when the session began. */
export type ControlLimits = Pick<EngineLimits, "commandLineBytes" | "queuedCommands">;

/**
 * The control connection: a bounded queue of lines in, the one writer of replies out. While the queue is full nothing is read,
 * so a client that talks without listening only fills its own buffers.
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

  /** Whether the client will send no more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the client will send no more, and everything it sent was taken. */
  get exhausted(): boolean {
    return this.#ended && this.#queue.length === 0;
  }

  /** The oldest queued line. */
  take(): InputLine | undefined {
    const line = this.#queue.shift();
    this.#fill();
    return line;
  }

  /** The queued lines, oldest first. */
  get queued(): readonly InputLine[] {
    return this.#queue;
  }

  /** Takes a line out of turn. */
  takeAt(index: number): InputLine | undefined {
    const [line] = this.#queue.splice(index, 1);
    this.#fill();
    return line;
  }

  /** Whether the client has sent more than the lines that were taken. */
  get hasUnread(): boolean {
    return this.#queue.length > 0 || this.#framer.pending;
  }

  /** Sends a reply and resolves when it was handed to the kernel, or when the connection is gone. */
  async sendWhole(reply: Reply): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#duplex.write(encodeReply(reply), () => resolve());
    await promise;
  }

  send(reply: Reply): void {
    if (this.#duplex.writable) this.#duplex.write(encodeReply(reply));
  }

  /** Resolves when the client has read enough for more replies, or is gone. Undefined when replies can be sent now. */
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

  /** Sends what is left and closes. */
  end(): void {
    this.#queue = [];
    this.#duplex.end();
    // Read on to the client's own end, or the kernel would answer unread input with a reset that overtakes the last reply.
    this.#detach();
    this.#duplex.on("error", this.#onError);
    this.#duplex.resume();
  }

  destroy(): void {
    this.#duplex.destroy();
  }

  /**
   * Goes on over another stream, as AUTH TLS needs. Every byte and line that came over the old one and was not taken is dropped.
   * @param wrap makes the new stream from the old one, which has no listeners any more
   */
  swap(wrap: (plain: Duplex) => Duplex): void {
    this.#detach();
    this.#framer = new LineFramer(this.#limits.commandLineBytes);
    this.#queue = [];
    this.#duplex = wrap(this.#duplex);
    this.#attach();
  }

  /**
   * Ends TLS, and goes on over what is left of the connection, as CCC needs. What came and was not taken is dropped.
   * @param left resolves when the client has left TLS too, or is gone
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

  readonly #onClose = (): void => this.#events.closed();

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
