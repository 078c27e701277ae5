import type { EngineTls } from "../../api/engine-config.ts";
import type { Clock } from "../../common/clock.ts";
import { toEngineError } from "../errors.ts";
import type { CertificateObserver, Log, TlsObserver } from "../observer.ts";
import { followFiles } from "../config/follow-files.ts";
import { credentialFiles, loadCredentials, type Credentials } from "./credentials.ts";
import { TlsLayer } from "./tls-layer.ts";

/** Updates the TLS layer when the configuration or certificate files change. */
export class ReloadingTls {
  /**
   * TLS layer. The value is undefined when TLS is not configured or the files of a new configuration cannot be loaded.
   */
  layer: TlsLayer | undefined;
  #config: EngineTls | undefined;
  /** Credentials that the layer uses. */
  #credentials: Credentials | undefined;
  /** Called when the files of a rejected configuration can be loaded. */
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
   * @param onLoaded called when the files can be loaded after this call has failed
   * @throws EngineError InvalidConfig when the files cannot be loaded. The engine loads the files again after each
   *   change.
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
   * Applies a configuration with the previous credentials when its files cannot be loaded. The credentials include the
   * minimum TLS version and the client certificate authorities. When one of these settings changes, TLS is disabled,
   * because the new configuration can forbid the previous values.
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
      // `reconfigure` has already loaded the same files.
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

/** Returns the settings that the credentials include. */
function handshakeRules({ minimumVersion, clientCertificates }: EngineTls): string {
  return JSON.stringify([minimumVersion, clientCertificates]);
}
