import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { embeddedIPv4, NetworkList } from "../../../common/networks.ts";
import { ADDRESS_DENIED } from "./response.ts";

/** All networks that contain public IPv6 addresses: global unicast (RFC 4291) and the NAT64 prefix (RFC 6052). */
const PUBLIC_IPV6 = new NetworkList(["2000::/3", "64:ff9b::/96"]);

/** Public IPv4 address at which Azure virtual machines reach internal platform services. */
const AZURE_PLATFORM = "168.63.129.16";

/**
 * Returns whether an address is not public. The owner of an FtpServer chooses the sink URL. This URL must not give
 * access to services that only pods in the cluster can reach.
 */
export function isInternal(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && !PUBLIC_IPV6.has(parsed.toString())) return true;
  const target = embeddedIPv4(parsed) ?? parsed;
  return target.range() !== "unicast" || target.toString() === AZURE_PLATFORM;
}

/** @throws Error with the code ERR_ADDRESS_DENIED if the address is not public */
export function requirePublic(address: string): void {
  if (isInternal(address)) throw denied(address);
}

function denied(address: string): Error {
  return Object.assign(new Error(`${address} is not a public address`), { code: ADDRESS_DENIED });
}

/** Returns the IP address in the host name of a URL, or undefined for a DNS name. */
export function addressIn(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/gu, "");
  return isIP(bare) === 0 ? undefined : bare;
}

/**
 * Resolves a name and returns only its public addresses. A check of the configuration would be insufficient, because
 * the addresses of a DNS name can change.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    // If the resolution fails, Node.js passes no addresses.
    const allowed = error === null ? addresses.filter(({ address }) => !isInternal(address)) : [];
    const [first] = allowed;
    if (error !== null) callback(error, "", 0);
    else if (first === undefined) callback(denied(addresses[0]?.address ?? hostname), "", 0);
    else if (options.all === true) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};
