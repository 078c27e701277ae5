import { BlockList, isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The key of every client whose address says nothing about who it is. */
export const MASKED = "masked";

/** An address in its one spelling: IPv4-mapped IPv6 as IPv4, no zone. What is no address stays as it is. */
export function normaliseAddress(address: string): string {
  const bare = address.replace(/%.*$/u, "");
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toNormalizedString() : bare;
}

/** Tells clients apart by their address. The only place where a data peer is compared with a control peer. */
export class ClientKeys {
  readonly #masked = new BlockList();

  /** @param maskedClients addresses and CIDRs that stand for any client */
  constructor(maskedClients: readonly string[]) {
    for (const entry of maskedClients) {
      const [address = "", prefix] = entry.split("/");
      const family = isIP(address) === 6 ? "ipv6" : "ipv4";
      if (prefix === undefined) this.#masked.addAddress(address, family);
      else this.#masked.addSubnet(address, Number(prefix), family);
    }
  }

  /** The same for two connections exactly when their clients cannot be told apart. */
  keyOf(address: string): string {
    const normal = normaliseAddress(address);
    const version = isIP(normal);
    if (version === 0) return normal;
    return this.#masked.check(normal, version === 6 ? "ipv6" : "ipv4") ? MASKED : normal;
  }

  /** Whether `peer` is one client for sure, and the same as `client` (bounce attacks: CVE-1999-0017, RFC 2577 section 3). */
  isOwnAddress(client: string, peer: string): boolean {
    const key = this.keyOf(client);
    return key !== MASKED && key === this.keyOf(peer);
  }
}
