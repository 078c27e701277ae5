import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { EngineConfig } from "../api/engine-config.ts";
import type { Clock } from "../common/clock.ts";
import { bindPort, stopListening } from "./bind.ts";
import { type Addresses, addressesOf, clientOf } from "./client-address.ts";
import type { EngineObserver, Log, RejectionReason } from "./observer.ts";
import { encodeReply, lastReply } from "./protocol/reply.ts";
import { ProxyHeaderReader } from "./proxy-protocol/header-reader.ts";

/** Time in milliseconds that a rejected client has to read the reply. */
const REJECTION_GRACE = 2000;
/**
 * Maximum number of rejected clients that can read a reply at the same time. The engine rejects further clients without
 * a reply.
 */
export const MAX_REJECTIONS = 256;

/** Rejection reasons that are known before login. */
export type Rejection = Exclude<RejectionReason, "SessionsPerUser">;

/** Texts of the 421 replies that rejected clients receive. */
export const REJECTION_TEXTS: Readonly<Record<Rejection, string>> = {
  Sessions: "There are too many sessions; try again later.",
  SessionsPerClient: "There are too many sessions from your address; try again later.",
  Draining: "Service not available: the server is shutting down; try again.",
};

export interface ListenerOptions {
  config: EngineConfig;
  /** Address of this machine for the control port. `undefined` means all addresses. */
  host: string | undefined;
  clock: Clock;
  log: Log;
  observer: EngineObserver;
  /** Called with each control connection and its addresses. */
  onConnection(this: void, socket: Socket, addresses: Addresses): void;
}

/** Accepts control connections and reads their PROXY headers. Rejects clients that receive no session. */
export class Listener {
  readonly #host: string | undefined;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #observer: EngineObserver;
  readonly #server: Server;
  #config: EngineConfig;
  #proxies: ProxyHeaderReader | undefined;
  #rejections = 0;

  constructor({ config, host, clock, log, observer, onConnection }: ListenerOptions) {
    this.#config = config;
    this.#host = host;
    this.#clock = clock;
    this.#log = log;
    this.#observer = observer;
    this.#proxies = this.#proxiesOf(config);
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
      if (this.#proxies === undefined) onConnection(socket, addressesOf(socket));
      else
        void this.#proxies
          .readAddresses(socket)
          .then((addresses) => addresses && onConnection(socket, addresses));
    });
  }

  /** Control port. When the configured port is 0, the system chooses the port. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : this.#config.controlPort;
  }

  /** Binds the control port. */
  async listen(): Promise<void> {
    const { controlPort: port } = this.#config;
    const use = { port, name: "control port", setting: "controlPort (--port of ftp-operator serve)" };
    await bindPort(this.#server, use, this.#host, this.#log);
  }

  /** Applies the PROXY protocol settings of a new configuration. The port does not change. */
  reconfigure(config: EngineConfig): void {
    this.#config = config;
    this.#proxies = this.#proxiesOf(config);
  }

  async close(): Promise<void> {
    await stopListening(this.#server);
  }

  /**
   * Returns the client address of a connection, from the PROXY header if present. Returns undefined when the connection
   * was dropped.
   */
  clientAddressOf(socket: Socket): string | Promise<string | undefined> {
    if (this.#proxies === undefined) return clientOf(socket);
    return this.#proxies.readAddresses(socket).then((addresses) => addresses?.client);
  }

  /** Counts a rejected client. Sends reply 421 and closes the connection. */
  reject(duplex: Duplex, reason: Rejection, isImplicitTls: boolean): void {
    this.#observer.sessionRejected(reason);
    // A client that waits for a TLS handshake cannot read an unencrypted reply.
    if (isImplicitTls || this.#rejections >= MAX_REJECTIONS) duplex.destroy();
    else this.#sendRejection(duplex, reason);
  }

  #sendRejection(duplex: Duplex, reason: Rejection): void {
    this.#rejections += 1;
    const cancel = this.#clock.schedule(REJECTION_GRACE, () => duplex.destroy());
    duplex.on("error", () => duplex.destroy());
    duplex.once("close", () => {
      this.#rejections -= 1;
      cancel();
    });
    duplex.once("end", () => duplex.destroy());
    duplex.end(encodeReply(lastReply(421, REJECTION_TEXTS[reason])));
    duplex.resume();
  }

  #proxiesOf({ proxyProtocol }: EngineConfig): ProxyHeaderReader | undefined {
    return proxyProtocol && new ProxyHeaderReader(proxyProtocol, this.#observer, this.#clock);
  }
}
