import type { Duplex } from "node:stream";
import type { EngineConfig } from "../../api/engine-config.ts";
import { EngineError } from "../errors.ts";
import type { Relation, TlsClient } from "../tls/session-affinity.ts";
import { ServerSocket } from "../tls/server-socket.ts";
import type { TlsLayer } from "../tls/tls-layer.ts";
import type { DataDirection, DataSource } from "./data-source.ts";

/** A data connection after its TLS handshake. */
export interface Handshaken {
  data: Duplex;
  /** Of the TLS session that it resumed. */
  key: string | undefined;
}

/** How the data connections of one session are protected, and distinguished from those of other sessions. */
export interface DataProtection {
  readonly member: TlsClient;
  /** Whether a connection that resumes nothing cannot belong to this session. */
  readonly mustResume: boolean;
  /**
   * @param direction undefined before the transfer command, while it is not known; then nothing is sent that would break an
   *   upload
   * @throws EngineError DataConnectionFailed
   */
  shakeHands(plain: Duplex, direction: DataDirection | undefined): Promise<Handshaken>;
}

/** Returns why a data connection does not belong to this session; undefined when it may. */
export function refusalOf(relation: Relation, mustResume: boolean): string | undefined {
  if (relation === "Foreign") return "The data connection belongs to another session";
  if (relation === "Unknown" && mustResume)
    return "The data connection must resume the TLS session of the control connection";
  return undefined;
}

/** TLS of one session's data connections. */
export class DataTls implements DataProtection {
  readonly member: TlsClient;
  readonly #layer: TlsLayer;
  readonly #config: () => EngineConfig;

  /** @param config the one that is in force */
  constructor(layer: TlsLayer, member: TlsClient, config: () => EngineConfig) {
    this.member = member;
    this.#layer = layer;
    this.#config = config;
  }

  get mustResume(): boolean {
    return this.#layer.config.sessionReuse === "Required" || this.member.alwaysResumes;
  }

  async shakeHands(plain: Duplex, direction: DataDirection | undefined): Promise<Handshaken> {
    const config = this.#config();
    const data = await this.#layer.data(plain, {
      timeoutMilliseconds: config.limits.dataConnectTimeoutSeconds * 1000,
      direction: direction ?? "Upload",
      refuseCut: direction !== "Download" && config.uploads.missingCloseNotify === "Deny",
    });
    return { data, key: data.resumedKey };
  }

  /** Uses a connection that is identified as this session's. */
  adopt(data: Duplex, direction: DataDirection): void {
    if (!(data instanceof ServerSocket)) throw new EngineError("Internal", "The data connection has no TLS");
    // From now on the client may resume the sessions that it got here.
    data.belongTo((key) => this.member.learn(key));
    this.member.learn(data.key);
    if (direction === "Download") data.becomeDownload();
  }
}

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
