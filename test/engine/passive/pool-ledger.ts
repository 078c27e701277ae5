/** A simple model of the expected contents of the passive pool, and of its handling of a connection. */
import { UNUSED_RESERVATION_TIMEOUT } from "../../../src/engine/passive/reservation.ts";
import type { TlsClient } from "../../../src/engine/tls/session-affinity.ts";
import type { ManualClock } from "../../support/engine/manual-clock.ts";
import { type Claim, decisionOf, inBook, type SessionsNow, type Unidentified } from "./pool-claims.ts";

export class PoolLedger {
  readonly clock: ManualClock;
  readonly claims: Claim[] = [];
  unidentified: Unidentified[] = [];
  /** How many connections should have been dropped. */
  strays = 0;
  /** By what connections have said. */
  readonly #seen = new Map<string, SessionsNow>();

  constructor(clock: ManualClock) {
    this.clock = clock;
  }

  /** A new reservation. */
  add(made: Pick<Claim, "client" | "tlsClient" | "source" | "shared">): void {
    const madeAt = this.clock.now();
    this.claims.push({
      ...made,
      madeAt,
      endsAt: madeAt + UNUSED_RESERVATION_TIMEOUT,
      state: "Reserved",
      awaitedAt: 0,
      held: undefined,
      contested: false,
      refused: false,
      decision: undefined,
      tag: undefined,
      opened: undefined,
    });
  }

  holders(port: number, client?: string): Claim[] {
    return this.claims.filter(
      ({ source, state, ...claim }) =>
        source.port === port && inBook(state) && (client === undefined || claim.client === client),
    );
  }

  /** Connections that wait on a port to be identified. */
  waitingAt(port: number, client: string): Unidentified[] {
    return this.unidentified.filter((one) => one.port === port && one.client === client);
  }

  /** Keeps what a key means at this moment: each connection that is judged changes that. */
  see(tag: string, key: string | undefined): void {
    const tlsClients = this.claims.flatMap(({ tlsClient }) => tlsClient ?? []);
    this.#seen.set(tag, {
      own: new Set(tlsClients.filter((tlsClient) => tlsClient.relationTo(key) === "Own")),
      unknown: new Set(
        tlsClients.filter((tlsClient) => tlsClient.relationTo(key) === "Unknown" && !tlsClient.alwaysResumes),
      ),
      family: new Set(tlsClients.filter((tlsClient) => tlsClient.owns(key))),
    });
  }

  /** After its handshake. */
  judge(connection: Unidentified): void {
    const { port, client, tag = "" } = connection;
    const holders = this.holders(port, client);
    const now = this.#seen.get(tag);
    const isShared = holders.length > 1 || holders[0]?.shared === true;
    const [owner, ...rivals] = holders.filter(isIn(isShared ? now?.family : now?.own));
    const [guest] = isShared ? [] : holders.filter(isIn(now?.unknown));
    if (owner !== undefined && rivals.length === 0) this.deliver(owner, tag);
    else if (guest !== undefined) this.#hold(guest, connection);
    else this.turnAway(connection);
  }

  #hold(claim: Claim, connection: Unidentified): void {
    if (!claim.contested && claim.held === undefined) {
      claim.held = { tag: connection.tag ?? "", at: this.clock.now() };
      return;
    }
    claim.held = undefined;
    claim.contested = true;
    this.turnAway(connection);
  }

  turnAway({ port, client }: Pick<Unidentified, "port" | "client">): void {
    this.strays += 1;
    for (const holder of this.holders(port, client)) holder.refused = true;
  }

  deliver(claim: Claim, tag: string): void {
    claim.tag = tag;
    claim.state = claim.state === "Awaited" ? "Over" : "Connected";
    claim.held = undefined;
    this.#leave(claim);
  }

  /** Nobody waits any more for those that stand on a port without reservations. */
  #leave({ source: { port }, client }: Claim): void {
    if (this.holders(port, client).length > 0) return;
    const unwanted = this.waitingAt(port, client);
    this.strays += unwanted.length;
    this.unidentified = this.unidentified.filter((one) => !unwanted.includes(one));
  }

  end(claim: Claim): void {
    const wasInBook = inBook(claim.state);
    claim.state = "Over";
    if (wasInBook) this.#leave(claim);
  }

  review(port: number, client: string): void {
    const others = this.waitingAt(port, client).length;
    for (const claim of this.holders(port, client)) {
      claim.decision = decisionOf(claim, others, this.clock.now());
      if (claim.decision !== undefined && claim.decision.at <= this.clock.now()) this.decide(claim);
    }
  }

  decide(claim: Claim): void {
    const { held, decision } = claim;
    claim.decision = undefined;
    if (decision?.takes === true && held !== undefined) this.deliver(claim, held.tag);
    else this.end(claim);
  }
}

function isIn(group: ReadonlySet<TlsClient> | undefined): (claim: Claim) => boolean {
  return ({ tlsClient }) => tlsClient !== undefined && group?.has(tlsClient) === true;
}
