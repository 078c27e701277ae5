import { lookup } from "node:dns/promises";
import type { AnnouncedAddress, EngineConfig } from "../../api/engine-config.ts";
import type { Log } from "../observer.ts";
import { isIPv4 } from "node:net";
import { type Addresses, SNAT_KEY, type ClientKeys } from "../client-address.ts";
import { NetworkList } from "../../common/networks.ts";

/** Resolves a host name to an IPv4 address. Rejects when the name has no IPv4 address. */
export type Resolve = (name: string) => Promise<string>;

const RESOLVE_TIMEOUT_MILLISECONDS = 5000;
/** Maximum delay in milliseconds before the next attempt after a failed resolution. */
const RETRY_MILLISECONDS = 5000;

/** Provides the configured announced address. Resolves host names periodically. */
export class AnnouncedAddressResolver {
  readonly #log: Log;
  readonly #resolve: Resolve;
  #desired: AnnouncedAddress = { type: "Unknown" };
  #current: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(desired: AnnouncedAddress, log: Log, resolve: Resolve = resolveIPv4) {
    this.#log = log;
    this.#resolve = resolve;
    this.reconfigure(desired);
  }

  /** Returns the current IPv4 address, or undefined while the address is unknown. */
  current(): string | undefined {
    return this.#current;
  }

  /**
   * Applies a changed configuration. While the configured host name is unchanged, keeps its address until the name
   * resolves to another address.
   */
  reconfigure(desired: AnnouncedAddress): void {
    if (JSON.stringify(desired) === JSON.stringify(this.#desired)) return;
    clearTimeout(this.#timer);
    const sameName =
      desired.type === "Hostname" && this.#desired.type === "Hostname" && desired.name === this.#desired.name;
    this.#desired = desired;
    switch (desired.type) {
      case "Unknown":
      case "ControlConnection":
        this.#set(undefined);
        break;
      case "Static":
        this.#set(desired.address);
        break;
      case "Hostname":
        if (!sameName) this.#set(undefined);
        void this.#refresh(desired);
        break;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#desired = { type: "Unknown" };
  }

  async #refresh(desired: AnnouncedAddress & { type: "Hostname" }): Promise<void> {
    let delay = desired.refreshPeriodSeconds * 1000;
    try {
      const address = await this.#resolve(desired.name);
      if (this.#desired === desired) this.#set(address);
    } catch (err) {
      delay = Math.min(delay, RETRY_MILLISECONDS);
      if (this.#desired === desired) {
        this.#log.warn(
          { err, name: desired.name, address: this.#current },
          "announced host name not resolved to an IPv4 address",
        );
      }
    }
    if (this.#desired !== desired) return;
    this.#timer = setTimeout(() => void this.#refresh(desired), delay).unref();
  }

  #set(address: string | undefined): void {
    if (address === this.#current) return;
    this.#log.info({ address, previous: this.#current }, "announced address changed");
    this.#current = address;
  }
}

/** Returns the first IPv4 address from the system resolver, which also reads `/etc/hosts`. */
async function resolveIPv4(name: string): Promise<string> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new Error(`no answer within ${RESOLVE_TIMEOUT_MILLISECONDS} ms`)),
    RESOLVE_TIMEOUT_MILLISECONDS,
  );
  try {
    const { address } = await Promise.race([lookup(name, { family: 4 }), timeout.promise]);
    return address;
  } finally {
    clearTimeout(timer);
  }
}

/** Selects the announced address for each client. */
export class AnnouncedAddressPolicy {
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
   * Returns the IPv4 address that PASV replies announce to a client. Returns undefined while the address is unknown.
   * @param general announced address for clients without an override
   */
  addressFor({ client, local }: Addresses, general: string | undefined): string | undefined {
    // A source address after SNAT does not reveal the client's network.
    const isKnown = this.#clients.keyOf(client) !== SNAT_KEY;
    const override = isKnown ? this.#overrides.find(({ clients }) => clients.has(client)) : undefined;
    if (override !== undefined) return override.address;
    if (!this.#ofControlConnection) return general;
    return isIPv4(local) ? local : undefined;
  }
}
