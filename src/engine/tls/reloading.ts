import type { EngineTls } from "../../api/engine-config.ts";
import type { Clock } from "../control/clock.ts";
import type { Log } from "../control/observer.ts";
import { toEngineError } from "../errors.ts";
import { followFiles } from "../follow-files.ts";
import { credentialFiles, loadCredentials, type Credentials } from "./credentials.ts";
import { TlsLayer, type TlsObserver } from "./tls-layer.ts";

export interface ReloadObserver extends TlsObserver {
  /** New handshakes show a certificate that is valid until then. */
  certificateLoaded(notAfter: Date): void;
  certificateReloaded(result: "Accepted" | "Rejected"): void;
}

/** The TLS layer of an engine, which follows its configuration and its certificate files. */
export class ReloadingTls {
  layer: TlsLayer | undefined;
  #config: EngineTls | undefined;
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
   * @throws EngineError InvalidConfig; then everything stays as it was
   */
  async reconfigure(config: EngineTls | undefined): Promise<void> {
    if (JSON.stringify(config) === JSON.stringify(this.#config)) return;
    const credentials = config && (await loadCredentials(config));
    this.#config = config;
    this.#following.abort();
    if (config === undefined || credentials === undefined) {
      this.layer = undefined;
      return;
    }
    this.#use(config, credentials);
    this.#follow(config);
  }

  close(): void {
    this.#following.abort();
  }

  #use(config: EngineTls, credentials: Credentials): void {
    if (this.layer === undefined) this.layer = new TlsLayer(config, credentials, this.#observer, this.#clock);
    else this.layer.reconfigure(config, credentials);
    this.#observer.certificateLoaded(credentials.notAfter);
  }

  #follow(config: EngineTls): void {
    const following = new AbortController();
    this.#following = following;
    let first = true;
    const reload = async (): Promise<void> => {
      try {
        const credentials = await loadCredentials(config);
        if (following.signal.aborted) return;
        this.#use(config, credentials);
        // The first look finds what `reconfigure` has just read.
        if (first) return;
        this.#observer.certificateReloaded("Accepted");
        this.#log.info({ notAfter: credentials.notAfter.toISOString() }, "certificate reloaded");
      } catch (error) {
        this.#observer.certificateReloaded("Rejected");
        const problem = toEngineError(error).message;
        this.#log.error({ problem }, "the changed certificate is refused; the old one stays in force");
      } finally {
        first = false;
      }
    };
    followFiles(credentialFiles(config), reload, following.signal);
  }
}
