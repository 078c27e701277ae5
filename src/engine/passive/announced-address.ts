import { lookup } from "node:dns/promises";
import type { AnnouncedAddress, EngineConfig } from "../../api/engine-config.ts";
import type { Log } from "../observer.ts";
import { isIPv4 } from "node:net";
import { type Addresses, SNAT_KEY, type ClientKeys } from "../client-address.ts";
import { NetworkList } from "../../common/network-list.ts";

/** Finds the IPv4 address of a name; rejects when there is none. */
export type Resolve = (name: string) => Promise<string>;

const RESOLVE_TIMEOUT_MILLISECONDS = 5000;
/** A name that could not be resolved yet is tried again sooner than its period. */
const RETRY_MILLISECONDS = 5000;

/** The IPv4 address that PASV announces, as the configuration says it; a name is resolved again and again. */
export class AnnouncedAddressSource {
  readonly #log: Log;
  readonly #resolve: Resolve;
  #wanted: AnnouncedAddress = { type: "Unknown" };
  #current: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(wanted: AnnouncedAddress, log: Log, resolve: Resolve = resolveIPv4) {
    this.#log = log;
    this.#resolve = resolve;
    this.reconfigure(wanted);
  }

  /** Undefined while it is not known. */
  current(): string | undefined {
    return this.#current;
  }

  /** Takes a changed configuration. What the same name resolved to stays until it resolves to something else. */
  reconfigure(wanted: AnnouncedAddress): void {
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return;
    clearTimeout(this.#timer);
    const sameName =
      wanted.type === "Hostname" && this.#wanted.type === "Hostname" && wanted.name === this.#wanted.name;
    this.#wanted = wanted;
    switch (wanted.type) {
      case "Unknown":
      case "ControlConnection":
        this.#set(undefined);
        break;
      case "Static":
        this.#set(wanted.address);
        break;
      case "Hostname":
        if (!sameName) this.#set(undefined);
        void this.#refresh(wanted);
        break;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#wanted = { type: "Unknown" };
  }

  async #refresh(wanted: AnnouncedAddress & { type: "Hostname" }): Promise<void> {
    let delay = wanted.refreshPeriodSeconds * 1000;
    try {
      const address = await this.#resolve(wanted.name);
      if (this.#wanted === wanted) this.#set(address);
    } catch (err) {
      delay = Math.min(delay, RETRY_MILLISECONDS);
      if (this.#wanted === wanted) {
        this.#log.warn(
          { err, name: wanted.name, kept: this.#current },
          "the announced host name does not resolve to an IPv4 address",
        );
      }
    }
    if (this.#wanted !== wanted) return;
    this.#timer = setTimeout(() => void this.#refresh(wanted), delay).unref();
  }

  #set(address: string | undefined): void {
    if (address === this.#current) return;
    this.#log.info({ address, before: this.#current }, "announced address changed");
    this.#current = address;
  }
}

/** The first IPv4 address by the system's resolver, so that /etc/hosts counts. */
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
    const isKnown = this.#clients.keyOf(client) !== SNAT_KEY;
    const override = isKnown ? this.#overrides.find(({ clients }) => clients.has(client)) : undefined;
    if (override !== undefined) return override.address;
    if (!this.#ofControlConnection) return general;
    return isIPv4(local) ? local : undefined;
  }
}
