import { randomInt } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { PortRange } from "../../api/engine-config.ts";
import { nothingToCancel, type Clock } from "../control/clock.ts";
import type { EngineObserver, Log } from "../control/observer.ts";
import { EngineError } from "../errors.ts";
import type { TlsMember } from "../tls/families.ts";
import type { ClientKeys } from "./client-keys.ts";
import { namingPort } from "../port-problem.ts";
import { listenEverywhere, stopListening } from "./listen.ts";
import { PassiveReservation } from "./passive-reservation.ts";
import { ReservationBook, type PortSharing } from "./reservation-book.ts";
import type { PassivePorts, PassiveSource } from "./source.ts";

/** How long PASV waits for a port when the client's are all reserved. Milliseconds. */
export const PORT_WAIT = 5000;
/** From this age on, a reservation without a transfer command gives way to a client that finds no port. Milliseconds. */
export const RECLAIM_AFTER = 10_000;

/** Data connections to shared ports that one client may have under way before TLS says whose they are. */
const MAX_UNIDENTIFIED = 256;
const UNIDENTIFIED = "a connection came that did not resume the TLS session of its control connection";

/** A data connection after its TLS handshake. */
export interface Identified {
  data: Duplex;
  /** Of the TLS session that it resumed. */
  key: string | undefined;
}

interface Claim {
  client: string;
  member: TlsMember | undefined;
}

interface Waiter extends Claim {
  resolve(reservation: PassiveReservation): void;
}

export interface PassivePoolOptions {
  ports: PortRange;
  sharing: PortSharing;
  clients: ClientKeys;
  clock: Clock;
  observer: EngineObserver;
  log: Log;
  /** Whose connection it is; undefined when it was dropped. */
  addressOf(this: void, socket: Socket): string | Promise<string | undefined>;
  /** Shakes hands on a data connection to a shared port. Rejects when that fails. */
  identify?: (socket: Socket) => Promise<Identified>;
}

/** Listens on exactly the ports of its range, from start to end, and joins data connections with reservations. */
export class PassivePool implements PassivePorts {
  readonly #ports: number[];
  readonly #book: ReservationBook<PassiveReservation>;
  readonly #clock: Clock;
  readonly #observer: EngineObserver;
  readonly #log: Log;
  readonly #addressOf: PassivePoolOptions["addressOf"];
  readonly #identify: PassivePoolOptions["identify"];
  readonly #unidentified = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  readonly #servers: Server[] = [];
  #clients: ClientKeys;

  constructor({ ports, sharing, clients, clock, observer, log, addressOf, identify }: PassivePoolOptions) {
    this.#ports = Array.from({ length: ports.last - ports.first + 1 }, (_, index) => ports.first + index);
    this.#book = new ReservationBook(this.#ports, sharing, randomInt);
    this.#clients = clients;
    this.#clock = clock;
    this.#observer = observer;
    this.#log = log;
    this.#addressOf = addressOf;
    this.#identify = identify;
  }

  /** Binds every port. Rejects, with none left bound, when one cannot be. */
  async listen(): Promise<void> {
    try {
      for (const port of this.#ports) {
        const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) =>
          this.#accept(socket, port),
        );
        const use = { port, name: "passive port", setting: "passive.portRange (spec.passive.portRange)" };
        await namingPort(use, listenEverywhere(server, port, this.#log));
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

  async reserve(client: string, member?: TlsMember): Promise<PassiveSource> {
    const claim = { client, member };
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
    else if (others.length === 0 && !only.shared) only.deliver(socket);
    else void this.#acceptShared(socket, port, client);
  }

  /** Waits for the handshake: the session that it resumes says whose connection it is. Never guesses. */
  async #acceptShared(socket: Socket, port: number, client: string): Promise<void> {
    const underWay = this.#unidentified.get(client) ?? 0;
    if (this.#identify === undefined || underWay >= MAX_UNIDENTIFIED) return this.#turnAway(socket);
    this.#unidentified.set(client, underWay + 1);
    try {
      const { data, key } = await this.#identify(socket);
      const holders = this.#book.holders(port, client);
      const [owner, ...others] = holders.filter(({ member }) => member?.owns(key));
      if (owner !== undefined && others.length === 0) return owner.deliver(data);
      for (const holder of holders) holder.noteRefusal(UNIDENTIFIED);
      this.#turnAway(data);
    } catch {
      this.#turnAway(socket);
    } finally {
      const left = (this.#unidentified.get(client) ?? 1) - 1;
      if (left > 0) this.#unidentified.set(client, left);
      else this.#unidentified.delete(client);
    }
  }

  #turnAway(connection: Duplex): void {
    this.#observer.strayConnection();
    connection.destroy();
  }

  #tryReserve({ client, member }: Claim): PassiveReservation | undefined {
    const mayJoin = (holder: PassiveReservation): boolean => areDistinguishable(member, holder.member);
    const port = this.#book.freePort(client) ?? this.#book.portToJoin(client, mayJoin);
    if (port === undefined) return undefined;
    const holders = this.#book.holders(port, client);
    const reservation = new PassiveReservation({ port, client, member }, this.#clock, (self) =>
      this.#release(self),
    );
    for (const holder of holders) holder.shared = true;
    reservation.shared = holders.length > 0;
    this.#book.add(port, client, reservation);
    this.#observer.passiveReservations(this.#book.size);
    return reservation;
  }

  #release(gone: PassiveReservation): void {
    this.#book.remove(gone.port, gone.client, gone);
    this.#observer.passiveReservations(this.#book.size);
    this.#serveWaiters();
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
function areDistinguishable(a: TlsMember | undefined, b: TlsMember | undefined): boolean {
  return a?.proven === true && b?.proven === true && !a.isFamily(b);
}
