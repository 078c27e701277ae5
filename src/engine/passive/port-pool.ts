import { randomInt } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { PortRange } from "../../api/engine-config.ts";
import { nothingToCancel, type Clock } from "../../common/clock.ts";
import type { EngineObserver, Log } from "../observer.ts";
import { EngineError, toEngineError } from "../errors.ts";
import type { TlsClient } from "../tls/session-affinity.ts";
import { Candidate, Candidates } from "./pending-connections.ts";
import type { ClientKeys } from "../client-address.ts";
import type { DataProtection, Handshaken } from "../transfer/data-protection.ts";
import { namingPort } from "../listen-error.ts";
import { listenAt, stopListening } from "../listen.ts";
import { PassiveReservation, type ReservedPort, type PassiveSource } from "./reservation.ts";
import { ReservationBook, type PortSharing } from "./port-allocation.ts";
import { DATA_READ_AHEAD } from "../transfer/data-source.ts";

/** Gives out passive ports. */
export interface PassivePorts {
  /**
   * Reserves a port for one data connection of the client with this key.
   * @param protection of a session that protects its data connections: the source returns them after their TLS handshake, which
   *   distinguishes clients, so that several can share a port
   * @throws EngineError PassivePortsExhausted
   */
  reserve(client: string, protection?: DataProtection): Promise<PassiveSource>;
}

/** How long PASV waits for a port when the client's are all reserved. Milliseconds. */
export const PORT_WAIT = 5000;
/** From this age on, a reservation without a transfer command gives way to a client that finds no port. Milliseconds. */
export const RECLAIM_AFTER = 10_000;

/**
 * How long the TLS handshake waits for the transfer command of a client that sends data first. Milliseconds. Most clients send
 * both at once, and the handshake depends on the direction of the transfer.
 */
export const EARLY_HELLO_WAIT = 300;

const UNIDENTIFIED = "A connection came that did not resume the TLS session of its control connection";

interface Claim {
  client: string;
  protection: DataProtection | undefined;
}

interface Waiter extends Claim {
  resolve(reservation: PassiveReservation): void;
}

export interface PassivePoolOptions {
  ports: PortRange;
  /** Address of this machine where the ports are bound; undefined: all. */
  host?: string | undefined;
  sharing: PortSharing;
  clients: ClientKeys;
  clock: Clock;
  observer: EngineObserver;
  log: Log;
  /** Whose connection it is; undefined when it was dropped. */
  addressOf(this: void, socket: Socket): string | Promise<string | undefined>;
}

/** Listens on exactly the ports of its range, from start to end, and joins data connections with reservations. */
export class PassivePool implements PassivePorts, ReservedPort {
  readonly #ports: number[];
  readonly #host: string | undefined;
  readonly #book: ReservationBook<PassiveReservation>;
  readonly #clock: Clock;
  readonly #observer: EngineObserver;
  readonly #log: Log;
  readonly #addressOf: PassivePoolOptions["addressOf"];
  readonly #candidates = new Candidates();
  readonly #waiters = new Set<Waiter>();
  readonly #servers: Server[] = [];
  #clients: ClientKeys;

  constructor({ ports, host, sharing, clients, clock, observer, log, addressOf }: PassivePoolOptions) {
    this.#ports = Array.from({ length: ports.last - ports.first + 1 }, (_, index) => ports.first + index);
    this.#host = host;
    this.#book = new ReservationBook(this.#ports, sharing, randomInt);
    this.#clients = clients;
    this.#clock = clock;
    this.#observer = observer;
    this.#log = log;
    this.#addressOf = addressOf;
  }

  /** Binds every port. Rejects, with none left bound, when one cannot be. */
  async listen(): Promise<void> {
    try {
      for (const port of this.#ports) {
        const server = createServer(
          { allowHalfOpen: true, pauseOnConnect: true, noDelay: true, ...DATA_READ_AHEAD },
          (socket) => this.#accept(socket, port),
        );
        const use = { port, name: "passive port", setting: "passive.portRange (spec.passive.portRange)" };
        await namingPort(use, listenAt(server, { port, host: this.#host }, this.#log));
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
    this.#book.sharing = sharing;
    this.#clients = clients;
    this.#serveWaiters();
  }

  async reserve(client: string, protection?: DataProtection): Promise<PassiveSource> {
    const claim = { client, protection };
    return this.#tryReserve(claim) ?? this.#reclaim(claim) ?? (await this.#wait(claim));
  }

  #accept(socket: Socket, port: number): void {
    const address = this.#addressOf(socket);
    if (typeof address === "string") this.#assign(socket, port, address);
    else void address.then((known) => known !== undefined && this.#assign(socket, port, known));
  }

  #assign(socket: Socket, port: number, address: string): void {
    const client = this.#clients.keyOf(address);
    const [only, ...others] = this.#book.holders(port, client);
    if (only === undefined) this.#turnAway(socket);
    else if (only.protection === undefined && others.length === 0) this.#acceptPlain(socket, only);
    else void this.#identify(socket, port, client);
  }

  #acceptPlain(socket: Socket, reservation: PassiveReservation): void {
    const refusal = reservation.accept(socket);
    if (refusal === undefined) return;
    reservation.noteRejection(refusal);
    this.#turnAway(socket);
  }

  #turnAway(connection: Duplex): void {
    this.#observer.strayConnection();
    connection.destroy();
  }

  /** Identifies the session of a connection. Until then the reservations on the port stay. */
  async #identify(socket: Socket, port: number, client: string): Promise<void> {
    const candidate = new Candidate({ socket, port, client }, () => this.#onHello(candidate));
    const here = this.#book.holders(port, client).length;
    try {
      this.#candidates.add(candidate, { here, everywhere: this.#book.heldBy(client) });
      this.#review(port, client);
      await candidate.started;
      const shaken = await this.#shakeHands(candidate);
      this.#candidates.remove(candidate);
      if (candidate.isUnwanted) throw new EngineError("DataConnectionFailed", UNIDENTIFIED);
      this.#judge(candidate, shaken);
    } catch (error) {
      this.#candidates.remove(candidate);
      this.#refuse(candidate, socket, toEngineError(error).message);
    }
    this.#review(port, client);
  }

  async #shakeHands({ socket, port, client }: Candidate): Promise<Handshaken> {
    const [first, ...others] = this.#book.holders(port, client);
    if (first?.protection === undefined) throw new EngineError("DataConnectionFailed", UNIDENTIFIED);
    return await first.protection.shakeHands(socket, others.length === 0 ? first.direction : undefined);
  }

  /** The TLS session that it resumes identifies its session. Never guesses. */
  #judge(candidate: Candidate, shaken: Handshaken): void {
    const holders = this.#book.holders(candidate.port, candidate.client);
    const [only, ...others] = holders;
    if (only !== undefined && others.length === 0 && !only.shared) {
      const refusal = only.consider(shaken);
      if (refusal !== undefined) this.#refuse(candidate, shaken.data, refusal);
      return;
    }
    const [owner, ...rivals] = holders.filter(({ protection }) => protection?.member.owns(shaken.key));
    if (owner === undefined || rivals.length > 0) return this.#refuse(candidate, shaken.data, UNIDENTIFIED);
    owner.protection?.member.judge(shaken.key);
    owner.deliver(shaken.data);
  }

