import type { EngineTls } from "../../api/engine-tls.ts";
import type { Clock } from "../../common/clock.ts";
import { toEngineError } from "../errors.ts";
import type { CertificateObserver, Log, TlsObserver } from "../observer.ts";
import { followFiles } from "../config/follow-files.ts";
import { credentialFiles, loadCredentials, type Credentials } from "./credentials.ts";
import { TlsLayer } from "./tls-layer.ts";

/** Updates the TLS layer when the configuration or certificate files change. */
export class ReloadingTls {
  /**
   * TLS layer. The value is undefined when TLS is not configured, or when the engine cannot load the files of a new
   * configuration.
   */
  layer: TlsLayer | undefined;
  #config: EngineTls | undefined;
  /** Credentials that the TLS layer uses. */
  #credentials: Credentials | undefined;
  /** Called when the engine has loaded the files of a configuration that it had rejected. */
  #onLoaded: (() => void) | undefined;
  #following = new AbortController();
  readonly #observer: TlsObserver & CertificateObserver;
  readonly #log: Log;
  readonly #clock: Clock;

  constructor(observer: TlsObserver & CertificateObserver, log: Log, clock: Clock) {
    this.#observer = observer;
    this.#log = log;
    this.#clock = clock;
  }

  /**
   * Applies a configuration. Without a configuration, new sessions have no TLS.
   * @param onLoaded called when the engine has loaded the files after this call has failed
   * @throws EngineError InvalidConfig when the engine cannot load the files. The engine tries to load the files again
   *   after each change.
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
      this.#keepCredentials(config);
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
   * Applies a configuration whose files cannot be loaded, and continues to use the previous credentials. These
   * credentials contain the previous minimum TLS version and client certificate authorities. If one of these settings
   * has changed, disables TLS instead, because the new configuration can forbid the previous values.
   */
  #keepCredentials(config: EngineTls): void {
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
      // `reconfigure` has already loaded these files.
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
        const reason = toEngineError(error).message;
        this.#log.error({ reason }, "certificate rejected, previous certificate remains in use");
      }
    };
    followFiles(credentialFiles(config), reload, following.signal);
  }
}

/** Returns the TLS settings that are part of the credentials. */
function handshakeRules({ minimumVersion, clientCertificates }: EngineTls): string {
  return JSON.stringify([minimumVersion, clientCertificates]);
}
