import { readFile } from "node:fs/promises";
import { Agent } from "node:https";
import { getCACertificates } from "node:tls";
import { EngineError } from "../../../errors.ts";

/**
 * CA certificates that the engine trusts for an endpoint. The certificate file can change while connections that use it
 * are open.
 */
export class TrustedCa {
  readonly #file: string | undefined;
  readonly #agents: { agent: Agent; withDefaults: boolean }[] = [];
  #text: string | undefined;

  private constructor(file: string | undefined, text: string | undefined) {
    this.#file = file;
    this.#text = text;
  }

  /**
   * @param file CA certificate file; if undefined, agents trust the CA certificates of Node.js
   * @throws EngineError InvalidConfig if the file cannot be read
   */
  static async load(file: string | undefined): Promise<TrustedCa> {
    try {
      return new TrustedCa(file, file === undefined ? undefined : await readFile(file, "utf8"));
    } catch (cause) {
      throw new EngineError("InvalidConfig", `storage.objectStorage.caFile ${file} cannot be read`, {
        cause,
      });
    }
  }

  /**
   * Creates an agent whose new connections trust the current certificates.
   * @param withDefaults whether the agent also trusts the CA certificates of Node.js
   */
  agent(maxSockets: number, withDefaults = false): Agent {
    const agent = new Agent({ keepAlive: true, maxSockets });
    this.#agents.push({ agent, withDefaults });
    this.#apply();
    return agent;
  }

  /** Reads the file again. If the file cannot be read, the previous certificates remain trusted. */
  async refresh(): Promise<void> {
    if (this.#file === undefined) return;
    const text = await readFile(this.#file, "utf8").catch(() => this.#text);
    if (text === this.#text) return;
    this.#text = text;
    this.#apply();
  }

  #apply(): void {
    const text = this.#text;
    if (text === undefined) return;
    for (const { agent, withDefaults } of this.#agents)
      agent.options.ca = withDefaults ? [...getCACertificates("default"), text] : text;
  }
}
