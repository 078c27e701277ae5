/** A real passive pool on loopback, and beside it a plain list of what it should hold. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { ClientKeys, clientOf } from "../../../src/engine/client-address.ts";
import type { DataProtection } from "../../../src/engine/transfer/data-protection.ts";
import { EARLY_HELLO_WAIT } from "../../../src/engine/passive/matching.ts";
import { PassivePortPool, PORT_WAIT, RECLAIM_AFTER } from "../../../src/engine/passive/port-pool.ts";
import type { PortSharing } from "../../../src/engine/passive/port-allocation.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import type { TlsClient } from "../../../src/engine/tls/session-affinity.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { type Claim, firstWords, inBook, type Unidentified, until, type Waiter } from "./pool-claims.ts";
import { PoolLedger } from "./pool-ledger.ts";
import { makeServer, TestLog } from "../../support/engine/server.ts";

const PORT_COUNT = 2;
/** Between transfer command and connection, in milliseconds. */
const OPEN_TIMEOUT = 15_000;

export class ModelledPool {
  readonly pool: PassivePortPool;
  readonly clock: ManualClock;
  readonly #first: number;
  readonly #ledger: PoolLedger;
  #waiters: Waiter[] = [];
  readonly #sockets: Socket[] = [];
  #sharing: PortSharing = "Enabled";
  readonly #counts = { reservations: 0, strays: 0, accepted: 0, shaken: 0 };
  /** How many handshakes there should have been. */
  #shaken = 0;
  #tags = 0;

  private constructor(first: number) {
    this.#first = first;
    this.clock = new ManualClock();
    this.#ledger = new PoolLedger(this.clock);
    const count = this.#counts;
    // The observer that tests share has the rest of its calls.
    const { observer } = makeServer({}, { first, last: first }).engine.services;
    this.pool = new PassivePortPool({
      ports: { first, last: first + PORT_COUNT - 1 },
      sharing: this.#sharing,
      clients: new ClientKeys([]),
      clock: this.clock,
      log: new TestLog(),
      observer: {
        ...observer,
        passiveReservations: (now) => void (count.reservations = now),
        unmatchedConnection: () => void (count.strays += 1),
      },
      addressOf(socket) {
        count.accepted += 1;
        return clientOf(socket);
      },
    });
  }

  /** The handshake is that a client says which TLS session it resumes. */
  #protectionOf(tlsClient: TlsClient): DataProtection {
    const count = this.#counts;
    const ledger = this.#ledger;
    return {
      tlsClient,
      get mustResume() {
        return tlsClient.alwaysResumes;
      },
      async handshake(socket) {
        const said = await firstWords(socket);
        count.shaken += 1;
        if (said === undefined) throw new EngineError("DataConnectionFailed", "no handshake");
        socket.unshift(said);
        const key = said.split(" ")[1];
        ledger.see(said, key);
        return { data: socket, key };
      },
    };
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

