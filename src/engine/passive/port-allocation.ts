import type { EngineConfig } from "../../api/engine-config.ts";

export type PortSharing = EngineConfig["passive"]["portSharing"];

/**
 * Number of random ports that the engine tries before it searches all ports. If few ports are reserved, the first
 * random port is nearly always available.
 */
const TRIES = 4;

/** Reservations on one port, keyed by client. */
type PortHolders<R> = ReadonlyMap<string, readonly R[]>;

/**
 * Reservations on all passive ports, keyed by port and client. With port sharing, every client can use all ports
 * independently of other clients. Without port sharing, a port has at most one reservation. This class uses no sockets
 * or timers.
 */
export class PortAllocation<R> {
  /** Sharing mode for new reservations. Existing reservations do not change. */
  sharing: PortSharing;
  readonly #ports: Map<number, Map<string, readonly R[]>>;
  /** Entries of `#ports`, accessible by index. */
  readonly #list: readonly (readonly [port: number, clients: PortHolders<R>])[];
  readonly #random: (below: number) => number;
  /** Number of reservations per client. */
  readonly #held = new Map<string, number>();
  #size = 0;

  /** @param random returns an integer from 0 to `below` - 1 that clients cannot predict */
  constructor(ports: Iterable<number>, sharing: PortSharing, random: (below: number) => number) {
    this.sharing = sharing;
    this.#ports = new Map([...ports].map((port) => [port, new Map<string, readonly R[]>()]));
    this.#list = [...this.#ports];
    this.#random = random;
  }

  /** Total number of reservations. */
  get size(): number {
    return this.#size;
  }

  /** Returns the number of reservations that a client holds. */
  heldBy(client: string): number {
    return this.#held.get(client) ?? 0;
  }

  /** Returns a random port that the client can reserve exclusively. Returns undefined when no port is available. */
  freePort(client: string): number | undefined {
    return this.#randomPort((clients) =>
      this.sharing === "Enabled" ? !clients.has(client) : clients.size === 0,
    );
  }

  /**
   * Returns a random port on which the client can share every existing reservation. Returns undefined when no port is
   * available.
   */
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

  /** Returns the reservations that a connection from the client to the port can match. */
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

  /** Yields the reservations that can prevent a new reservation for the client. */
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

  /** Returns a random matching port. Selects every matching port with the same probability. */
  #randomPort(matches: (clients: PortHolders<R>) => boolean): number | undefined {
    for (let tries = 0; tries < TRIES; tries++) {
      const chosen = this.#list[this.#random(this.#list.length)];
      if (chosen !== undefined && matches(chosen[1])) return chosen[0];
    }
    const ports = this.#list.filter(([, clients]) => matches(clients));
    return ports.length === 0 ? undefined : ports[this.#random(ports.length)]?.[0];
  }
}
