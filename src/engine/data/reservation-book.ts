import type { EngineConfig } from "../../api/engine-config.ts";

export type PortSharing = EngineConfig["passive"]["portSharing"];

/**
 * Who waits on which passive port. Keyed (port, client): with port sharing every client has the whole range to itself,
 * without it a port has one reservation at a time. Pure: no sockets, no time.
 */
export class ReservationBook<R> {
  /** May change while reservations stand; it decides on new ones. */
  sharing: PortSharing;
  readonly #ports: Map<number, Map<string, R>>;
  readonly #random: (below: number) => number;

  /** @param random a whole number from 0 up to `below` - 1; unguessable, so that ports cannot be predicted */
  constructor(ports: Iterable<number>, sharing: PortSharing, random: (below: number) => number) {
    this.sharing = sharing;
    this.#ports = new Map([...ports].map((port) => [port, new Map<string, R>()]));
    this.#random = random;
  }

  get size(): number {
    return this.#ports.values().reduce((sum, holders) => sum + holders.size, 0);
  }

  /** A random one of the ports that this client could reserve now. */
  freePort(client: string): number | undefined {
    const free = [...this.#ports].filter(([, holders]) =>
      this.sharing === "Enabled" ? !holders.has(client) : holders.size === 0,
    );
    return free.length === 0 ? undefined : free[this.#random(free.length)]?.[0];
  }

  add(port: number, client: string, reservation: R): void {
    const holders = this.#ports.get(port);
    if (holders === undefined || holders.has(client)) throw new Error(`port ${port} is not free`);
    holders.set(client, reservation);
  }

  /** Whose data connection this is; undefined for a stray. */
  find(port: number, client: string): R | undefined {
    return this.#ports.get(port)?.get(client);
  }

  remove(port: number, client: string): void {
    this.#ports.get(port)?.delete(client);
  }

  /** The reservations that stand in this client's way. */
  *rivals(client: string): Generator<R> {
    for (const holders of this.#ports.values()) {
      for (const [holder, reservation] of holders) {
        if (this.sharing === "Disabled" || holder === client) yield reservation;
      }
    }
  }
}
