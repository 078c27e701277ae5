import { BlockList, isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** An address in its one spelling: IPv4-mapped IPv6 as IPv4, no zone. What is no address stays as it is. */
export function normaliseAddress(address: string): string {
  const bare = address.replace(/%.*$/u, "");
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toNormalizedString() : bare;
}

/** Addresses and networks, asked for single addresses. */
export class NetworkList {
  readonly #list = new BlockList();

  /** @param entries addresses and CIDRs, checked already */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const [address = "", prefix] = entry.split("/");
      const family = familyOf(address);
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    }
  }

  /** Whether an address is in it, in any spelling; what is no address never is. */
  has(address: string): boolean {
    const normal = normaliseAddress(address);
    return isIP(normal) !== 0 && this.#list.check(normal, familyOf(normal));
  }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
