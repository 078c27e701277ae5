import { once } from "node:events";
import { Duplex } from "node:stream";
import { releaseChunks } from "../../common/buffer-memory.ts";

/**
 * Content types of TLS records that can contain close_notify: `alert` in TLS 1.2, and `application_data` in TLS 1.3
 * (RFC 8446 section 5.1).
 */
const CLOSE_NOTIFY_TYPES = new Set([21, 23]);
/** Number of bytes in a record header after the content type: protocol version and length. */
const REST_OF_HEADER = 4;

/**
 * Forwards bytes between a connection and its TLS socket. The relay reports the end of the connection, and can detach
 * TLS from the connection.
 */
export class Relay extends Duplex {
  readonly #raw: Duplex;
  #released = false;

  constructor(raw: Duplex) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    raw.on("data", this.#onData).once("end", this.#onEnd);
    raw.once("error", (error: Error) => this.destroy(error));
    raw.once("close", () => this.destroy());
  }

  /**
   * Detaches TLS from the connection (RFC 2228 section 3, CCC). TLS then receives no more bytes, and the end of TLS
   * does not close the connection. Resolves with the connection after the client's close_notify, after the first byte
   * of other data, or after the connection has closed.
   */
  async release(): Promise<Duplex> {
    const raw = this.#raw;
    this.#released = true;
    raw.off("data", this.#onData).off("end", this.#onEnd).pause();
    await skipCloseNotify(raw);
    return raw;
  }

  /** Called after the connection has ended and before TLS is notified of its end. */
  protected atEnd(): void {}

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#raw.pause();
    // If the relay does not buffer the chunk, TLS has already consumed it.
    if (this.readableLength === 0) releaseChunks(this.#raw, [chunk]);
  };

  readonly #onEnd = (): void => {
    this.atEnd();
    this.push(null);
  };

  override _read(): void {
    if (!this.#released) this.#raw.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#raw.write(chunk, done);
  }

  override _final(done: () => void): void {
    if (this.#released) done();
    else this.#raw.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}

/** Reads the next record if it can contain close_notify. All other bytes remain in the stream. */
async function skipCloseNotify(raw: Duplex): Promise<void> {
  const type = await take(raw, 1);
  if (type === undefined) return;
  if (!CLOSE_NOTIFY_TYPES.has(type[0] ?? 0)) {
    raw.unshift(type);
    return;
  }
  const header = await take(raw, REST_OF_HEADER);
  if (header !== undefined) await take(raw, header.readUInt16BE(2));
}

/** Returns the next bytes, or undefined when the stream ends first. */
async function take(raw: Duplex, bytes: number): Promise<Buffer | undefined> {
  for (;;) {
    const taken: unknown = raw.read(bytes);
    if (Buffer.isBuffer(taken)) return taken.length === bytes ? taken : undefined;
    if (raw.destroyed || raw.readableEnded) return undefined;
    const waiting = new AbortController();
    const { signal } = waiting;
    const events = ["readable", "end", "close"].map((name) => once(raw, name, { signal }));
    await Promise.race(events).catch(() => undefined);
    waiting.abort();
    await Promise.allSettled(events);
  }
}

/** Length in bytes of the longest TLS record, including its header (RFC 5246 section 6.2.3). */
const MAX_RECORD_BYTES = 5 + 16_384 + 2048;

/**
 * Bytes that complete a truncated record, if any, and then start a record with an invalid type. TLS cannot authenticate
 * these records, so TLS fails unless it ignores the bytes. TLS ignores only bytes after close_notify (RFC 8446 section
 * 6.1).
 */
const PROBE = Buffer.alloc(MAX_RECORD_BYTES);

/**
 * Makes TLS fail if the connection ends without the client's close_notify, because an attacker could have truncated the
 * upload. Node.js does not report whether TLS ended with close_notify. In addition, OpenSSL 3.5 does not report
 * close_notify after a user_canceled alert. Java sends both alerts at the end of every TLS 1.3 connection. The guard
 * therefore inserts probe bytes after the last byte from the client.
 */
export class TruncationGuard extends Relay {
  #ended = false;
  #isArmed = true;

  /**
   * Whether the connection has ended. After the end, only the probe or a truncated record before the probe can cause a
   * TLS error.
   */
  get ended(): boolean {
    return this.#ended;
  }

  /** Disables the check that the connection ends with close_notify. */
  disarm(): void {
    this.#isArmed = false;
  }

  protected override atEnd(): void {
    if (!this.#isArmed) return;
    this.#ended = true;
    this.push(PROBE);
  }
}
