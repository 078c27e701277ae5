import { randomInt } from "node:crypto";
import type { Socket } from "node:net";
import { nothingToCancel, type Clock } from "../../common/clock.ts";
import { EngineError } from "../errors.ts";

/**
 * Maximum number of pending connections per client and port, not counting one connection per reservation on the port.
 */
export const MAX_PENDING_PER_PORT = 64;
/** Maximum number of pending connections per client on all ports, not counting one connection per reservation. */
export const MAX_PENDING_PER_CLIENT = 256;

const NO_TLS = "The data connection was closed before the TLS handshake";

/** A connection to a passive port whose TLS handshake is not complete. */
export class PendingConnection {
  readonly socket: Socket;
  readonly port: number;
  readonly client: string;
  /**
   * Whether bytes from the client have arrived. Until the first bytes arrive, the connection uses no memory except for
   * its socket.
   */
  hasReceived = false;
  /** Whether all reservations on the port have ended. */
  isDismissed = false;
  readonly #start = Promise.withResolvers<void>();
  readonly #onHello: () => void;
  #cancelStart = nothingToCancel;

  /** @param onHello called when the first bytes from the client arrive */
  constructor(
    { socket, port, client }: Pick<PendingConnection, "socket" | "port" | "client">,
    onHello: () => void,
  ) {
    this.socket = socket;
    this.port = port;
    this.client = client;
    this.#onHello = onHello;
    // Without an error listener, Node.js would throw the errors of the connection.
    socket.on("error", () => {});
    this.#start.promise.catch(() => {});
    socket.once("close", () => {
      this.#cancelStart();
      this.#start.reject(new EngineError("DataConnectionFailed", NO_TLS));
    });
    socket.on("readable", this.#onReadable);
  }

  /** Resolves when the handshake can start. Rejects if the connection closes before this time. */
  get started(): Promise<void> {
    return this.#start.promise;
  }

  start(): void {
    this.#cancelStart();
    this.#start.resolve();
  }

  /** Starts the handshake after a delay in milliseconds, unless a call to `start` starts it earlier. */
  startAfter(clock: Clock, delay: number): void {
    this.#cancelStart = clock.schedule(delay, () => this.start());
  }

  readonly #onReadable = (): void => {
    const { socket } = this;
    // Node.js also emits `readable` at the end of the stream.
    if (socket.readableLength === 0) {
      socket.destroy();
      return;
    }
    socket.off("readable", this.#onReadable);
    this.hasReceived = true;
    this.#onHello();
  };
}

type Group = Map<string, Set<PendingConnection>>;

const NONE: ReadonlySet<PendingConnection> = new Set();

/** All pending connections. The number is limited per client and port. */
export class PendingConnections {
  readonly #byClient: Group = new Map();
  readonly #byPortAndClient: Group = new Map();

  /**
   * Adds a connection. At the limit, this class drops a random connection, regardless of the received data. An attacker
   * can send a partial ClientHello at no cost, so a rule based on received data would not protect other clients.
   * @param reservations number of reservations of the client on this port and on all ports
   */
  add(connection: PendingConnection, reservations: { here: number; everywhere: number }): void {
    const { client, port } = connection;
    this.#makeRoom(this.at(port, client), MAX_PENDING_PER_PORT + reservations.here);
    this.#makeRoom(this.#byClient.get(client) ?? NONE, MAX_PENDING_PER_CLIENT + reservations.everywhere);
    addTo(this.#byClient, client, connection);
    addTo(this.#byPortAndClient, keyOf(port, client), connection);
  }

  at(port: number, client: string): ReadonlySet<PendingConnection> {
    return this.#byPortAndClient.get(keyOf(port, client)) ?? NONE;
  }

  remove(connection: PendingConnection): void {
    removeFrom(this.#byClient, connection.client, connection);
    removeFrom(this.#byPortAndClient, keyOf(connection.port, connection.client), connection);
  }

  /** Drops all connections from a client to a port after its last reservation on the port has ended. */
  dismiss(port: number, client: string): void {
    for (const connection of this.at(port, client)) {
      connection.isDismissed = true;
      this.#drop(connection);
    }
  }

  #drop(connection: PendingConnection): void {
    this.remove(connection);
    connection.socket.destroy();
  }

  #makeRoom(connections: ReadonlySet<PendingConnection>, limit: number): void {
    if (connections.size < limit) return;
    const dropped = [...connections][randomInt(connections.size)];
    if (dropped !== undefined) this.#drop(dropped);
  }
}

function keyOf(port: number, client: string): string {
  return `${port} ${client}`;
}

function addTo(group: Group, key: string, connection: PendingConnection): void {
  const connections = group.get(key);
  if (connections === undefined) group.set(key, new Set([connection]));
  else connections.add(connection);
}

function removeFrom(group: Group, key: string, connection: PendingConnection): void {
  const connections = group.get(key);
  connections?.delete(connection);
  if (connections?.size === 0) group.delete(key);
}