  /** The ports that a newcomer may get: those it has for itself, and if there are none those it may join. */
  #allowed(client: string, tlsClient: TlsClient | undefined): number[] {
    const whose = this.#sharing === "Enabled" ? client : undefined;
    const free = this.#ports.filter((port) => this.#ledger.holders(port, whose).length === 0);
    if (free.length > 0 || this.#sharing === "Disabled") return free;
    return this.#ports.filter((port) =>
      this.#ledger
        .holders(port, client)
        .every(
          (holder) =>
            holder.tlsClient?.proven === true &&
            tlsClient?.proven === true &&
            !tlsClient.sharesSessionsWith(holder.tlsClient),
        ),
    );
  }

  async reserve(client: string, tlsClient: TlsClient | undefined): Promise<void> {
    const fits = this.#allowed(client, tlsClient).length > 0;
    const [oldest, second] = this.#unusedRivals(client);
    // Two that are as old as each other: which one gives way is nobody's business.
    if (!fits && oldest?.madeAt === second?.madeAt && oldest !== undefined) return;
    if (!fits && oldest !== undefined) this.#ledger.end(oldest);
    const waiter: Waiter = { client, tlsClient, until: this.clock.now() + PORT_WAIT, outcome: undefined };
    void this.pool.reserve(client, tlsClient && this.#protectionOf(tlsClient)).then(
      (source) => (waiter.outcome = source),
      (error: unknown) => (waiter.outcome = error instanceof EngineError ? error : undefined),
    );
    this.#waiters.push(waiter);
    await this.#settle();
    if (fits) assert.ok(waiter.outcome !== undefined, "a port was free, and the client waits");
  }

  /** Reservations that may give way, the oldest first. */
  #unusedRivals(client: string): Claim[] {
    return this.#ledger.claims
      .filter(({ state }) => state === "Reserved")
      .filter((claim) => this.#sharing === "Disabled" || claim.client === client)
      .filter(({ madeAt }) => madeAt <= this.clock.now() - RECLAIM_AFTER)
      .toSorted((a, b) => a.madeAt - b.madeAt);
  }

  async release(index: number): Promise<void> {
    const claim = this.#ledger.claims[index % this.#ledger.claims.length];
    if (claim === undefined) return;
    this.#ledger.end(claim);
    claim.source.dispose();
    await this.#settle();
  }

  /** The transfer command. */
  async open(index: number): Promise<void> {
    const claim = this.#ledger.claims[index % this.#ledger.claims.length];
    if (claim?.opened !== undefined || claim === undefined) return;
    claim.opened = claim.source.open(OPEN_TIMEOUT, "Upload").then(firstWords, () => undefined);
    claim.endsAt = this.clock.now() + OPEN_TIMEOUT;
    // Given up before, with the connection that it may have had.
    if (claim.state === "Over") claim.tag = undefined;
    claim.state = claim.state === "Reserved" ? "Awaited" : "Over";
    claim.awaitedAt = this.clock.now();
    const { client, source } = claim;
    if (claim.state === "Awaited") {
      this.#ledger.review(source.port, client);
      await this.#handshake(
        this.#ledger.waitingAt(source.port, client).filter(({ tag }) => tag !== undefined),
      );
    }
    await this.#settle();
  }

  /** A connection from a client's address, its own or somebody's, or from another one. @param late says nothing until `speak` */
  async connect(client: string, offset: number, key: string, late: boolean): Promise<void> {
    const port = this.#first + (offset % PORT_COUNT);
    const holders = this.#ledger.holders(port, client);
    const accepted = this.#counts.accepted;
    const socket = connect({ port, host: "127.0.0.1", localAddress: client });
    this.#sockets.push(socket.on("error", () => {}));
    await once(socket, "connect");
    const tag = `${++this.#tags} ${key}`;
    const [only] = holders;
    if (only === undefined) this.#ledger.strays += 1;
    else if (only.tlsClient === undefined) {
      socket.write(tag);
      this.#ledger.deliver(only, tag);
    } else this.#ledger.unidentified.push({ socket, port, client, key, tag: undefined, startsAt: Infinity });
    await until(() => this.#counts.accepted > accepted, "a connection is not accepted");
    this.#ledger.review(port, client);
    await this.#settle();
    const last = this.#ledger.unidentified.length - 1;
    if (!late && only?.tlsClient !== undefined) await this.speak(last);
  }

  /** A connection says which TLS session it resumes. */
  async speak(index: number): Promise<void> {
    const silent = this.#ledger.unidentified.filter(({ tag }) => tag === undefined);
    const connection = silent[index % silent.length] ?? this.#ledger.unidentified[index];
    if (connection === undefined || connection.tag !== undefined) return;
    connection.tag = `${++this.#tags} ${connection.key}`;
    connection.startsAt = this.clock.now() + EARLY_HELLO_WAIT;
    const timers = this.clock.pending;
    connection.socket.write(connection.tag);
    const holders = this.#ledger.holders(connection.port, connection.client);
    if (holders.length > 1 || holders.some(({ state }) => state === "Awaited"))
      await this.#handshake([connection]);
    else await until(() => this.clock.pending > timers, "nobody has heard a connection");
    await this.#settle();
  }

  /** One that has not said anything is closed by its client. */
  async hangUp(index: number): Promise<void> {
    const silent = this.#ledger.unidentified.filter(({ tag }) => tag === undefined);
    const connection = silent[index % silent.length];
    if (connection === undefined) return;
    this.#ledger.unidentified.splice(this.#ledger.unidentified.indexOf(connection), 1);
    connection.socket.destroy();
    this.#ledger.turnAway(connection);
    this.#ledger.review(connection.port, connection.client);
    await this.#settle();
  }

  async #handshake(connections: readonly Unidentified[]): Promise<void> {
    this.#shaken += connections.length;
    await until(() => this.#counts.shaken === this.#shaken, "a handshake does not start");
    for (const connection of connections) {
      const at = this.#ledger.unidentified.indexOf(connection);
      // The one before it was the one that was waited for.
      if (at === -1) continue;
      this.#ledger.unidentified.splice(at, 1);
      this.#ledger.judge(connection);
      this.#ledger.review(connection.port, connection.client);
    }
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
        ...this.#ledger.claims.filter(({ state }) => state !== "Over").map(({ endsAt }) => endsAt),
        ...this.#ledger.claims.map(({ decision }) => decision?.at ?? Infinity),
        ...this.#ledger.unidentified.map(({ startsAt }) => startsAt),
        ...this.#waiters.map(({ until }) => until),
      ].filter((at) => at > this.clock.now());
      const next = Math.min(end, ...due);
      this.clock.advance(next - this.clock.now());
      for (const claim of this.#ledger.claims) {
        if (claim.endsAt <= next && claim.state !== "Over") this.#ledger.end(claim);
        else if (inBook(claim.state) && claim.decision !== undefined && claim.decision.at <= next)
          this.#ledger.decide(claim);
      }
      await this.#handshake(this.#ledger.unidentified.filter(({ startsAt }) => startsAt === next));
      await this.#settle();
    }
  }

  /** Takes notice of everyone who waited, in order, and compares. */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    for (const waiter of this.#waiters.filter(({ outcome }) => outcome !== undefined)) this.#served(waiter);
    this.#waiters = this.#waiters.filter(({ outcome }) => outcome === undefined);
    for (const { client, tlsClient, until } of this.#waiters) {
      assert.ok(until > this.clock.now(), "someone waits for too long");
      assert.deepEqual(this.#allowed(client, tlsClient), [], "someone waits for a port that is free");
    }
    const held = this.#ledger.claims.filter(({ state }) => inBook(state)).length;
    assert.equal(this.#counts.reservations, held, "as many reservations as there should be");
    await until(() => this.#counts.strays >= this.#ledger.strays, "a stray was taken");
    assert.equal(this.#counts.strays, this.#ledger.strays, "a connection was dropped that was somebody's");
  }

  #served({ client, tlsClient, until, outcome }: Waiter): void {
    if (outcome === undefined) return;
    if (outcome instanceof EngineError) {
      assert.equal(outcome.code, "PassivePortsExhausted");
      assert.equal(until, this.clock.now(), "refused before its time");
      return;
    }
    assert.ok(this.#allowed(client, tlsClient).includes(outcome.port), "a port that it may not have");
    const others = this.#ledger.holders(outcome.port, client);
    for (const other of others) {
      other.shared = true;
      other.held = undefined;
    }
    this.#ledger.review(outcome.port, client);
    this.#ledger.add({ client, tlsClient, source: outcome, shared: others.length > 0 });
  }

  /** Whatever state it is in. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await this.pool.close();
  }

  async #finish(claim: Claim): Promise<void> {
    // Nobody will come any more.
    if (claim.state === "Awaited") claim.source.dispose();
    if (claim.opened !== undefined) assert.equal(await claim.opened, claim.tag, "another's connection");
    claim.source.dispose();
    this.#ledger.end(claim);
    await this.#settle();
  }

  /** Ends everything: each connection went where it belongs, and nothing is left. */
  async end(): Promise<void> {
    // Whoever waits gets a port that someone leaves.
    while (this.#ledger.claims.length > 0 || this.#waiters.length > 0) {
      const claim = this.#ledger.claims.shift();
      if (claim === undefined) await this.advance(PORT_WAIT);
      else await this.#finish(claim);
    }
    assert.equal(this.#counts.reservations, 0, "a port is still reserved");
    assert.equal(this.clock.pending, 0, "a timer is left");
  }
}
