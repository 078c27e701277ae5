import type { Duplex } from "node:stream";
import { EngineError } from "../errors.ts";
import { ServerSocket } from "../tls/server-socket.ts";
import { refusalOf, type DataTls } from "./data-protection.ts";
import type { DataDirection, DataSource } from "./source.ts";

/** A source whose data connections begin with a TLS handshake, and are compared with the TLS sessions of the control connection. */
export class SecuredSource implements DataSource {
  readonly #inner: DataSource;
  readonly #protection: DataTls;
  #plain: Duplex | undefined;

  constructor(inner: DataSource, protection: DataTls) {
    this.#inner = inner;
    this.#protection = protection;
  }

  async open(timeoutMilliseconds: number, direction: DataDirection): Promise<Duplex> {
    const plain = await this.#inner.open(timeoutMilliseconds, direction);
    this.#plain = plain;
    // From a passive port, it comes after the handshake that identified it.
    const data = plain instanceof ServerSocket ? plain : await this.#secured(plain, direction);
    this.#protection.adopt(data, direction);
    return data;
  }

  dispose(): void {
    this.#inner.dispose();
    this.#plain?.destroy();
  }

  /** A connection that the engine opened. */
  async #secured(plain: Duplex, direction: DataDirection): Promise<Duplex> {
    const { member, mustResume } = this.#protection;
    const { data, key } = await this.#protection.shakeHands(plain, direction);
    const refusal = refusalOf(member.judge(key), mustResume);
    if (refusal === undefined) return data;
    data.destroy();
    throw new EngineError("DataConnectionFailed", refusal);
  }
}
