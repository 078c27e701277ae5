import { randomInt } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { PortRange } from "../../api/engine-config.ts";
import { nothingToCancel, type Clock } from "../control/clock.ts";
import type { EngineObserver, Log } from "../control/observer.ts";
import { EngineError } from "../errors.ts";
import type { ClientKeys } from "./client-keys.ts";
import { listenEverywhere, stopListening } from "./listen.ts";
import { PassiveReservation } from "./passive-reservation.ts";
import { ReservationBook, type PortSharing } from "./reservation-book.ts";
import type { PassivePorts, PassiveSource } from "./source.ts";

/** How long PASV waits for a port when the client's are all reserved. Milliseconds. */
export const PORT_WAIT = 5000;
/** From this age on, a reservation without a transfer command gives way to a client that finds no port. Milliseconds. */
export const RECLAIM_AFTER = 10_000;

/** Whose data connection this is. The seam for TLS identity; by address alone it is `book.find`. */
export type Matcher = (
  book: ReservationBook<PassiveReservation>,
  port: number,
  client: string,
  socket: Socket,
) => PassiveReservation | undefined;

const byAddress: Matcher = (book, port, client) => book.find(port, client);

interface Waiter {
  client: string;
  resolve(reservation: PassiveReservation): void;
}

export interface PassivePoolOptions {
  ports: PortRange;
  sharing: PortSharing;
  clients: ClientKeys;
  clock: Clock;
  observer: EngineObserver;
  log: Log;
  match?: Matcher;
}

/** Listens on exactly the ports of its range, from start to end, and joins data connections with reservations. */
export class PassivePool implements PassivePorts {
  readonly #ports: number[];
  readonly #book: ReservationBook<PassiveReservation>;
  readonly #clock: Clock;
  readonly #observer: EngineObserver;
  readonly #log: Log;
  readonly #match: Matcher;
  readonly #waiters = new Set<Waiter>();
  readonly #servers: Server[] = [];
  #clients: ClientKeys;

  constructor({ ports, sharing, clients, clock, observer, log, match = byAddress }: PassivePoolOptions) {
    this.#ports = Array.from({ length: ports.last - ports.first + 1 }, (_, index) => ports.first + index);
    this.#book = new ReservationBook(this.#ports, sharing, randomInt);
    this.#clients = clients;
    this.#clock = clock;
    this.#observer = observer;
    this.#log = log;
    this.#match = match;
  }

  /** Binds every port. Rejects, with none left bound, when one cannot be. */
  async listen(): Promise<void> {
    try {
      for (const port of this.#ports) {
        const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) =>
          this.#accept(socket, port),
        );
        await listenEverywhere(server, port, this.#log);
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
  }

  async reserve(client: string): Promise<PassiveSource> {
    return this.#tryReserve(client) ?? this.#reclaim(client) ?? (await this.#wait(client));
  }

  #accept(socket: Socket, port: number): void {
    const client = this.#clients.keyOf(socket.remoteAddress ?? "");
    const reservation = this.#match(this.#book, port, client, socket);
    if (reservation !== undefined) return reservation.deliver(socket);
    this.#observer.strayConnection();
    socket.destroy();
  }

  #tryReserve(client: string): PassiveReservation | undefined {
    const port = this.#book.freePort(client);
    if (port === undefined) return undefined;
    const reservation = new PassiveReservation(port, client, this.#clock, (self) => this.#release(self));
    this.#book.add(port, client, reservation);
    this.#observer.passiveReservations(this.#book.size);
    return reservation;
  }

  #release({ port, client }: PassiveReservation): void {
    this.#book.remove(port, client);
    this.#observer.passiveReservations(this.#book.size);
    for (const waiter of this.#waiters) {
      const reservation = this.#tryReserve(waiter.client);
      if (reservation === undefined) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(reservation);
      return;
    }
  }

  /** Takes the oldest port that someone holds without using it. */
  #reclaim(client: string): PassiveReservation | undefined {
    const before = this.#clock.now() - RECLAIM_AFTER;
    const oldest = this.#book
      .rivals(client)
      .filter((rival) => rival.unused && rival.madeAt <= before)
      .reduce<PassiveReservation | undefined>(
        (a, b) => (a === undefined || b.madeAt < a.madeAt ? b : a),
        undefined,
      );
    oldest?.dispose();
    return oldest && this.#tryReserve(client);
  }

  #wait(client: string): Promise<PassiveReservation> {
    this.#observer.passiveWait();
    return new Promise((resolve, reject) => {
      let cancel = nothingToCancel;
      const waiter: Waiter = {
        client,
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
