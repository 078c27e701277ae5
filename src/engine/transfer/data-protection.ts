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
  /** Key of the resumed TLS session, or undefined for a full handshake. */
  key: string | undefined;
}

/**
 * TLS for the data connections of one FTP session. The TLS client identity distinguishes these data connections from
 * data connections of other sessions.
 */
export interface DataProtection {
  readonly tlsClient: TlsClient;
  /** Whether the engine rejects data connections that do not resume a TLS session. */
  readonly mustResume: boolean;
  /**
   * Performs the TLS handshake on a data connection.
   * @param direction direction of the transfer. The value is undefined before the transfer command. The connection must
   *   then support uploads and downloads.
   * @throws EngineError DataConnectionFailed
   */
  handshake(plain: Duplex, direction: DataDirection | undefined): Promise<SecuredConnection>;
}

/**
 * Returns the reason why the engine must reject a data connection, or undefined if the connection can belong to the
 * session.
 */
export function rejectionReason(relation: Relation, mustResume: boolean): string | undefined {
  if (relation === "Foreign") return "The data connection belongs to another session";
  if (relation === "Unknown" && mustResume)
    return "The data connection must resume the TLS session of the control connection";
  return undefined;
}

/** Data protection with the engine's TLS layer. */
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

  /** Records that a data connection belongs to this session, and prepares the connection for the transfer. */
  adopt(data: Duplex, direction: DataDirection): void {
    if (!(data instanceof ServerSocket)) throw new EngineError("Internal", "The data connection has no TLS");
    // The client can later resume the TLS sessions that the engine issues on this data connection.
    data.belongTo((key) => this.tlsClient.learn(key));
    this.tlsClient.learn(data.key);
    if (direction === "Download") data.becomeDownload();
    else data.becomeUpload();
  }
}

/** A data source whose connections use TLS. The resumed TLS session identifies the FTP session of a connection. */
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
    // A connection from a passive reservation has completed its handshake, which identified the FTP session.
    const data = plain instanceof ServerSocket ? plain : await this.#secure(plain, direction);
    this.#protection.adopt(data, direction);
    return data;
  }

  dispose(): void {
    this.#inner.dispose();
    this.#plain?.destroy();
  }

  /** Performs the TLS handshake on an active data connection. */
  async #secure(plain: Duplex, direction: DataDirection): Promise<Duplex> {
    const { tlsClient, mustResume } = this.#protection;
    const { data, key } = await this.#protection.handshake(plain, direction);
    const reason = rejectionReason(tlsClient.identify(key), mustResume);
    if (reason === undefined) return data;
    data.destroy();
    throw new EngineError("DataConnectionFailed", reason);
  }
}
