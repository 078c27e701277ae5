import type { Duplex } from "node:stream";
import { Duplex as DuplexStream } from "node:stream";
import { giveBack } from "../data/memory.ts";

/**
 * Stands between a connection and the TLS on it, to tell how the connection ended: Node gives a TLS stream the same `end` for
 * the client's close_notify and for a connection that was merely cut (RFC 5246 section 7.2.1).
 */
export class TruncationGuard extends DuplexStream {
  readonly #raw: Duplex;

  constructor(raw: Duplex) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    raw.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) raw.pause();
      // TLS has taken it, unless it waits here.
      if (this.readableLength === 0) giveBack(raw, [chunk]);
    });
    raw.once("end", () => this.push(null));
    raw.once("error", (error: Error) => this.destroy(error));
    raw.once("close", () => this.destroy());
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#raw.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#raw.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#raw.destroy();
    done(error);
  }
}
