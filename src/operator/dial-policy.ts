import ipaddr from "ipaddr.js";

/** Ranges in which the operator would meet its own machine or its node, and what the cloud tells that node alone. */
const NOT_DIALLED: Partial<Record<string, string>> = {
  loopback: "a loopback address",
  unspecified: "an unspecified address",
  linkLocal: "a link-local address",
  multicast: "a multicast address",
  broadcast: "a broadcast address",
};

/**
 * Why the operator does not dial an address, which others have chosen; undefined: it does. Private addresses are dialled, as most
 * clusters have no others.
 */
export function deniedAddress(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return "no IP address";
  const parsed = ipaddr.process(address);
  return NOT_DIALLED[parsed.range()] ?? NOT_DIALLED[embeddedIn(parsed)?.range() ?? ""];
}

/** Where translators look for the IPv4 address in an IPv6 one: byte, by range (RFC 6052 section 2, RFC 6145, RFC 3056 section 2). */
const EMBEDDED_AT: Partial<Record<string, number>> = { rfc6052: 12, rfc6145: 12, "6to4": 2 };

function embeddedIn(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const at = EMBEDDED_AT[address.range()];
  return at === undefined ? undefined : new ipaddr.IPv4(address.toByteArray().slice(at, at + 4));
}
