import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../common/clock.ts";
import { EngineError, toEngineError } from "../errors.ts";
import type { EngineObserver } from "../observer.ts";
import type { SecuredConnection } from "../transfer/data-protection.ts";
import { PendingConnection, PendingConnections } from "./pending-connections.ts";
import type { PortAllocation } from "./port-allocation.ts";
import type { PassiveReservation } from "./reservation.ts";

/**
 * Maximum time in milliseconds that a TLS handshake waits for the transfer command when the ClientHello arrives first.
 * Most clients send the ClientHello and the transfer command together. The handshake settings depend on the transfer
 * direction.
 */
export const EARLY_HELLO_WAIT = 300;

const NOT_RESUMED =
  "The data connection did not resume the TLS session of a control connection that shares this port";

/**
 * Assigns connections on passive ports to reservations. Only reservations with the same client address can match. If
 * data connections are protected, the resumed TLS session identifies the FTP session of a connection. The matcher
 * closes a connection that it cannot assign to exactly one reservation.
 */
export class ConnectionMatcher {
  readonly #allocation: PortAllocation<PassiveReservation>;
  readonly #clock: Clock;
  readonly #observer: Pick<EngineObserver, "unmatchedConnection">;
  readonly #pending = new PendingConnections();

  constructor(
    allocation: PortAllocation<PassiveReservation>,
    clock: Clock,
    observer: Pick<EngineObserver, "unmatchedConnection">,
  ) {
    this.#allocation = allocation;
    this.#clock = clock;
    this.#observer = observer;
  }

  /**
   * Handles a new connection.
   * @param client key of the client address
   */
  match(socket: Socket, port: number, client: string): void {
    const [only, ...others] = this.#allocation.holders(port, client);
    if (only === undefined) this.#close(socket);
    else if (only.protection === undefined && others.length === 0) this.#matchPlain(socket, only);
    else void this.#matchSecured(socket, port, client);
  }

  /** Starts the handshakes that have waited for the transfer command of a reservation. */
  startHandshakes({ port, client }: PassiveReservation): void {
    for (const connection of this.#pending.at(port, client)) if (connection.hasReceived) connection.start();
  }

  /** Returns the number of connections with an incomplete handshake on a reservation's port. */
  pendingAt({ port, client }: PassiveReservation): number {
    return this.#pending.at(port, client).size;
  }

  /** Closes the pending connections from a client to a port without reservations. */
  dismiss(port: number, client: string): void {
    this.#pending.dismiss(port, client);
  }

  #matchPlain(socket: Socket, reservation: PassiveReservation): void {
    const reason = reservation.offerPlain(socket);
    if (reason === undefined) return;
    reservation.noteRejection(reason);
    this.#close(socket);
  }

  #close(connection: Duplex): void {
    this.#observer.unmatchedConnection();
    connection.destroy();
  }

  /**
   * Performs the TLS handshake and then assigns the connection. During the handshake, the reservations on the port
   * remain available.
   */
  async #matchSecured(socket: Socket, port: number, client: string): Promise<void> {
    const pending = new PendingConnection({ socket, port, client }, () => this.#onHello(pending));
    const here = this.#allocation.holders(port, client).length;
    try {
      this.#pending.add(pending, { here, everywhere: this.#allocation.heldBy(client) });
      this.#review(port, client);
      await pending.started;
      const secured = await this.#handshake(pending);
      this.#pending.remove(pending);
      if (pending.isDismissed) throw new EngineError("DataConnectionFailed", NOT_RESUMED);
      this.#assign(pending, secured);
    } catch (error) {
      this.#pending.remove(pending);
      this.#reject(pending, socket, toEngineError(error).message);
    }
    this.#review(port, client);
  }

  async #handshake({ socket, port, client }: PendingConnection): Promise<SecuredConnection> {
    const [first, ...others] = this.#allocation.holders(port, client);
    if (first?.protection === undefined) throw new EngineError("DataConnectionFailed", NOT_RESUMED);
    return await first.protection.handshake(socket, others.length === 0 ? first.direction : undefined);
  }

  #assign(pending: PendingConnection, secured: SecuredConnection): void {
    const holders = this.#allocation.holders(pending.port, pending.client);
    const [only, ...others] = holders;
    if (only !== undefined && others.length === 0 && !only.shared) {
      const reason = only.offer(secured);
      if (reason !== undefined) this.#reject(pending, secured.data, reason);
      return;
    }
    const [owner, ...rivals] = holders.filter(({ protection }) => protection?.tlsClient.owns(secured.key));
    if (owner === undefined || rivals.length > 0) return this.#reject(pending, secured.data, NOT_RESUMED);
    owner.protection?.tlsClient.identify(secured.key);
    owner.deliver(secured.data);
  }

  #reject({ port, client, isDismissed }: PendingConnection, connection: Duplex, reason: string): void {
    // If the connection was dismissed, all reservations on the port are newer than the connection.
    const holders = isDismissed ? [] : this.#allocation.holders(port, client);
    for (const holder of holders) holder.noteRejection(reason);
    this.#close(connection);
  }

  #onHello(pending: PendingConnection): void {
    const holders = this.#allocation.holders(pending.port, pending.client);
    if (holders.length > 1 || holders.some(({ isAwaited }) => isAwaited)) pending.start();
    else pending.startAfter(this.#clock, EARLY_HELLO_WAIT);
  }

  #review(port: number, client: string): void {
    for (const holder of this.#allocation.holders(port, client)) holder.review();
  }
}
