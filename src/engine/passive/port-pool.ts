import { randomInt } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { PortRange } from "../../api/engine-config.ts";
import { nothingToCancel, type Clock } from "../../common/clock.ts";
import { bindPort, stopListening } from "../bind.ts";
import type { ClientKeys } from "../client-address.ts";
import { EngineError } from "../errors.ts";
import type { EngineObserver, Log } from "../observer.ts";
import type { DataProtection } from "../transfer/data-protection.ts";
import { DATA_READ_AHEAD } from "../transfer/data-source.ts";
import { ConnectionMatcher } from "./matching.ts";
import { PortAllocation, type PortSharing } from "./port-allocation.ts";
import { PassiveReservation, type PassiveSource, type ReservedPort } from "./reservation.ts";

/** Maximum time in milliseconds that PASV or EPSV waits if no port is available to the client. */
export const PORT_WAIT = 5000;
/** Minimum age in milliseconds at which an unused reservation can be replaced by a new reservation. */
export const RECLAIM_AFTER = 10_000;

interface Request {
  client: string;
  protection: DataProtection | undefined;
}

interface QueuedRequest extends Request {
  resolve(reservation: PassiveReservation): void;
}

export interface PassivePoolOptions {
  ports: PortRange;
  /** Local address on which the ports listen. `undefined` means all addresses. */
  host?: string | undefined;
  sharing: PortSharing;
  clients: ClientKeys;
  clock: Clock;
  observer: EngineObserver;
  log: Log;
  /** Returns the client address of a connection. Returns undefined if the engine has closed the connection. */
  addressOf(this: void, socket: Socket): string | Promise<string | undefined>;
}

/** Passive ports of this engine. Listens on all ports in the range. */
export class PassivePortPool implements ReservedPort {
  readonly #ports: number[];
  readonly #host: string | undefined;
  readonly #allocation: PortAllocation<PassiveReservation>;
  readonly #matcher: ConnectionMatcher;
  readonly #clock: Clock;
  readonly #observer: EngineObserver;
  readonly #log: Log;
  readonly #addressOf: PassivePoolOptions["addressOf"];
  readonly #queue = new Set<QueuedRequest>();
  readonly #servers: Server[] = [];
  #clients: ClientKeys;

  constructor({ ports, host, sharing, clients, clock, observer, log, addressOf }: PassivePoolOptions) {
    this.#ports = Array.from({ length: ports.last - ports.first + 1 }, (_, index) => ports.first + index);
    this.#host = host;
    this.#allocation = new PortAllocation(this.#ports, sharing, randomInt);
    this.#matcher = new ConnectionMatcher(this.#allocation, clock, observer);
    this.#clients = clients;
    this.#clock = clock;
    this.#observer = observer;
    this.#log = log;
    this.#addressOf = addressOf;
  }

  /** Binds all ports. If any port cannot be bound, closes the other ports and rejects. */
  async listen(): Promise<void> {
    try {
      for (const port of this.#ports) {
        const server = createServer(
          { allowHalfOpen: true, pauseOnConnect: true, noDelay: true, ...DATA_READ_AHEAD },
          (socket) => this.#accept(socket, port),
        );
        const use = { port, name: "passive port", setting: "passive.portRange (spec.passive.portRange)" };
        await bindPort(server, use, this.#host, this.#log);
        this.#servers.push(server);
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map(stopListening));
  }

  reconfigure(sharing: PortSharing, clients: ClientKeys): void {
    this.#allocation.sharing = sharing;
    this.#clients = clients;
    this.#serveQueue();
  }

  /** Returns a promise only if the request must wait for a port. */
  reserve(client: string, protection?: DataProtection): PassiveSource | Promise<PassiveSource> {
    const request = { client, protection };
    return this.#tryReserve(request) ?? this.#reclaim(request) ?? this.#enqueue(request);
  }

  release(reservation: PassiveReservation): void {
    const { port, client } = reservation;
    this.#allocation.remove(port, client, reservation);
    this.#observer.passiveReservations(this.#allocation.size);
    if (this.#allocation.holders(port, client).length === 0) this.#matcher.dismiss(port, client);
    this.#serveQueue();
  }

  onTransferCommand(reservation: PassiveReservation): void {
    this.#matcher.startHandshakes(reservation);
  }

  pendingConnections(reservation: PassiveReservation): number {
    return this.#matcher.pendingAt(reservation);
  }

  #accept(socket: Socket, port: number): void {
    const match = (address: string): void => this.#matcher.match(socket, port, this.#clients.keyOf(address));
    const address = this.#addressOf(socket);
    if (typeof address === "string") match(address);
    else void address.then((known) => known !== undefined && match(known));
  }

  #tryReserve({ client, protection }: Request): PassiveReservation | undefined {
    const canShare = (holder: PassiveReservation): boolean => areDistinct(protection, holder.protection);
    const port = this.#allocation.freePort(client) ?? this.#allocation.portToShare(client, canShare);
    if (port === undefined) return undefined;
    const holders = this.#allocation.holders(port, client);
    const reservation = new PassiveReservation({ port, client, protection }, this.#clock, this);
    for (const holder of holders) holder.share();
    if (holders.length > 0) reservation.share();
    this.#allocation.add(port, client, reservation);
    protection?.tlsClient.noteReservation();
    this.#observer.passiveReservations(this.#allocation.size);
    return reservation;
  }

  /** Serves every queued request for which a port is available. Several requests can share one released port. */
  #serveQueue(): void {
    for (const request of this.#queue) {
      const reservation = this.#tryReserve(request);
      if (reservation === undefined) continue;
      this.#queue.delete(request);
      request.resolve(reservation);
    }
  }

  /** Replaces the oldest unused reservation that conflicts with the request. */
  #reclaim(request: Request): PassiveReservation | undefined {
    const before = this.#clock.now() - RECLAIM_AFTER;
    const oldest = this.#allocation
      .conflicts(request.client)
      .filter((other) => other.unused && other.madeAt <= before)
      .reduce<PassiveReservation | undefined>(
        (a, b) => (a === undefined || b.madeAt < a.madeAt ? b : a),
        undefined,
      );
    oldest?.dispose();
    return oldest && this.#tryReserve(request);
  }

  #enqueue(request: Request): Promise<PassiveReservation> {
    this.#observer.passiveWait();
    return new Promise((resolve, reject) => {
      let cancel = nothingToCancel;
      const queued: QueuedRequest = {
        ...request,
        resolve(reservation) {
          cancel();
          resolve(reservation);
        },
      };
      this.#queue.add(queued);
      cancel = this.#clock.schedule(PORT_WAIT, () => {
        this.#queue.delete(queued);
        this.#observer.passiveExhausted();
        const ports = this.#ports.length;
        const text = `All ${ports} passive ports are reserved for your address; try again`;
        reject(new EngineError("PassivePortsExhausted", text));
      });
    });
  }
}

/** Returns whether the resumed TLS session identifies the FTP session of a data connection on a shared port. */
function areDistinct(a: DataProtection | undefined, b: DataProtection | undefined): boolean {
  return a !== undefined && b !== undefined && a.tlsClient.isDistinctFrom(b.tlsClient);
}
