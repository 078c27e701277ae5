import type { Duplex } from "node:stream";
import type { EngineError } from "../errors.ts";
import { ServerSocket } from "../tls/server-socket.ts";
import type { EngineConfig } from "../../api/engine-config.ts";
import type { TransferDirection } from "../control/observer.ts";
import type { TlsMember } from "../tls/families.ts";
import type { TlsLayer } from "../tls/tls-layer.ts";
import type { DataSource } from "./source.ts";

/** TLS over the data connection of a source, checked against the control connection's. */
export function securedSource(
  source: DataSource,
  { layer, member }: { layer: TlsLayer; member: TlsMember },
  direction: TransferDirection,
  { missingCloseNotify }: EngineConfig["uploads"],
): DataSource {
  const upload = direction === "Upload";
  const options = {
    direction: upload ? "Upload" : "Download",
    refuseCut: upload && missingCloseNotify === "Refuse",
  } as const;
  return new SecuredSource(
    source,
    (plain, timeoutMilliseconds) =>
      layer.data(plain, { ...options, timeoutMilliseconds }, (key) => member.learn(key)),
    (socket) => layer.problemOf(socket, member),
  );
}

/** A data connection that speaks TLS before anything else. */
class SecuredSource implements DataSource {
  readonly #inner: DataSource;
  readonly #secure: (plain: Duplex, timeoutMilliseconds: number) => Promise<ServerSocket>;
  /** Says what is wrong with whoever shook hands. */
  readonly #accept: (socket: ServerSocket) => EngineError | undefined;
  #plain: Duplex | undefined;

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
