import type { EngineConfig } from "../../api/engine-config.ts";
import type { Addresses, ClientKeys } from "../client-address.ts";
import type { DataProtection } from "../transfer/data-protection.ts";
import { AnnouncedAddressPolicy } from "./announced-address.ts";
import { PassivePortPool, type PassivePoolOptions } from "./port-pool.ts";
import type { PassiveSource } from "./reservation.ts";

export interface PassivePortsOptions extends Omit<PassivePoolOptions, "sharing"> {
  config: EngineConfig["passive"];
  /** Returns the announced address for clients without an override; undefined while it is not known. */
  announcedAddress(this: void): string | undefined;
}

/** Passive ports of the engine: their reservations, and the address that PASV announces. */
export class PassivePorts {
  readonly #pool: PassivePortPool;
  readonly #announcedAddress: () => string | undefined;
  #announcements: AnnouncedAddressPolicy;

  constructor({ config, announcedAddress, ...pool }: PassivePortsOptions) {
    this.#pool = new PassivePortPool({ ...pool, sharing: config.portSharing });
    this.#announcedAddress = announcedAddress;
    this.#announcements = new AnnouncedAddressPolicy(config, pool.clients);
  }

  /** Binds all ports. Rejects, and binds none, when one is not available. */
  async listen(): Promise<void> {
    await this.#pool.listen();
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Applies a new configuration. The ports do not change. */
  reconfigure(config: EngineConfig["passive"], clients: ClientKeys): void {
    this.#announcements = new AnnouncedAddressPolicy(config, clients);
    this.#pool.reconfigure(config.portSharing, clients);
  }

  /**
   * Reserves a port for one data connection of a client.
   * @param client key of the client
   * @param protection of a session with protected data connections. The source returns them after their TLS handshake, which
   *   identifies the client, so that several clients can share a port.
   * @throws EngineError PassivePortsExhausted
   */
  reserve(client: string, protection?: DataProtection): Promise<PassiveSource> {
    return this.#pool.reserve(client, protection);
  }

  /** Returns the IPv4 address that PASV announces to a client; undefined while it is not known. */
  addressFor(addresses: Addresses): string | undefined {
    return this.#announcements.addressFor(addresses, this.#announcedAddress());
  }
}
