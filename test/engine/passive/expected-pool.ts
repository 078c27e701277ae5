/** A model that predicts the reservations in the passive pool, and how the pool handles connections. */
import type { PortSharing } from "../../../src/engine/passive/port-allocation.ts";
import { RECLAIM_AFTER } from "../../../src/engine/passive/port-pool.ts";
import { type PassiveSource, UNUSED_RESERVATION_TIMEOUT } from "../../../src/engine/passive/reservation.ts";
import type { TlsClient } from "../../../src/engine/tls/session-affinity.ts";
import type { ManualClock } from "../../support/engine/manual-clock.ts";
import {
  type ExpectedReservation,
  decisionOf,
  holdsPort,
  type SessionOwners,
  type PendingClient,
} from "./expected-reservations.ts";

export class ExpectedPool {
  readonly clock: ManualClock;
  sharing: PortSharing = "Enabled";
  readonly reservations: ExpectedReservation[] = [];
  pending: PendingClient[] = [];
  /** Expected number of dropped connections. */
  unmatched = 0;
  readonly #ports: readonly number[];
  /** TLS session owners, keyed by connection tag. */
  readonly #owners = new Map<string, SessionOwners>();

  constructor(clock: ManualClock, ports: readonly number[]) {
    this.clock = clock;
    this.#ports = ports;
  }

  /** Adds a new reservation. */
  add(made: Pick<ExpectedReservation, "client" | "tlsClient" | "source" | "shared">): void {
    const madeAt = this.clock.now();
    this.reservations.push({
      ...made,
      madeAt,
      endsAt: madeAt + UNUSED_RESERVATION_TIMEOUT,
      state: "Reserved",
      awaitedAt: 0,
      held: undefined,
      ambiguous: false,
      rejected: false,
      decision: undefined,
      tag: undefined,
      opened: undefined,
    });
  }

