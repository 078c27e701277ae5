import { isIPv6, type Socket } from "node:net";
import ipaddr from "ipaddr.js";
import { NetworkList, normaliseAddress } from "../common/network-list.ts";

/** Both ends of a control connection, as the client sees them. */
export interface Addresses {
  client: string;
  local: string;
}

/** The key of every client whose address says nothing about who it is. */
export const MASKED = "masked";

/** Number of groups of an IPv6 address in its network of 64 bits. */
const NETWORK_GROUPS = 4;

/** Tells clients apart by their address. The only place where a data peer is compared with a control peer. */
export class ClientKeys {
  readonly #masked: NetworkList;

  /** @param maskedClients addresses and CIDRs that stand for any client */
  constructor(maskedClients: readonly string[]) {
    this.#masked = new NetworkList(maskedClients);
  }

  /** The same for two connections exactly when their clients cannot be told apart. */
  keyOf(address: string): string {
    return this.#masked.has(address) ? MASKED : normaliseAddress(address);
  }

  /**
   * Returns the key under which limits and bans count a client: the IPv4 address, or the IPv6 network of 64 bits
   * (`2001:db8:0:1::/64`), because a client chooses any address of its network. MASKED when many clients can have the address.
   */
  networkOf(address: string): string {
    const key = this.keyOf(address);
    if (!isIPv6(key)) return key;
    const address6 = ipaddr.IPv6.parse(key);
    // Every IPv4 client behind a translator has the same network (RFC 6052).
    if (address6.range() === "rfc6052") return key;
    const network = address6.parts.map((group, index) => (index < NETWORK_GROUPS ? group : 0));
    return `${new ipaddr.IPv6(network).toRFC5952String()}/64`;
  }

  /** Whether `peer` is one client for sure, and the same as `client` (bounce attacks: CVE-1999-0017, RFC 2577 section 3). */
  isOwnAddress(client: string, peer: string): boolean {
    const key = this.keyOf(client);
    return key !== MASKED && key === this.keyOf(peer);
  }
}

/** Both ends of a connection as the kernel sees them. */
export function endsOf(socket: Socket): Addresses {
  return { client: clientOf(socket), local: normaliseAddress(socket.localAddress ?? "") };
}

/** The other end alone. */
export function clientOf({ remoteAddress = "" }: Socket): string {
  return normaliseAddress(remoteAddress);
}
