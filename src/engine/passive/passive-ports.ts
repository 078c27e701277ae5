import type { EngineConfig } from "../../api/engine-config.ts";
import type { Addresses, ClientKeys } from "../client-address.ts";
import type { DataProtection } from "../transfer/data-protection.ts";
import { AnnouncedAddressPolicy } from "./announced-address.ts";
import { PassivePortPool, type PassivePoolOptions } from "./port-pool.ts";
import type { PassiveSource } from "./reservation.ts";

export interface PassivePortsOptions extends Omit<PassivePoolOptions, "sharing"> {
  config: EngineConfig["passive"];
  /** Returns the announced address for clients without an override. Returns undefined while the address is unknown. */
  announcedAddress(this: void): string | undefined;
}

/** The engine's passive ports, their reservations, and the announced address. */
export class PassivePorts {
  readonly #pool: PassivePortPool;
  readonly #announcedAddress: () => string | undefined;
  #announcements: AnnouncedAddressPolicy;

  constructor({ config, announcedAddress, ...pool }: PassivePortsOptions) {
    this.#pool = new PassivePortPool({ ...pool, sharing: config.portSharing });
    this.#announcedAddress = announcedAddress;
    this.#announcements = new AnnouncedAddressPolicy(config, pool.clients);
  }

  /** Binds all ports. If any port is unavailable, releases all ports and rejects. */
  async listen(): Promise<void> {
    await this.#pool.listen();
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Applies a new configuration. The set of ports does not change. */
  reconfigure(config: EngineConfig["passive"], clients: ClientKeys): void {
    this.#announcements = new AnnouncedAddressPolicy(config, clients);
    this.#pool.reconfigure(config.portSharing, clients);
  }

  /**
   * Reserves a port for one data connection from a client. The result is a promise only if no port is free.
   * @param client key of the client address
   * @param protection protection of the session's data connections, or undefined for unencrypted data connections. The
   *   source returns a protected connection only after the TLS handshake, which identifies the client. Several clients
   *   can therefore share a port.
   * @throws EngineError PassivePortsExhausted
   */
  reserve(client: string, protection?: DataProtection): PassiveSource | Promise<PassiveSource> {
    return this.#pool.reserve(client, protection);
  }

  /** Returns the IPv4 address announced to a client in PASV replies. Returns undefined while the address is unknown. */
  addressFor(addresses: Addresses): string | undefined {
    return this.#announcements.addressFor(addresses, this.#announcedAddress());
  }
}