  /**
   * Returns the permitted ports for a new reservation: free ports, or if no port is free, ports that can be shared.
   */
  allowedPorts(client: string, tlsClient: TlsClient | undefined): number[] {
    const owner = this.sharing === "Enabled" ? client : undefined;
    const free = this.#ports.filter((port) => this.holders(port, owner).length === 0);
    if (free.length > 0 || this.sharing === "Disabled") return free;
    return this.#ports.filter((port) =>
      this.holders(port, client).every(
        (holder) => holder.tlsClient !== undefined && tlsClient?.isDistinctFrom(holder.tlsClient) === true,
      ),
    );
  }

  /** Returns the reservations that can be replaced, oldest first. */
  replaceable(client: string): ExpectedReservation[] {
    return this.reservations
      .filter(({ state }) => state === "Reserved")
      .filter((reservation) => this.sharing === "Disabled" || reservation.client === client)
      .filter(({ madeAt }) => madeAt <= this.clock.now() - RECLAIM_AFTER)
      .toSorted((a, b) => a.madeAt - b.madeAt);
  }

  /** Adds a reservation for a port that the pool granted. Other reservations can share the port. */
  grant(client: string, tlsClient: TlsClient | undefined, source: PassiveSource): void {
    const others = this.holders(source.port, client);
    for (const other of others) {
      other.shared = true;
      other.held = undefined;
    }
    this.review(source.port, client);
    this.add({ client, tlsClient, source, shared: others.length > 0 });
  }

  /** Returns the times of expected timeouts, decisions and handshakes. */
  eventTimes(): number[] {
    return [
      ...this.reservations.filter(({ state }) => state !== "Over").map(({ endsAt }) => endsAt),
      ...this.reservations.map(({ decision }) => decision?.at ?? Infinity),
      ...this.pending.map(({ startsAt }) => startsAt),
    ];
  }

  /** Ends the reservations that have expired at the time `now`, and makes the decisions that are due. */
  expire(now: number): void {
    for (const reservation of this.reservations) {
      if (reservation.endsAt <= now && reservation.state !== "Over") this.end(reservation);
      else if (
        holdsPort(reservation.state) &&
        reservation.decision !== undefined &&
        reservation.decision.at <= now
      )
        this.decide(reservation);
    }
  }

  holders(port: number, client?: string): ExpectedReservation[] {
    return this.reservations.filter(
      ({ source, state, ...reservation }) =>
        source.port === port && holdsPort(state) && (client === undefined || reservation.client === client),
    );
  }

  /** Returns the pending client connections to a port. */
  pendingAt(port: number, client: string): PendingClient[] {
    return this.pending.filter((one) => one.port === port && one.client === client);
  }

  /** Records which TLS clients currently own a TLS session key, because each assigned connection changes the owners. */
  recordOwners(tag: string, key: string | undefined): void {
    const tlsClients = this.reservations.flatMap(({ tlsClient }) => tlsClient ?? []);
    this.#owners.set(tag, {
      own: new Set(tlsClients.filter((tlsClient) => tlsClient.relationTo(key) === "Own")),
      unknown: new Set(
        tlsClients.filter((tlsClient) => tlsClient.relationTo(key) === "Unknown" && !tlsClient.alwaysResumes),
      ),
      sharing: new Set(tlsClients.filter((tlsClient) => tlsClient.owns(key))),
    });
  }

  /** Assigns a connection to a reservation after its TLS handshake. */
  assign(connection: PendingClient): void {
    const { port, client, tag = "" } = connection;
    const holders = this.holders(port, client);
    const now = this.#owners.get(tag);
    const isShared = holders.length > 1 || holders[0]?.shared === true;
    const [owner, ...rivals] = holders.filter(isIn(isShared ? now?.sharing : now?.own));
    const [candidate] = isShared ? [] : holders.filter(isIn(now?.unknown));
    if (owner !== undefined && rivals.length === 0) this.deliver(owner, tag);
    else if (candidate !== undefined) this.#hold(candidate, connection);
    else this.reject(connection);
  }

  #hold(reservation: ExpectedReservation, connection: PendingClient): void {
    if (!reservation.ambiguous && reservation.held === undefined) {
      reservation.held = { tag: connection.tag ?? "", at: this.clock.now() };
      return;
    }
    reservation.held = undefined;
    reservation.ambiguous = true;
    this.reject(connection);
  }

  reject({ port, client }: Pick<PendingClient, "port" | "client">): void {
    this.unmatched += 1;
    for (const holder of this.holders(port, client)) holder.rejected = true;
  }

  deliver(reservation: ExpectedReservation, tag: string): void {
    reservation.tag = tag;
    reservation.state = reservation.state === "Awaited" ? "Over" : "Connected";
    reservation.held = undefined;
    this.#release(reservation);
  }

  /** Drops the pending connections on the port if it has no other reservation. */
  #release({ source: { port }, client }: ExpectedReservation): void {
    if (this.holders(port, client).length > 0) return;
    const unwanted = this.pendingAt(port, client);
    this.unmatched += unwanted.length;
    this.pending = this.pending.filter((one) => !unwanted.includes(one));
  }

  end(reservation: ExpectedReservation): void {
    const heldPort = holdsPort(reservation.state);
    reservation.state = "Over";
    if (heldPort) this.#release(reservation);
  }

  review(port: number, client: string): void {
    const others = this.pendingAt(port, client).length;
    for (const reservation of this.holders(port, client)) {
      reservation.decision = decisionOf(reservation, others, this.clock.now());
      if (reservation.decision !== undefined && reservation.decision.at <= this.clock.now())
        this.decide(reservation);
    }
  }

  decide(reservation: ExpectedReservation): void {
    const { held, decision } = reservation;
    reservation.decision = undefined;
    if (decision?.takes === true && held !== undefined) this.deliver(reservation, held.tag);
    else this.end(reservation);
  }
}

function isIn(group: ReadonlySet<TlsClient> | undefined): (reservation: ExpectedReservation) => boolean {
  return ({ tlsClient }) => tlsClient !== undefined && group?.has(tlsClient) === true;
}
