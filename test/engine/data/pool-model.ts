/** A real passive pool on loopback, and beside it a plain list of what it should hold. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { ClientKeys } from "../../../src/engine/data/client-keys.ts";
import { PassivePool, PORT_WAIT, RECLAIM_AFTER } from "../../../src/engine/data/passive-pool.ts";
import { UNUSED_RESERVATION_TIMEOUT } from "../../../src/engine/data/passive-reservation.ts";
import type { PortSharing } from "../../../src/engine/data/reservation-book.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import { clientOf } from "../../../src/engine/proxy-protocol/proxies.ts";
import type { TlsMember } from "../../../src/engine/tls/families.ts";
import { ManualClock } from "../manual-clock.ts";
import { type Claim, firstWords, inBook, type Unidentified, until, type Waiter } from "./pool-claims.ts";
import { makeServer, TestLog } from "../wire/server.ts";

const PORT_COUNT = 2;
/** Between transfer command and connection, in milliseconds. */
const OPEN_TIMEOUT = 15_000;
export class ModelledPool {
  readonly pool: PassivePool;
  readonly clock: ManualClock;
  readonly #first: number;
  #claims: Claim[] = [];
  #waiters: Waiter[] = [];
  #unidentified: Unidentified[] = [];
  readonly #sockets: Socket[] = [];
  #sharing: PortSharing = "Enabled";
  readonly #counts = { reservations: 0, strays: 0, events: 0 };
  #tags = 0;

  private constructor(first: number) {
    this.#first = first;
    this.clock = new ManualClock();
    const count = this.#counts;
    // The observer that tests share has the rest of its calls.
    const { observer } = makeServer({}, { first, last: first }).server;
    this.pool = new PassivePool({
      ports: { first, last: first + PORT_COUNT - 1 },
      sharing: this.#sharing,
      clients: new ClientKeys([]),
      clock: this.clock,
      log: new TestLog(),
      observer: {
        ...observer,
        passiveReservations(now): void {
          if (now < count.reservations) count.events += 1;
          count.reservations = now;
        },
        strayConnection(): void {
          count.strays += 1;
          count.events += 1;
        },
      },
      addressOf: clientOf,
      // The handshake is that a client says which TLS session it resumes.
      identify: async (socket) => {
        const said = await firstWords(socket);
        if (said === undefined) throw new EngineError("DataConnectionFailed", "no handshake");
        socket.unshift(said);
        return { data: socket, key: said.split(" ")[1] };
      },
    });
  }

  /** On ports that nobody has. */
  static async listen(): Promise<ModelledPool> {
    for (;;) {
      const made = new ModelledPool(randomInt(20_000, 30_000));
      if (
        await made.pool
          .listen()
          .then(() => true)
          .catch(() => false)
      )
        return made;
    }
  }

  get #ports(): number[] {
    return Array.from({ length: PORT_COUNT }, (_, index) => this.#first + index);
  }

