import { BlockList, isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Addresses and networks as strictly as Kubernetes reads them: no leading zeros, no zones, no IPv4 inside IPv6.
 */

/** What no client can dial: unspecified, link-local, multicast, broadcast. */
const UNDIALLABLE = new BlockList();
UNDIALLABLE.addAddress("0.0.0.0");
UNDIALLABLE.addSubnet("169.254.0.0", 16);
UNDIALLABLE.addSubnet("224.0.0.0", 4);
UNDIALLABLE.addAddress("255.255.255.255");

/** Whether `text` is an IPv4 address that a host can have. */
export function isDiallableIPv4(text: string): boolean {
  return isIPv4(text) && !UNDIALLABLE.check(text);
}

/** Whether `text` is a network, such as `198.51.100.0/24` or `2001:db8::/32`. Bits beyond the prefix length may be set. */
export function isCidr(text: string): boolean {
  return parseCidr(text) !== undefined;
}

/** Whether the address of the network `text` has no bits beyond the prefix length. */
export function isMasked(text: string): boolean {
  const cidr = parseCidr(text);
  if (cidr === undefined) return false;
  const bits = cidr.bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return !bits.slice(cidr.prefixLength).includes("1");
}

const CIDR = /^([^/%]+)\/(0|[1-9]\d{0,2})$/;

function parseCidr(text: string): { bytes: number[]; prefixLength: number } | undefined {
  const [, address = "", length] = CIDR.exec(text) ?? [];
  if (!isIPv4(address) && !isIPv6(address)) return undefined;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return undefined;
  const bytes = parsed.toByteArray();
  const prefixLength = Number(length);
  return prefixLength <= bytes.length * 8 ? { bytes, prefixLength } : undefined;
}
