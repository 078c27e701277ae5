import type { EngineConfig } from "../../api/engine-config.ts";

export type PortSharing = EngineConfig["passive"]["portSharing"];

/** Random ports that are tried before all are looked at: while few are reserved, the first one nearly always fits. */
const TRIES = 4;

/** By client. */
type Claims<R> = ReadonlyMap<string, readonly R[]>;

/**
 * Who waits on which passive port. Keyed (port, client): with port sharing every client has the whole range to itself, without it
 * a port has one reservation at a time. Reservations of one key are told apart by their owner. Pure: no sockets, no time.
 */
export class ReservationBook<R> {
  /** May change while reservations stand; it decides on new ones. */
  sharing: PortSharing;
  readonly #ports: Map<number, Map<string, readonly R[]>>;
  /** The same, by number. */
  readonly #list: readonly (readonly [port: number, clients: Claims<R>])[];
  readonly #random: (below: number) => number;
  /** Number of reservations of each client. */
  readonly #held = new Map<string, number>();
  #size = 0;

  /** @param random a whole number from 0 up to `below` - 1; unguessable, so that ports cannot be predicted */
  constructor(ports: Iterable<number>, sharing: PortSharing, random: (below: number) => number) {
    this.sharing = sharing;
    this.#ports = new Map([...ports].map((port) => [port, new Map<string, readonly R[]>()]));
    this.#list = [...this.#ports];
    this.#random = random;
  }

  get size(): number {
    return this.#size;
  }

  /** Number of reservations of this client. */
  heldBy(client: string): number {
    return this.#held.get(client) ?? 0;
  }

  /** A random one of the ports that this client could reserve for itself alone now. */
  freePort(client: string): number | undefined {
    return this.#oneOf((clients) => (this.sharing === "Enabled" ? !clients.has(client) : clients.size === 0));
  }

  /** A random one of the ports that this client holds already and whose holders can all be told apart from the newcomer. */
  portToJoin(client: string, mayJoin: (holder: R) => boolean): number | undefined {
    if (this.sharing === "Disabled") return undefined;
    return this.#oneOf((clients) => clients.get(client)?.every(mayJoin) === true);
  }

  add(port: number, client: string, reservation: R): void {
    const clients = this.#ports.get(port);
    if (clients === undefined) throw new Error(`port ${port} is not in the range`);
    clients.set(client, [...(clients.get(client) ?? []), reservation]);
    this.#count(client, 1);
  }

  /** Whose data connection this may be; nobody's for a stray. */
  holders(port: number, client: string): readonly R[] {
    return this.#ports.get(port)?.get(client) ?? [];
  }

  remove(port: number, client: string, reservation: R): void {
    const before = this.holders(port, client);
    const left = before.filter((holder) => holder !== reservation);
    const clients = this.#ports.get(port);
    this.#count(client, left.length - before.length);
    if (left.length === 0) clients?.delete(client);
    else clients?.set(client, left);
  }

  /** The reservations that stand in this client's way. */
  *rivals(client: string): Generator<R> {
    for (const clients of this.#ports.values()) {
      for (const [holder, reservations] of clients) {
        if (this.sharing === "Disabled" || holder === client) yield* reservations;
      }
    }
  }

  #count(client: string, change: number): void {
    const held = this.heldBy(client) + change;
    if (held === 0) this.#held.delete(client);
    else this.#held.set(client, held);
    this.#size += change;
  }

  /** Each of those that fit is as likely as any other. */
  #oneOf(fits: (clients: Claims<R>) => boolean): number | undefined {
    for (let tries = 0; tries < TRIES; tries++) {
      const chosen = this.#list[this.#random(this.#list.length)];
      if (chosen !== undefined && fits(chosen[1])) return chosen[0];
    }
    const ports = this.#list.filter(([, clients]) => fits(clients));
    return ports.length === 0 ? undefined : ports[this.#random(ports.length)]?.[0];
  }
}
