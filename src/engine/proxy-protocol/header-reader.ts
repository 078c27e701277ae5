import type { Socket } from "node:net";
import type { EngineProxyProtocol } from "../../api/engine-config.ts";
import { type Addresses, addressesOf } from "../client-address.ts";
import type { Clock } from "../../common/clock.ts";
import type { EngineObserver, ProxyRejection } from "../observer.ts";
import { NetworkList } from "../../common/networks.ts";
import { parseProxyHeader, type ProxyHeader } from "./header.ts";

/** Maximum time in milliseconds to receive a PROXY header. */
export const HEADER_TIMEOUT = 5000;

/** Reads the PROXY headers of control and data connections. Accepts headers only from a trusted proxy. */
export class ProxyHeaderReader {
  readonly #trusted: NetworkList;
  readonly #observer: Pick<EngineObserver, "proxyRejected">;
  readonly #clock: Clock;

  constructor(
    { trustedSources }: EngineProxyProtocol,
    observer: Pick<EngineObserver, "proxyRejected">,
    clock: Clock,
  ) {
    this.#trusted = new NetworkList(trustedSources);
    this.#observer = observer;
    this.#clock = clock;
  }

  /**
   * Returns the addresses of a connection. Returns undefined when the connection was dropped. Bytes after the header
   * remain in the socket.
   */
  async readAddresses(socket: Socket): Promise<Addresses | undefined> {
    const seen = addressesOf(socket);
    const outcome = this.#trusted.has(seen.client) ? await this.#header(socket) : "Untrusted";
    if (typeof outcome === "string") {
      this.#observer.proxyRejected(outcome);
      socket.on("error", () => {}).destroy();
      return undefined;
    }
    return outcome.type === "Local" ? seen : { client: outcome.source, local: outcome.destination };
  }

  #header(socket: Socket): Promise<ProxyHeader | Exclude<ProxyRejection, "Untrusted">> {
    return new Promise((resolve) => {
      let read: Buffer = Buffer.alloc(0);
      const finish = (outcome: ProxyHeader | Exclude<ProxyRejection, "Untrusted">): void => {
        cancel();
        socket.off("readable", onReadable).off("end", onEnd).off("close", onEnd).off("error", onEnd);
        resolve(outcome);
      };
      const cancel = this.#clock.schedule(HEADER_TIMEOUT, () => finish("Timeout"));
      const onEnd = (): void => finish("Closed");
      const onReadable = (): void => {
        const chunk: Buffer | null = socket.read();
        if (chunk === null) return;
        read = Buffer.concat([read, chunk]);
        const parsed = parseProxyHeader(read);
        if (parsed.type === "Incomplete") return;
        if (parsed.type === "Invalid") return finish("Invalid");
        finish(parsed.header);
        if (read.length > parsed.length) socket.unshift(read.subarray(parsed.length));
      };
      socket.on("readable", onReadable).once("end", onEnd).once("close", onEnd).once("error", onEnd);
    });
  }
}
