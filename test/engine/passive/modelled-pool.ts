/** Runs a passive pool on loopback, and compares the pool with a model of its reservations. */
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as nextTick } from "node:timers/promises";
import { ClientKeys, clientOf } from "../../../src/engine/client-address.ts";
import type { DataProtection } from "../../../src/engine/transfer/data-protection.ts";
import { EARLY_HELLO_WAIT } from "../../../src/engine/passive/matching.ts";
import { PassivePortPool, PORT_WAIT } from "../../../src/engine/passive/port-pool.ts";
import type { PortSharing } from "../../../src/engine/passive/port-allocation.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import type { TlsClient } from "../../../src/engine/tls/session-affinity.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import {
  type ExpectedReservation,
  firstBytes,
  holdsPort,
  type PendingClient,
  until,
  type Waiter,
} from "./expected-reservations.ts";
import { ExpectedPool } from "./expected-pool.ts";
import { makeServer, TestLog } from "../../support/engine/server.ts";

const PORT_COUNT = 2;
/** Maximum time in milliseconds between the transfer command and the data connection. */
const OPEN_TIMEOUT = 15_000;

export class ModelledPool {
  readonly pool: PassivePortPool;
  readonly clock: ManualClock;
  readonly #first: number;
  readonly #expected: ExpectedPool;
  #waiters: Waiter[] = [];
  readonly #sockets: Socket[] = [];
  readonly #counts = { reservations: 0, unmatched: 0, accepted: 0, handshakes: 0 };
  /** Expected number of TLS handshakes. */
  #handshakes = 0;
  #tags = 0;

  private constructor(first: number) {
    this.#first = first;
    this.clock = new ManualClock();
    const ports = Array.from({ length: PORT_COUNT }, (_, index) => first + index);
    this.#expected = new ExpectedPool(this.clock, ports);
    const count = this.#counts;
    // The test server supplies the remaining observer methods.
    const { observer } = makeServer({}, { first, last: first }).engine.services;
    this.pool = new PassivePortPool({
      ports: { first, last: first + PORT_COUNT - 1 },
      sharing: this.#expected.sharing,
      clients: new ClientKeys([]),
      clock: this.clock,
      log: new TestLog(),
      observer: {
        ...observer,
        passiveReservations: (now) => void (count.reservations = now),
        unmatchedConnection: () => void (count.unmatched += 1),
      },
      addressOf(socket) {
        count.accepted += 1;
        return clientOf(socket);
      },
    });
  }

