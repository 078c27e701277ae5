/** IP addresses and networks in CIDR notation. */
import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/** Addresses that are not host addresses: unspecified, link-local, multicast and broadcast. */
const NO_HOST = new BlockList();
NO_HOST.addAddress("0.0.0.0");
NO_HOST.addSubnet("169.254.0.0", 16);
NO_HOST.addSubnet("224.0.0.0", 4);
NO_HOST.addAddress("255.255.255.255");

/** Returns whether the text is an IPv4 address that clients can connect to. */
export function isHostIPv4(text: string): boolean {
  return isIPv4(text) && !NO_HOST.check(text);
}

/**
 * Returns whether the text is a network, for example `198.51.100.0/24` or `2001:db8::/32`. The network can contain host
 * bits.
 */
export function isCidr(text: string): boolean {
  return parseCidr(text) !== undefined;
}

/** Returns whether the text is a network without host bits. */
export function isMasked(text: string): boolean {
  const cidr = parseCidr(text);
  if (cidr === undefined) return false;
  const bits = cidr.bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return !bits.slice(cidr.prefixLength).includes("1");
}

const CIDR = /^([^/%]+)\/(0|[1-9]\d{0,2})$/;

/** Parses a network as strictly as Kubernetes. Rejects leading zeros, zones and IPv4-mapped IPv6 addresses. */
function parseCidr(text: string): { bytes: number[]; prefixLength: number } | undefined {
  const [, address = "", length] = CIDR.exec(text) ?? [];
  if (!isIPv4(address) && !isIPv6(address)) return undefined;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return undefined;
  const bytes = parsed.toByteArray();
  const prefixLength = Number(length);
  return prefixLength <= bytes.length * 8 ? { bytes, prefixLength } : undefined;
}

/** Prefix of IPv4-mapped addresses on a dual-stack socket. */
const MAPPED = "::ffff:";

/**
 * Returns the canonical form of an address (RFC 5952), without a zone. IPv4-mapped IPv6 addresses become IPv4
 * addresses. Other text remains unchanged, except that the function removes a zone.
 */
export function normalizeAddress(address: string): string {
  // The fast paths handle nearly all addresses. The general case takes 100 times as long.
  if (isIPv4(address)) return address;
  if (address.startsWith(MAPPED) && isIPv4(address.slice(MAPPED.length))) return address.slice(MAPPED.length);
  const bare = address.replace(/%.*$/u, "");
  return ipaddr.isValid(bare) ? canonical(ipaddr.process(bare)) : bare;
}

function canonical(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** List of addresses and networks. */
export class NetworkList {
  /**
   * IPv4 and IPv6 require separate lists. A `BlockList` matches IPv4 addresses against IPv6 networks that contain
   * `::ffff:0:0/96`, for example `::/0`.
   */
  readonly #lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  readonly #size: number;

  /** @param entries valid addresses and CIDRs */
  constructor(entries: readonly string[]) {
    this.#size = entries.length;
    for (const entry of entries) {
      const [address = "", prefix] = entry.split("/");
      const family = familyOf(address);
      if (prefix === undefined) this.#lists[family].addAddress(address, family);
      else this.#lists[family].addSubnet(address, Number(prefix), family);
    }
  }

  /**
   * Returns whether the list contains an address in any notation. IPv4-mapped IPv6 addresses match as IPv4 addresses.
   * Returns false for invalid addresses.
   */
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

/**
 * Byte offset of the IPv4 address in an IPv6 address, keyed by address range (RFC 6052 section 2, RFC 6145, RFC 3056
 * section 2).
 */
const EMBEDDED_AT: Partial<Record<string, number>> = { rfc6052: 12, rfc6145: 12, "6to4": 2 };

/**
 * Returns the IPv4 address that an IPv6 address contains. Returns undefined when the address contains no IPv4 address.
 */
export function embeddedIPv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const offset = EMBEDDED_AT[address.range()];
  return offset === undefined ? undefined : new ipaddr.IPv4(address.toByteArray().slice(offset, offset + 4));
}
