import type { Duplex } from "node:stream";
import type { EngineError } from "../errors.ts";
import { ServerSocket } from "../tls/server-socket.ts";
import type { DataSource } from "./source.ts";

/** A data connection that speaks TLS before anything else. */
export class SecuredSource implements DataSource {
  readonly #inner: DataSource;
  readonly #secure: (plain: Duplex, timeoutMilliseconds: number) => Promise<ServerSocket>;
  readonly #accept: (socket: ServerSocket) => EngineError | undefined;
  #plain: Duplex | undefined;

  /**
   * @param secure shakes hands
   * @param accept says what is wrong with whoever shook hands
   */
  constructor(
    inner: DataSource,
    secure: (plain: Duplex, timeoutMilliseconds: number) => Promise<ServerSocket>,
    accept: (socket: ServerSocket) => EngineError | undefined,
  ) {
    this.#inner = inner;
    this.#secure = secure;
    this.#accept = accept;
  }

  async open(timeoutMilliseconds: number): Promise<Duplex> {
    const plain = await this.#inner.open(timeoutMilliseconds);
    this.#plain = plain;
    // From a shared passive port it comes secured: the handshake told whose it is.
    const socket = plain instanceof ServerSocket ? plain : await this.#secure(plain, timeoutMilliseconds);
    const problem = this.#accept(socket);
    if (problem === undefined) return socket;
    socket.destroy();
    throw problem;
  }

  dispose(): void {
    this.#inner.dispose();
    this.#plain?.destroy();
  }
}
