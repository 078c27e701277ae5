import { BlockList, isIP, isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";

/** How the kernel writes IPv4 addresses on a socket that takes both. */
const MAPPED = "::ffff:";

/** Returns an address in its one spelling (RFC 5952): IPv4-mapped IPv6 as IPv4, no zone. What is no address stays as it is. */
export function normalizeAddress(address: string): string {
  // What nearly all connections come from, on a dual-stack socket or not; the general way costs a hundred times as much.
  if (isIPv4(address)) return address;
  if (address.startsWith(MAPPED) && isIPv4(address.slice(MAPPED.length))) return address.slice(MAPPED.length);
  const bare = address.replace(/%.*$/u, "");
  return ipaddr.isValid(bare) ? canonical(ipaddr.process(bare)) : bare;
}

function canonical(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** Addresses and networks, asked for single addresses. */
export class NetworkList {
  /** One for each family: a BlockList finds IPv4 addresses in networks of IPv6, those around ::ffff:0:0/96, such as ::/0. */
  readonly #lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  readonly #size: number;

  /** @param entries addresses and CIDRs, checked already */
  constructor(entries: readonly string[]) {
    this.#size = entries.length;
    for (const entry of entries) {
      const [address = "", prefix] = entry.split("/");
      const family = familyOf(address);
      if (prefix === undefined) this.#lists[family].addAddress(address, family);
      else this.#lists[family].addSubnet(address, Number(prefix), family);
    }
  }

  /** Whether an address is in it, in any spelling; what is no address never is. IPv4-mapped IPv6 is IPv4. */
  has(address: string): boolean {
    if (this.#size === 0) return false;
    const normal = normalizeAddress(address);
    const family = familyOf(normal);
    return isIP(normal) !== 0 && this.#lists[family].check(normal, family);
  }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
