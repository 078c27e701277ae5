import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";

const TYPES = { A: 1, AAAA: 28 } as const;
const HEADER_BYTES = 12;
/** Flags in a response without an error (RFC 1035 section 4.1.1). */
const RESPONSE_FLAGS = 0x8180;

/** Returns the addresses for a name. The server calls this function once for each query for IPv4 addresses. */
export type Resolve = (name: string) => readonly string[];

/** DNS server on port 53 of a loopback address. A function chooses the answers, which have a TTL of 0. */
export class NameServer implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #resolve: Resolve;
  /**
   * Addresses that answered the last IPv4 query for each name. The same addresses answer the IPv6 query of the same
   * lookup.
   */
  readonly #last = new Map<string, readonly string[]>();

  private constructor(socket: Socket, resolve: Resolve) {
    this.#socket = socket;
    this.#resolve = resolve;
  }

  static async start(resolve: Resolve): Promise<NameServer> {
    const socket = createSocket("udp4");
    const server = new NameServer(socket, resolve);
    socket.on("message", (query, { port, address }) => socket.send(server.#answer(query), port, address));
    socket.bind(53, "127.0.0.1");
    await once(socket, "listening");
    return server;
  }

  #answer(query: Buffer): Buffer {
    const labels: string[] = [];
    let end = HEADER_BYTES;
    for (let length = query[end] ?? 0; length > 0; length = query[end] ?? 0) {
      labels.push(query.toString("latin1", end + 1, end + 1 + length));
      end += 1 + length;
    }
    const type = query.readUInt16BE(end + 1);
    const name = labels.join(".").toLowerCase();
    if (type === TYPES.A) this.#last.set(name, this.#resolve(name));
    const addresses = (this.#last.get(name) ?? []).filter(
      (address) => type === (isIPv4(address) ? TYPES.A : TYPES.AAAA),
    );
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    [RESPONSE_FLAGS, 1, addresses.length, 0, 0].forEach((value, index) =>
      header.writeUInt16BE(value, 2 + 2 * index),
    );
    return Buffer.concat([
      header,
      query.subarray(HEADER_BYTES, end + 5),
      ...addresses.map((address) => recordOf(type, address)),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}

/** Returns a resource record whose name is a pointer to the question (RFC 1035 section 4.1.4). */
function recordOf(type: number, address: string): Buffer {
  const data = Buffer.from(ipaddr.parse(address).toByteArray());
  const fixed = Buffer.alloc(12);
  [0xc000 + HEADER_BYTES, type, 1, 0, 0, data.length].forEach((value, index) =>
    fixed.writeUInt16BE(value, 2 * index),
  );
  return Buffer.concat([fixed, data]);
}