  #holders(port: number, client?: string): Claim[] {
    return this.#claims.filter(
      ({ source, state, ...claim }) =>
        source.port === port && inBook(state) && (client === undefined || claim.client === client),
    );
  }

  /** The ports that a newcomer may get: those it has for itself, and if there are none those it may join. */
  #allowed(client: string, member: TlsMember | undefined): number[] {
    const whose = this.#sharing === "Enabled" ? client : undefined;
    const free = this.#ports.filter((port) => this.#holders(port, whose).length === 0);
    if (free.length > 0 || this.#sharing === "Disabled") return free;
    return this.#ports.filter((port) =>
      this.#holders(port, client).every(
        (holder) =>
          holder.member?.proven === true && member?.proven === true && !member.isFamily(holder.member),
      ),
    );
  }

  async reserve(client: string, member: TlsMember | undefined): Promise<void> {
    const fits = this.#allowed(client, member).length > 0;
    const [oldest, second] = this.#unusedRivals(client);
    // Two that are as old as each other: which one gives way is nobody's business.
    if (!fits && oldest?.madeAt === second?.madeAt && oldest !== undefined) return;
    if (!fits && oldest !== undefined) oldest.state = "Over";
    const waiter: Waiter = { client, member, until: this.clock.now() + PORT_WAIT, outcome: undefined };
    void this.pool.reserve(client, member).then(
      (source) => (waiter.outcome = source),
      (error: unknown) => (waiter.outcome = error instanceof EngineError ? error : undefined),
    );
    this.#waiters.push(waiter);
    await this.#settle();
    if (fits) assert.ok(waiter.outcome !== undefined, "a port was free, and the client waits");
  }

  /** Reservations that may give way, the oldest first. */
  #unusedRivals(client: string): Claim[] {
    return this.#claims
      .filter(({ state }) => state === "Reserved")
      .filter((claim) => this.#sharing === "Disabled" || claim.client === client)
      .filter(({ madeAt }) => madeAt <= this.clock.now() - RECLAIM_AFTER)
      .toSorted((a, b) => a.madeAt - b.madeAt);
  }

  async release(index: number): Promise<void> {
    const claim = this.#claims[index % this.#claims.length];
    if (claim === undefined) return;
    claim.state = "Over";
    claim.source.dispose();
    await this.#settle();
  }

  /** The transfer command. */
  async open(index: number): Promise<void> {
    const claim = this.#claims[index % this.#claims.length];
    if (claim?.opened !== undefined || claim === undefined) return;
    claim.opened = claim.source.open(OPEN_TIMEOUT).then(firstWords, () => undefined);
    claim.endsAt = this.clock.now() + OPEN_TIMEOUT;
    // Given up before, with the connection that it may have had.
    if (claim.state === "Over") claim.tag = undefined;
    claim.state = claim.state === "Reserved" ? "Awaited" : "Over";
    await this.#settle();
  }

  /** A connection from a client's address, or a stranger's. @param late says whose it is only when `identify` lets it */
  async connect(client: string, offset: number, key: string, late: boolean): Promise<void> {
    const port = this.#first + (offset % PORT_COUNT);
    const holders = this.#holders(port, client);
    const mustSay = holders.length > 1 || holders[0]?.shared === true;
    const before = { ...this.#counts };
    const socket = connect({ port, host: "127.0.0.1", localAddress: client });
    this.#sockets.push(socket.on("error", () => {}));
    await once(socket, "connect");
    const connection = { socket, port, client, key };
    if (mustSay && late) this.#unidentified.push(connection);
    else if (mustSay) await this.#say(connection);
    else await this.#expect(holders[0], this.#speak(connection), before);
  }

  async identify(index: number): Promise<void> {
    const [connection] = this.#unidentified.splice(index % Math.max(1, this.#unidentified.length), 1);
    if (connection !== undefined) await this.#say(connection);
  }

  async #say(connection: Unidentified): Promise<void> {
    const before = { ...this.#counts };
    const owners = this.#holders(connection.port, connection.client).filter(({ member }) =>
      member?.owns(connection.key),
    );
    const tag = this.#speak(connection);
    await this.#expect(owners.length === 1 ? owners[0] : undefined, tag, before);
  }

  #speak({ socket, key }: Unidentified): string {
    const tag = `${++this.#tags} ${key}`;
    socket.write(tag);
    return tag;
  }

  /** Waits until the pool has done something with a connection: given it to this one, or to nobody. */
  async #expect(
    owner: Claim | undefined,
    tag: string,
    before: { events: number; strays: number },
  ): Promise<void> {
    const strays = before.strays + (owner === undefined ? 1 : 0);
    await until(() => this.#counts.events > before.events, "a connection is neither taken nor dropped");
    assert.equal(this.#counts.strays, strays, owner ? "its own connection was dropped" : "a stray was taken");
    if (owner !== undefined) {
      owner.tag = tag;
      owner.state = owner.state === "Awaited" ? "Over" : "Connected";
    }
    await this.#settle();
  }

  async share(sharing: PortSharing): Promise<void> {
    this.#sharing = sharing;
    this.pool.reconfigure(sharing, new ClientKeys([]));
    await this.#settle();
  }

  /** Moves time on, from one event to the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.clock.now() + milliseconds;
    while (this.clock.now() < end) {
      const due = [
        ...this.#claims.filter(({ state }) => state !== "Over").map(({ endsAt }) => endsAt),
        ...this.#waiters.map(({ until }) => until),
      ].filter((at) => at > this.clock.now());
      const next = Math.min(end, ...due);
      this.clock.advance(next - this.clock.now());
      for (const claim of this.#claims) if (claim.endsAt <= next) claim.state = "Over";
      await this.#settle();
    }
  }

  /** Takes notice of everyone who waited, in order, and compares. */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    for (const waiter of this.#waiters.filter(({ outcome }) => outcome !== undefined)) this.#served(waiter);
    this.#waiters = this.#waiters.filter(({ outcome }) => outcome === undefined);
    for (const { client, member, until } of this.#waiters) {
      assert.ok(until > this.clock.now(), "someone waits for too long");
      assert.deepEqual(this.#allowed(client, member), [], "someone waits for a port that is free");
    }
    const held = this.#claims.filter(({ state }) => inBook(state)).length;
    assert.equal(this.#counts.reservations, held, "as many reservations as there should be");
  }

  #served({ client, member, until, outcome }: Waiter): void {
    if (outcome === undefined) return;
    if (outcome instanceof EngineError) {
      assert.equal(outcome.code, "PassivePortsExhausted");
      assert.equal(until, this.clock.now(), "refused before its time");
      return;
    }
    assert.ok(this.#allowed(client, member).includes(outcome.port), "a port that it may not have");
    const others = this.#holders(outcome.port, client);
    for (const other of others) other.shared = true;
    const madeAt = this.clock.now();
    const endsAt = madeAt + UNUSED_RESERVATION_TIMEOUT;
    const state = {
      state: "Reserved",
      shared: others.length > 0,
      tag: undefined,
      opened: undefined,
    } as const;
    this.#claims.push({ client, member, source: outcome, madeAt, endsAt, ...state });
  }

  /** Whatever state it is in. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await this.pool.close();
  }

  async #end(claim: Claim): Promise<void> {
    // Nobody will come any more.
    if (claim.state === "Awaited") claim.source.dispose();
    if (claim.opened !== undefined) assert.equal(await claim.opened, claim.tag, "another's connection");
    claim.source.dispose();
    await this.#settle();
  }

  /** Ends everything: each connection went where it belongs, and nothing is left. */
  async end(): Promise<void> {
    for (const { socket } of this.#unidentified) socket.destroy();
    // Whoever waits gets a port that someone leaves.
    while (this.#claims.length > 0 || this.#waiters.length > 0) {
      const claim = this.#claims.shift();
      if (claim === undefined) await this.advance(PORT_WAIT);
      else await this.#end(claim);
    }
    assert.equal(this.#counts.reservations, 0, "a port is still reserved");
    assert.equal(this.clock.pending, 0, "a timer is left");
  }
}
