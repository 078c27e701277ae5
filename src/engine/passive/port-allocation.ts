import type { EngineConfig } from "../../api/engine-config.ts";

export type PortSharing = EngineConfig["passive"]["portSharing"];

/** Random ports that are tried before all ports are searched. While few are reserved, the first one is nearly always free. */
const TRIES = 4;

/** Reservations of one port by client. */
type PortHolders<R> = ReadonlyMap<string, readonly R[]>;

/**
 * The reservations of all passive ports, by port and client. With port sharing, every client can use all ports independently of
 * other clients. Without it, a port has one reservation at a time. Contains no sockets and no timers.
 */
export class PortAllocation<R> {
  /** Applies to new reservations. Existing reservations remain. */
  sharing: PortSharing;
  readonly #ports: Map<number, Map<string, readonly R[]>>;
  /** The entries of `#ports`, by index. */
  readonly #list: readonly (readonly [port: number, clients: PortHolders<R>])[];
  readonly #random: (below: number) => number;
  /** Number of reservations of each client. */
  readonly #held = new Map<string, number>();
  #size = 0;

  /** @param random returns an integer from 0 to `below` - 1; not predictable, so that ports are not predictable */
  constructor(ports: Iterable<number>, sharing: PortSharing, random: (below: number) => number) {
    this.sharing = sharing;
    this.#ports = new Map([...ports].map((port) => [port, new Map<string, readonly R[]>()]));
    this.#list = [...this.#ports];
    this.#random = random;
  }

  /** Number of all reservations. */
  get size(): number {
    return this.#size;
  }

  /** Returns the number of reservations of a client. */
  heldBy(client: string): number {
    return this.#held.get(client) ?? 0;
  }

  /** Returns a random port that the client can reserve alone; undefined when there is none. */
  freePort(client: string): number | undefined {
    return this.#randomPort((clients) =>
      this.sharing === "Enabled" ? !clients.has(client) : clients.size === 0,
    );
  }

  /** Returns a random port of the client where every existing reservation can be shared; undefined when there is none. */
  portToShare(client: string, canShare: (holder: R) => boolean): number | undefined {
    if (this.sharing === "Disabled") return undefined;
    return this.#randomPort((clients) => clients.get(client)?.every(canShare) === true);
  }

  add(port: number, client: string, reservation: R): void {
    const clients = this.#ports.get(port);
    if (clients === undefined) throw new Error(`port ${port} is not in the range`);
    clients.set(client, [...(clients.get(client) ?? []), reservation]);
    this.#count(client, 1);
  }

  /** Returns the reservations to which a connection from the client to the port can belong. */
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

  /** Yields the reservations that prevent a new reservation of the client. */
  *conflicts(client: string): Generator<R> {
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

  /** Returns one of the matching ports, each with the same probability. */
  #randomPort(matches: (clients: PortHolders<R>) => boolean): number | undefined {
    for (let tries = 0; tries < TRIES; tries++) {
      const chosen = this.#list[this.#random(this.#list.length)];
      if (chosen !== undefined && matches(chosen[1])) return chosen[0];
    }
    const ports = this.#list.filter(([, clients]) => matches(clients));
    return ports.length === 0 ? undefined : ports[this.#random(ports.length)]?.[0];
  }
}