  /**
   * Returns a substitute for TLS. Instead of a handshake, the client sends the key of the TLS session that it resumes.
   */
  #protectionOf(tlsClient: TlsClient): DataProtection {
    const count = this.#counts;
    const expected = this.#expected;
    return {
      tlsClient,
      get mustResume() {
        return tlsClient.alwaysResumes;
      },
      async handshake(socket) {
        const bytes = await firstBytes(socket);
        count.handshakes += 1;
        if (bytes === undefined) throw new EngineError("DataConnectionFailed", "no handshake");
        socket.unshift(bytes);
        const key = bytes.split(" ")[1];
        expected.recordOwners(bytes, key);
        return { data: socket, key };
      },
    };
  }

  /** Creates a pool that listens on free ports. */
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

  async reserve(client: string, tlsClient: TlsClient | undefined): Promise<void> {
    const fits = this.#expected.allowedPorts(client, tlsClient).length > 0;
    const [oldest, second] = this.#expected.replaceable(client);
    // If two reservations have the same age, the pool can replace either of them, so the model cannot predict the
    // result.
    if (!fits && oldest?.madeAt === second?.madeAt && oldest !== undefined) return;
    if (!fits && oldest !== undefined) this.#expected.end(oldest);
    const waiter: Waiter = { client, tlsClient, until: this.clock.now() + PORT_WAIT, outcome: undefined };
    const reserved = this.pool.reserve(client, tlsClient && this.#protectionOf(tlsClient));
    void Promise.resolve(reserved).then(
      (source) => (waiter.outcome = source),
      (error: unknown) => (waiter.outcome = error instanceof EngineError ? error : undefined),
    );
    this.#waiters.push(waiter);
    await this.#settle();
    if (fits) assert.ok(waiter.outcome !== undefined, "the request is queued although a port is free");
  }

  async release(index: number): Promise<void> {
    const reservation = this.#expected.reservations[index % this.#expected.reservations.length];
    if (reservation === undefined) return;
    this.#expected.end(reservation);
    reservation.source.dispose();
    await this.#settle();
  }

  /** Sends the transfer command for a reservation. */
  async open(index: number): Promise<void> {
    const reservation = this.#expected.reservations[index % this.#expected.reservations.length];
    if (reservation?.opened !== undefined || reservation === undefined) return;
    reservation.opened = reservation.source.open(OPEN_TIMEOUT, "Upload").then(firstBytes, () => undefined);
    reservation.endsAt = this.clock.now() + OPEN_TIMEOUT;
    // In the state `Over`, the reservation has expired, even if a connection is assigned to it.
    if (reservation.state === "Over") reservation.tag = undefined;
    reservation.state = reservation.state === "Reserved" ? "Awaited" : "Over";
    reservation.awaitedAt = this.clock.now();
    const { client, source } = reservation;
    if (reservation.state === "Awaited") {
      this.#expected.review(source.port, client);
      await this.#handshake(
        this.#expected.pendingAt(source.port, client).filter(({ tag }) => tag !== undefined),
      );
    }
    await this.#settle();
  }

  /** Opens a client connection from an address. @param late whether the connection sends no data until `sendHello` */
  async connect(client: string, offset: number, key: string, late: boolean): Promise<void> {
    const port = this.#first + (offset % PORT_COUNT);
    const holders = this.#expected.holders(port, client);
    const accepted = this.#counts.accepted;
    const socket = connect({ port, host: "127.0.0.1", localAddress: client });
    this.#sockets.push(socket.on("error", () => {}));
    await once(socket, "connect");
    const tag = `${++this.#tags} ${key}`;
    const [only] = holders;
    if (only === undefined) this.#expected.unmatched += 1;
    else if (only.tlsClient === undefined) {
      socket.write(tag);
      this.#expected.deliver(only, tag);
    } else this.#expected.pending.push({ socket, port, client, key, tag: undefined, startsAt: Infinity });
    await until(() => this.#counts.accepted > accepted, "a connection is not accepted");
    this.#expected.review(port, client);
    await this.#settle();
    const last = this.#expected.pending.length - 1;
    if (!late && only?.tlsClient !== undefined) await this.sendHello(last);
  }

  /** Sends the key of the TLS session that a connection resumes. */
  async sendHello(index: number): Promise<void> {
    const silent = this.#expected.pending.filter(({ tag }) => tag === undefined);
    const connection = silent[index % silent.length] ?? this.#expected.pending[index];
    if (connection === undefined || connection.tag !== undefined) return;
    connection.tag = `${++this.#tags} ${connection.key}`;
    connection.startsAt = this.clock.now() + EARLY_HELLO_WAIT;
    const timers = this.clock.pending;
    connection.socket.write(connection.tag);
    const holders = this.#expected.holders(connection.port, connection.client);
    if (holders.length > 1 || holders.some(({ state }) => state === "Awaited"))
      await this.#handshake([connection]);
    else await until(() => this.clock.pending > timers, "the pool has not read the bytes");
    await this.#settle();
  }

  /** Closes a connection on which the client has sent no data. */
  async disconnect(index: number): Promise<void> {
    const silent = this.#expected.pending.filter(({ tag }) => tag === undefined);
    const connection = silent[index % silent.length];
    if (connection === undefined) return;
    this.#expected.pending.splice(this.#expected.pending.indexOf(connection), 1);
    connection.socket.destroy();
    this.#expected.reject(connection);
    this.#expected.review(connection.port, connection.client);
    await this.#settle();
  }

  async #handshake(connections: readonly PendingClient[]): Promise<void> {
    this.#handshakes += connections.length;
    await until(() => this.#counts.handshakes === this.#handshakes, "a handshake does not start");
    for (const connection of connections) {
      const at = this.#expected.pending.indexOf(connection);
      // The pool dropped the connection, because an earlier connection used the reservation.
      if (at === -1) continue;
      this.#expected.pending.splice(at, 1);
      this.#expected.assign(connection);
      this.#expected.review(connection.port, connection.client);
    }
  }

  async share(sharing: PortSharing): Promise<void> {
    this.#expected.sharing = sharing;
    this.pool.reconfigure(sharing, new ClientKeys([]));
    await this.#settle();
  }

  /** Advances the clock in steps from one event to the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.clock.now() + milliseconds;
    while (this.clock.now() < end) {
      const due = [...this.#expected.eventTimes(), ...this.#waiters.map(({ until }) => until)].filter(
        (at) => at > this.clock.now(),
      );
      const next = Math.min(end, ...due);
      this.clock.advance(next - this.clock.now());
      this.#expected.expire(next);
      await this.#handshake(this.#expected.pending.filter(({ startsAt }) => startsAt === next));
      await this.#settle();
    }
  }

  /** Processes completed requests in order. Asserts that the pool is in the state that the model predicts. */
  async #settle(): Promise<void> {
    for (let tick = 0; tick < 5; tick++) await nextTick();
    for (const waiter of this.#waiters.filter(({ outcome }) => outcome !== undefined)) this.#served(waiter);
    this.#waiters = this.#waiters.filter(({ outcome }) => outcome === undefined);
    for (const { client, tlsClient, until } of this.#waiters) {
      assert.ok(until > this.clock.now(), "a request waits for too long");
      assert.deepEqual(this.#expected.allowedPorts(client, tlsClient), [], "a request waits for a free port");
    }
    const held = this.#expected.reservations.filter(({ state }) => holdsPort(state)).length;
    assert.equal(this.#counts.reservations, held, "the number of reservations");
    await until(() => this.#counts.unmatched >= this.#expected.unmatched, "an unmatched connection was used");
    assert.equal(this.#counts.unmatched, this.#expected.unmatched, "a matching connection was dropped");
  }

  #served({ client, tlsClient, until, outcome }: Waiter): void {
    if (outcome === undefined) return;
    if (outcome instanceof EngineError) {
      assert.equal(outcome.code, "PassivePortsExhausted");
      assert.equal(until, this.clock.now(), "rejected before the timeout");
      return;
    }
    assert.ok(
      this.#expected.allowedPorts(client, tlsClient).includes(outcome.port),
      "the port is not permitted",
    );
    this.#expected.grant(client, tlsClient, outcome);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await this.pool.close();
  }

  async #finish(reservation: ExpectedReservation): Promise<void> {
    // No further connection will arrive.
    if (reservation.state === "Awaited") reservation.source.dispose();
    if (reservation.opened !== undefined)
      assert.equal(await reservation.opened, reservation.tag, "the connection of another session");
    reservation.source.dispose();
    this.#expected.end(reservation);
    await this.#settle();
  }

  /**
   * Ends all reservations. Checks that each reservation received the predicted connection and that no timer remains.
   */
  async end(): Promise<void> {
    // The pool gives a released port to a queued request, which adds a reservation.
    while (this.#expected.reservations.length > 0 || this.#waiters.length > 0) {
      const reservation = this.#expected.reservations.shift();
      if (reservation === undefined) await this.advance(PORT_WAIT);
      else await this.#finish(reservation);
    }
    assert.equal(this.#counts.reservations, 0, "a port is still reserved");
    assert.equal(this.clock.pending, 0, "a timer is left");
  }
}
