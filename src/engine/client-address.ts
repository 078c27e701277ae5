import { isIPv6, type Socket } from "node:net";
import ipaddr from "ipaddr.js";
import { NetworkList, normalizeAddress } from "../common/networks.ts";
import type { EngineConfig } from "../api/engine-config.ts";

/** Addresses of a connection, from the PROXY header or from the socket. */
export interface Addresses {
  client: string;
  local: string;
}

/** Returns both addresses of a connection as the kernel reports them. */
export function addressesOf(socket: Socket): Addresses {
  return { client: clientOf(socket), local: normalizeAddress(socket.localAddress ?? "") };
}

/** Returns the remote address of a connection as the kernel reports it. */
export function clientOf({ remoteAddress = "" }: Socket): string {
  return normalizeAddress(remoteAddress);
}

/** Key of all clients whose addresses are SNAT sources. Such an address does not identify a client. */
export const SNAT_KEY = "snat";

/** Number of groups of an IPv6 address in its network of 64 bits. */
const NETWORK_GROUPS = 4;

/** Returns the client keys for a configuration. */
export function clientKeysOf({ maskedClients }: Pick<EngineConfig, "maskedClients">): ClientKeys {
  // The field keeps its old name, because engines and operators of two versions run together during an upgrade.
  return new ClientKeys(maskedClients);
}

/** Identifies clients by their addresses. The only place that compares the addresses of data and control connections. */
export class ClientKeys {
  readonly #snatSources: NetworkList;

  /** @param snatSources addresses and CIDRs that source NAT gives to any client */
  constructor(snatSources: readonly string[]) {
    this.#snatSources = new NetworkList(snatSources);
  }

  /** Returns the key of a client. Two connections have the same key when their addresses do not distinguish their clients. */
  keyOf(address: string): string {
    return this.#snatSources.has(address) ? SNAT_KEY : normalizeAddress(address);
  }

  /**
   * Returns the key for limits and bans: the IPv4 address, or the IPv6 network of 64 bits (`2001:db8:0:1::/64`), because a
   * client can use every address of its network. Returns SNAT_KEY for a SNAT source.
   */
  networkOf(address: string): string {
    const key = this.keyOf(address);
    if (!isIPv6(key)) return key;
    const address6 = ipaddr.IPv6.parse(key);
    // RFC 6052: all IPv4 clients of a translator have the same network.
    if (address6.range() === "rfc6052") return key;
    const network = address6.parts.map((group, index) => (index < NETWORK_GROUPS ? group : 0));
    return `${new ipaddr.IPv6(network).toRFC5952String()}/64`;
  }

  /** Returns whether `peer` is the address of `client` and identifies it (bounce attacks: CVE-1999-0017, RFC 2577 section 3). */
  isOwnAddress(client: string, peer: string): boolean {
    const key = this.keyOf(client);
    return key !== SNAT_KEY && key === this.keyOf(peer);
  }
}
