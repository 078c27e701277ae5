import { once } from "node:events";
import { Duplex } from "node:stream";
import { releaseChunks } from "../../common/buffer-memory.ts";

/** Content types of TLS records that can contain a close_notify: alert in TLS 1.2, application data in TLS 1.3 (RFC 8446 section 5.1). */
const CLOSE_NOTIFY_TYPES = new Set([21, 23]);
/** Length of the version and the length, which follow the type, in bytes. */
const REST_OF_HEADER = 4;

/** Forwards bytes between a connection and its TLS socket. Reports the end of the connection, and can detach TLS from it. */
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
   * Detaches TLS from the connection (RFC 2228 section 3, CCC). TLS receives no more bytes, and its end does not end the connection.
   * Resolves with the connection after the close_notify of the client, after another first byte, or when the connection has closed.
   */
  async release(): Promise<Duplex> {
    const raw = this.#raw;
    this.#released = true;
    raw.off("data", this.#onData).off("end", this.#onEnd).pause();
    await skipCloseNotify(raw);
    return raw;
  }

  /** Called when the connection has ended, before TLS receives the end. */
  protected atEnd(): void {}

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.#raw.pause();
    // TLS has consumed the chunk unless it is buffered here.
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

/** Reads a close_notify, if the next record is one. Other bytes remain in the stream. */
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

/** Returns the next bytes; undefined when the stream ends earlier. */
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

/** Header and payload of the longest TLS record (RFC 5246 section 6.2.3), in bytes. */
const MAX_RECORD_BYTES = 5 + 16_384 + 2048;

/**
 * Completes any record that was cut, and then starts one of a type that does not exist. No TLS connection can authenticate either, so
 * TLS fails unless it ignores them. It ignores only what follows a close_notify (RFC 8446 section 6.1).
 */
const PROBE = Buffer.alloc(MAX_RECORD_BYTES);

/**
 * Makes TLS fail when the client ends the connection without close_notify, because the upload may have been cut on the path. Node
 * does not report how TLS ended, and OpenSSL 3.5 does not report the close_notify that follows user_canceled, which is how Java
 * ends every TLS 1.3 connection. The guard therefore inserts a probe after the client's last byte.
 */
export class TruncationGuard extends Relay {
  #ended = false;
  #isArmed = true;

  /** Whether the connection has ended, so that an error of TLS comes from the probe or from a record before it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** From now on the end of the connection needs no check. */
  disarm(): void {
    this.#isArmed = false;
  }

  protected override atEnd(): void {
    if (!this.#isArmed) return;
    this.#ended = true;
    this.push(PROBE);
  }
}
