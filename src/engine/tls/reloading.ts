import type { EngineTls } from "../../api/engine-config.ts";
import type { Clock } from "../../common/clock.ts";
import type { Log } from "../observer.ts";
import { toEngineError } from "../errors.ts";
import { followFiles } from "../config/follow-files.ts";
import { credentialFiles, loadCredentials, type Credentials } from "./credentials.ts";
import { TlsLayer, type TlsObserver } from "./tls-layer.ts";

export interface ReloadObserver extends TlsObserver {
  /** New handshakes show a certificate that is valid until then. */
  certificateLoaded(notAfter: Date): void;
  certificateReloaded(result: "Accepted" | "Rejected"): void;
}

/** The TLS layer of an engine, which follows its configuration and its certificate files. */
export class ReloadingTls {
  /** Undefined: nobody shakes hands, as the configuration says or because what it wants cannot be loaded. */
  layer: TlsLayer | undefined;
  #config: EngineTls | undefined;
  /** Those of the layer. */
  #credentials: Credentials | undefined;
  /** What to call when a configuration is loaded that could not be loaded before. */
  #onLoaded: (() => void) | undefined;
  #following = new AbortController();
  readonly #observer: ReloadObserver;
  readonly #log: Log;
  readonly #clock: Clock;

  constructor(observer: ReloadObserver, log: Log, clock: Clock) {
    this.#observer = observer;
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Takes a configuration; undefined: no TLS for new sessions.
   * @param onLoaded called when its files can be loaded after all
   * @throws EngineError InvalidConfig when they cannot; then it is tried again with every change of them
   */
  async reconfigure(config: EngineTls | undefined, onLoaded = (): void => {}): Promise<void> {
    const isKnown = JSON.stringify(config) === JSON.stringify(this.#config);
    if (isKnown && this.#onLoaded === undefined) return;
    this.#following.abort();
    this.#config = config;
    this.#onLoaded = undefined;
    if (config === undefined) {
      this.layer = undefined;
      return;
    }
    try {
      this.#use(config, await loadCredentials(config));
    } catch (error) {
      this.#onLoaded = onLoaded;
      this.#makeDo(config);
      throw error;
    } finally {
      this.#follow(config);
    }
  }

  close(): void {
    this.#following.abort();
  }

  #use(config: EngineTls, credentials: Credentials): void {
    if (this.layer === undefined) this.layer = new TlsLayer(config, credentials, this.#observer, this.#clock);
    else this.layer.reconfigure(config, credentials);
    this.#credentials = credentials;
    this.#observer.certificateLoaded(credentials.notAfter);
  }

  /**
   * Applies the rules of a configuration whose files cannot be loaded, with the credentials of before. An older certificate harms
   * nobody. But the oldest version of TLS and the clients' authorities are part of those: where these change, the old ones may be
   * just what the configuration forbids, so nobody shakes hands.
   */
  #makeDo(config: EngineTls): void {
    if (this.layer === undefined || this.#credentials === undefined) return;
    if (handshakeRules(this.layer.config) === handshakeRules(config))
      this.layer.reconfigure(config, this.#credentials);
    else this.layer = undefined;
  }

  #follow(config: EngineTls): void {
    const following = new AbortController();
    this.#following = following;
    let first = true;
    const reload = async (): Promise<void> => {
      // It finds what `reconfigure` has just read.
      const isFirst = first;
      first = false;
      try {
        const credentials = await loadCredentials(config);
        if (following.signal.aborted) return;
        this.#use(config, credentials);
        this.#onLoaded?.();
        this.#onLoaded = undefined;
        if (isFirst) return;
        this.#observer.certificateReloaded("Accepted");
        this.#log.info({ notAfter: credentials.notAfter.toISOString() }, "certificate reloaded");
      } catch (error) {
        if (isFirst && this.#onLoaded !== undefined) return;
        this.#observer.certificateReloaded("Rejected");
        const problem = toEngineError(error).message;
        this.#log.error({ problem }, "the changed certificate is refused; the old one stays in force");
      }
    };
    followFiles(credentialFiles(config), reload, following.signal);
  }
}

/** What of a configuration is part of the credentials. */
function handshakeRules({ minimumVersion, clientCertificates }: EngineTls): string {
  return JSON.stringify([minimumVersion, clientCertificates]);
}
