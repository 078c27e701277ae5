import { NetworkList, normaliseAddress } from "../networks.ts";

/** The key of every client whose address says nothing about who it is. */
export const MASKED = "masked";

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

  /** Whether `peer` is one client for sure, and the same as `client` (bounce attacks: CVE-1999-0017, RFC 2577 section 3). */
  isOwnAddress(client: string, peer: string): boolean {
    const key = this.keyOf(client);
    return key !== MASKED && key === this.keyOf(peer);
  }
}