  #refuse({ port, client, isUnwanted }: Candidate, connection: Duplex, reason: string): void {
    // Reservations on the port are now different ones.
    const concerned = isUnwanted ? [] : this.#book.holders(port, client);
    for (const holder of concerned) holder.noteRejection(reason);
    this.#turnAway(connection);
  }

  #onHello(candidate: Candidate): void {
    const holders = this.#book.holders(candidate.port, candidate.client);
    if (holders.length > 1 || holders.some(({ isAwaited }) => isAwaited)) candidate.start();
    else candidate.startAfter(this.#clock, EARLY_HELLO_WAIT);
  }

  #review(port: number, client: string): void {
    for (const holder of this.#book.holders(port, client)) holder.review();
  }

  #tryReserve({ client, protection }: Claim): PassiveReservation | undefined {
    const mayJoin = (holder: PassiveReservation): boolean =>
      areDistinguishable(protection?.member, holder.protection?.member);
    const port = this.#book.freePort(client) ?? this.#book.portToJoin(client, mayJoin);
    if (port === undefined) return undefined;
    const holders = this.#book.holders(port, client);
    const reservation = new PassiveReservation({ port, client, protection }, this.#clock, this);
    for (const holder of holders) holder.share();
    if (holders.length > 0) reservation.share();
    this.#book.add(port, client, reservation);
    this.#observer.passiveReservations(this.#book.size);
    return reservation;
  }

  leave(gone: PassiveReservation): void {
    const { port, client } = gone;
    this.#book.remove(port, client, gone);
    this.#observer.passiveReservations(this.#book.size);
    // No reservation waits for them any more.
    if (this.#book.holders(port, client).length === 0) this.#candidates.dismiss(port, client);
    this.#serveWaiters();
  }

  awaited({ port, client }: PassiveReservation): void {
    for (const candidate of this.#candidates.at(port, client)) if (candidate.hasSpoken) candidate.start();
  }

  candidates({ port, client }: PassiveReservation): number {
    return this.#candidates.at(port, client).size;
  }

  /** All that can be: one free port may be for several, where they can share it. */
  #serveWaiters(): void {
    for (const waiter of this.#waiters) {
      const reservation = this.#tryReserve(waiter);
      if (reservation === undefined) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(reservation);
    }
  }

  /** Takes the oldest port that someone holds without using it. */
  #reclaim(claim: Claim): PassiveReservation | undefined {
    const before = this.#clock.now() - RECLAIM_AFTER;
    const oldest = this.#book
      .rivals(claim.client)
      .filter((rival) => rival.unused && rival.madeAt <= before)
      .reduce<PassiveReservation | undefined>(
        (a, b) => (a === undefined || b.madeAt < a.madeAt ? b : a),
        undefined,
      );
    oldest?.dispose();
    return oldest && this.#tryReserve(claim);
  }

  #wait(claim: Claim): Promise<PassiveReservation> {
    this.#observer.passiveWait();
    return new Promise((resolve, reject) => {
      let cancel = nothingToCancel;
      const waiter: Waiter = {
        ...claim,
        resolve(reservation) {
          cancel();
          resolve(reservation);
        },
      };
      this.#waiters.add(waiter);
      cancel = this.#clock.schedule(PORT_WAIT, () => {
        this.#waiters.delete(waiter);
        this.#observer.passiveExhausted();
        const ports = this.#ports.length;
        const text = `All ${ports} ports of passive.portRange are reserved for your address; try again`;
        reject(new EngineError("PassivePortsExhausted", text));
      });
    });
  }
}

/** Whether the TLS sessions that two data connections resume will tell them apart: both must have shown that they do resume. */
function areDistinguishable(a: TlsClient | undefined, b: TlsClient | undefined): boolean {
  return a?.proven === true && b?.proven === true && !a.isFamily(b);
}
