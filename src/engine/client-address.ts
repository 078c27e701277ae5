import { isIPv6, type Socket } from "node:net";
import ipaddr from "ipaddr.js";
import { NetworkList, normalizeAddress } from "../common/networks.ts";
import type { EngineConfig } from "../api/engine-config.ts";

/** Addresses of a connection, either from the PROXY header or from the socket. */
export interface Addresses {
  client: string;
  local: string;
}

/** Returns the client and engine addresses of a connection as reported by the kernel. */
export function addressesOf(socket: Socket): Addresses {
  return { client: clientOf(socket), local: normalizeAddress(socket.localAddress ?? "") };
}

/** Returns the remote address of a connection as reported by the kernel. */
export function clientOf({ remoteAddress = "" }: Socket): string {
  return normalizeAddress(remoteAddress);
}

/** Common key for all clients with SNAT source addresses. A SNAT source address does not identify a client. */
export const SNAT_KEY = "snat";

/** Number of 16-bit groups in the 64-bit network prefix of an IPv6 address. */
const NETWORK_GROUPS = 4;

/** Returns the client keys for a configuration. */
export function clientKeysOf({ maskedClients }: Pick<EngineConfig, "maskedClients">): ClientKeys {
  // The field keeps its old name because the engine and the operator can have different versions during an upgrade.
  return new ClientKeys(maskedClients);
}

/** Identifies clients by their addresses. All comparisons of data and control connection addresses use this class. */
export class ClientKeys {
  readonly #snatSources: NetworkList;

  /** @param snatSources addresses and CIDRs that source NAT can assign to any client */
  constructor(snatSources: readonly string[]) {
    this.#snatSources = new NetworkList(snatSources);
  }

  /**
   * Returns the key of a client. Two connections have the same key when their addresses cannot distinguish their
   * clients.
   */
  keyOf(address: string): string {
    return this.#snatSources.has(address) ? SNAT_KEY : normalizeAddress(address);
  }

  /**
   * Returns the key for limits and bans. The key is the IPv4 address or the 64-bit IPv6 network (`2001:db8:0:1::/64`),
   * because a client can use every address in its network. Returns `SNAT_KEY` for a SNAT source.
   */
  networkOf(address: string): string {
    const key = this.keyOf(address);
    if (!isIPv6(key)) return key;
    const address6 = ipaddr.IPv6.parse(key);
    // RFC 6052: all IPv4 clients behind a translator have addresses in the same IPv6 network.
    if (address6.range() === "rfc6052") return key;
    const network = address6.parts.map((group, index) => (index < NETWORK_GROUPS ? group : 0));
    return `${new ipaddr.IPv6(network).toRFC5952String()}/64`;
  }

  /**
   * Returns whether `peer` is the address of `client` and identifies the client. This check prevents bounce attacks
   * (CVE-1999-0017, RFC 2577 section 3).
   */
  isOwnAddress(client: string, peer: string): boolean {
    const key = this.keyOf(client);
    return key !== SNAT_KEY && key === this.keyOf(peer);
  }
}
