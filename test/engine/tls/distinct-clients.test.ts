/** Tests which clients can share a passive port. A simulation of client programs runs some of the tests. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import {
  TLS12_PROOF,
  TLS13_PROOF,
  TlsSessionAffinity,
  type TlsClient,
} from "../../../src/engine/tls/session-affinity.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 300);
/** Users of the FTP sessions. One program can log in as several users. */
const USERS = ["alice", "alice", "bob"];

/** A client program's store of TLS sessions. */
interface Cache {
  name: string;
  put(key: string): void;
  /** Returns the session for a new handshake. */
  next(): string | undefined;
}

/** Keeps the newest session, as curl 7 and Go do. */
function newestOnly(): Cache {
  let newest: string | undefined;
  return { name: "newest session", put: (key) => void (newest = key), next: () => newest };
}

/** Keeps several sessions, and uses each session once, as curl 8.12 (2 sessions, oldest first) does. */
function singleUse(size: number, first: "Oldest" | "Newest"): Cache {
  const keys: string[] = [];
  return {
    name: `${first} of ${size} sessions, each used once`,
    put(key) {
      keys.push(key);
      if (keys.length > size) keys.shift();
    },
    next: () => (first === "Oldest" ? keys.shift() : keys.pop()),
  };
}

/** One FTP session of a client program. Each call to `advance` performs the next step of the session. */
class SimulatedSession {
  readonly client: TlsClient;
  readonly #cache: Cache;
  readonly #proof: number;
  #steps: (() => void)[] = [];
  #isLoggedIn = false;

  constructor(affinity: TlsSessionAffinity, user: string, cache: Cache, proof: number) {
    this.client = affinity.newClient();
    this.client.user = { name: user };
    this.#cache = cache;
    this.#proof = proof;
  }

  advance(readsTickets: boolean): void {
    if (this.#steps.length === 0)
      this.#steps = this.#isLoggedIn ? this.#transfer(readsTickets) : this.#login();
    this.#steps.shift()?.();
  }

  #login(): (() => void)[] {
    this.#isLoggedIn = true;
    let resumed: string | undefined;
    let tickets: string[] = [];
    return [
      () => (resumed = this.#cache.next()),
      () => {
        this.client.learn(resumed, this.#proof);
        tickets = this.#issue(resumed, this.#proof);
      },
      ...this.#reads(() => tickets),
    ];
  }

  #transfer(readsTickets: boolean): (() => void)[] {
    let resumed: string | undefined;
    let tickets: string[] = [];
    return [
      () => this.client.noteReservation(),
      () => (resumed = this.#cache.next()),
      () => {
        this.client.identify(resumed);
        this.client.learn(resumed);
        tickets = this.#issue(resumed, undefined);
      },
      ...(readsTickets ? this.#reads(() => tickets) : []),
    ];
  }

  /** The engine issues two TLS 1.3 tickets in a full handshake and one in a resumed handshake. */
  #issue(resumed: string | undefined, proof: number | undefined): string[] {
    if (this.#proof === TLS12_PROOF && resumed !== undefined) return [];
    const count = this.#proof === TLS13_PROOF && resumed === undefined ? 2 : 1;
    const keys = Array.from({ length: count }, () => `key-${(SimulatedSession.#keys += 1)}`);
    for (const key of keys) this.client.learn(key, proof);
    return keys;
  }

  /** The client stores tickets later than the engine issues them, and one at a time. */
  #reads(tickets: () => readonly string[]): (() => void)[] {
    return [0, 1].map((index) => () => {
      const key = tickets()[index];
      if (key !== undefined) this.#cache.put(key);
    });
  }

  static #keys = 0;
}

const schedule = fc.array(fc.tuple(fc.nat(USERS.length - 1), fc.boolean()), {
  minLength: 40,
  maxLength: 200,
  size: "max",
});

describe("sessions of one program with one TLS session cache", () => {
  for (const [version, proof] of [
    ["1.2", TLS12_PROOF],
    ["1.3", TLS13_PROOF],
  ] as const)
    for (const makeCache of [
      newestOnly,
      () => singleUse(1, "Newest"),
      () => singleUse(2, "Oldest"),
      () => singleUse(8, "Newest"),
    ])
      test(`are never distinct with TLS ${version} and this cache: ${makeCache().name}`, () => {
        fc.assert(
          fc.property(schedule, (steps) => {
            const affinity = new TlsSessionAffinity();
            const cache = makeCache();
            const sessions = USERS.map((user) => new SimulatedSession(affinity, user, cache, proof));
            for (const [index, readsTickets] of steps) {
              sessions[index]?.advance(readsTickets);
              for (const [a, one] of sessions.entries())
                for (const other of sessions.slice(a + 1))
                  assert.ok(!one.client.isDistinctFrom(other.client));
            }
          }),
          { numRuns: RUNS },
        );
      });
});

describe("sessions with one TLS session cache each", () => {
  /** Two control connections with one TLS session each. */
  class TwoClients {
    readonly affinity = new TlsSessionAffinity();
    readonly #clients = [this.affinity.newClient(), this.affinity.newClient()] as const;

    constructor() {
      for (const [index, client] of this.#clients.entries()) {
        client.user = { name: "alice" };
        client.learn(`key-${index}`, TLS13_PROOF);
      }
    }

    reserve(index: 0 | 1): void {
      this.#clients[index].noteReservation();
    }

    connect(index: 0 | 1): void {
      assert.equal(this.#clients[index].identify(`key-${index}`), "Own");
    }

    transfer(...indices: (0 | 1)[]): void {
      for (const index of indices) {
        this.reserve(index);
        this.connect(index);
      }
    }

    get areDistinct(): boolean {
      const [first, second] = this.#clients;
      assert.equal(first.isDistinctFrom(second), second.isDistinctFrom(first));
      return first.isDistinctFrom(second);
    }
  }

  for (const [before, last] of [
    [[0, 1, 0], 1],
    [[0, 1, 1], 0],
    [[1, 0, 0], 1],
  ] as const)
    test(`are distinct only after the last of these transfers: ${[...before, last].join(", ")}`, () => {
      const pair = new TwoClients();
      pair.transfer(...before);
      assert.equal(pair.areDistinct, false);
      pair.transfer(last);
      assert.equal(pair.areDistinct, true);
    });

  test("are not distinct when one client used its session only before the other client", () => {
    const pair = new TwoClients();
    pair.transfer(0, 0, 0, 1, 1, 1);
    assert.equal(pair.areDistinct, false);
    pair.transfer(0);
    assert.equal(pair.areDistinct, true);
  });

  test("are not distinct when a client reserved its last port before the other client resumed a session", () => {
    const pair = new TwoClients();
    pair.transfer(0);
    pair.reserve(0);
    pair.transfer(1);
    // The client can have chosen this TLS session before the other client received its own.
    pair.connect(0);
    pair.transfer(1);
    assert.equal(pair.areDistinct, false);
  });

  test("are no longer distinct after the TLS sessions have become invalid", () => {
    const pair = new TwoClients();
    pair.transfer(0, 1, 0, 1);
    pair.affinity.generation += 1;
    assert.equal(pair.areDistinct, false);
  });
});
