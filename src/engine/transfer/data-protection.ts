/** TLS on data connections: PROT P (RFC 4217 section 9). */
import type { Duplex } from "node:stream";
import type { EngineConfig } from "../../api/engine-config.ts";
import { EngineError } from "../errors.ts";
import type { Relation, TlsClient } from "../tls/session-affinity.ts";
import { ServerSocket } from "../tls/server-socket.ts";
import type { TlsLayer } from "../tls/tls-layer.ts";
import type { DataDirection, DataSource } from "./data-source.ts";

/** A data connection after its TLS handshake. */
export interface SecuredConnection {
  data: Duplex;
  /** Key of the TLS session that the connection resumed; undefined when it resumed none. */
  key: string | undefined;
}

/** TLS of the data connections of one FTP session, and the identity that distinguishes them from those of other sessions. */
export interface DataProtection {
  readonly tlsClient: TlsClient;
  /** Whether a connection that resumes no TLS session is rejected. */
  readonly mustResume: boolean;
  /**
   * Performs the TLS handshake on a data connection.
   * @param direction undefined before the transfer command; the handshake is then safe for an upload
   * @throws EngineError DataConnectionFailed
   */
  handshake(plain: Duplex, direction: DataDirection | undefined): Promise<SecuredConnection>;
}

/** Returns why a data connection is rejected; undefined when it can belong to the session. */
export function rejectionReason(relation: Relation, mustResume: boolean): string | undefined {
  if (relation === "Foreign") return "The data connection belongs to another session";
  if (relation === "Unknown" && mustResume)
    return "The data connection must resume the TLS session of the control connection";
  return undefined;
}

/** Protection of data connections by the TLS layer of the engine. */
export class DataTls implements DataProtection {
  readonly tlsClient: TlsClient;
  readonly #layer: TlsLayer;
  readonly #config: () => EngineConfig;

  /** @param config returns the current configuration */
  constructor(layer: TlsLayer, tlsClient: TlsClient, config: () => EngineConfig) {
    this.tlsClient = tlsClient;
    this.#layer = layer;
    this.#config = config;
  }

  get mustResume(): boolean {
    return this.#layer.config.sessionReuse === "Required" || this.tlsClient.alwaysResumes;
  }

  async handshake(plain: Duplex, direction: DataDirection | undefined): Promise<SecuredConnection> {
    const config = this.#config();
    const data = await this.#layer.data(plain, {
      timeoutMilliseconds: config.limits.dataConnectTimeoutSeconds * 1000,
      direction: direction ?? "Upload",
      requireCloseNotify: direction !== "Download" && config.uploads.missingCloseNotify === "Deny",
    });
    return { data, key: data.resumedKey };
  }

  /** Records that a connection belongs to this session, and prepares it for the transfer. */
  adopt(data: Duplex, direction: DataDirection): void {
    if (!(data instanceof ServerSocket)) throw new EngineError("Internal", "The data connection has no TLS");
    // The client can resume the TLS sessions of an accepted data connection.
    data.belongTo((key) => this.tlsClient.learn(key));
    this.tlsClient.learn(data.key);
    if (direction === "Download") data.becomeDownload();
  }
}

/** A source whose data connections use TLS and are identified by the TLS session that they resume. */
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
    // A passive reservation returns a connection whose handshake has already identified it.
    const data = plain instanceof ServerSocket ? plain : await this.#secure(plain, direction);
    this.#protection.adopt(data, direction);
    return data;
  }

  dispose(): void {
    this.#inner.dispose();
    this.#plain?.destroy();
  }

  /** Performs the handshake on an active connection. */
  async #secure(plain: Duplex, direction: DataDirection): Promise<Duplex> {
    const { tlsClient, mustResume } = this.#protection;
    const { data, key } = await this.#protection.handshake(plain, direction);
    const reason = rejectionReason(tlsClient.identify(key), mustResume);
    if (reason === undefined) return data;
    data.destroy();
    throw new EngineError("DataConnectionFailed", reason);
  }
}
