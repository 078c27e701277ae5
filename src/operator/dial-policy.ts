import ipaddr from "ipaddr.js";
import { embeddedIPv4 } from "../common/networks.ts";

/**
 * Returns a description of an address to which the operator must not connect, or undefined when connections are
 * permitted.
 */
export type DialPolicy = (address: string) => string | undefined;

/**
 * Forbidden address ranges with their descriptions. The ranges contain the addresses of the operator pod, of its node
 * and of cloud metadata services.
 */
const DENIED_RANGES: Partial<Record<string, string>> = {
  loopback: "a loopback address",
  unspecified: "an unspecified address",
  linkLocal: "a link-local address",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
};

/**
 * The {@link DialPolicy} of the operator. Users and FTP servers choose the addresses, so connections must not reach
 * services that only the operator pod can access. The policy permits private addresses, because most clusters use only
 * private addresses.
 */
export function deniedAddress(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return "not an IP address";
  const parsed = ipaddr.process(address);
  return DENIED_RANGES[parsed.range()] ?? DENIED_RANGES[embeddedIPv4(parsed)?.range() ?? ""];
}
