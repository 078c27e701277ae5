import { isIPv4 } from "node:net";
import type { EngineConfig } from "../../api/engine-config.ts";
import type { Addresses } from "../session/addresses.ts";
import { MASKED, type ClientKeys } from "./client-keys.ts";
import { NetworkList } from "../../common/network-list.ts";

/** Which address PASV announces to whom. */
export class Announcements {
  readonly #overrides: readonly { clients: NetworkList; address: string }[];
  readonly #ofControlConnection: boolean;
  readonly #clients: ClientKeys;

  constructor({ overrides, address }: EngineConfig["passive"], clients: ClientKeys) {
    this.#overrides = overrides.map((entry) => ({
      clients: new NetworkList([entry.clients]),
      address: entry.address,
    }));
    this.#ofControlConnection = address.type === "ControlConnection";
    this.#clients = clients;
  }

  /**
   * The IPv4 address for a client; undefined while there is none.
   * @param general the one for everybody, as far as it is known
   */
  addressFor({ client, local }: Addresses, general: string | undefined): string | undefined {
    // A masked address says nothing about where the client is.
    const isKnown = this.#clients.keyOf(client) !== MASKED;
    const override = isKnown ? this.#overrides.find(({ clients }) => clients.has(client)) : undefined;
    if (override !== undefined) return override.address;
    if (!this.#ofControlConnection) return general;
    return isIPv4(local) ? local : undefined;
  }
}
