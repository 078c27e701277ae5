import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EngineUser } from "../../../src/api/engine-config.ts";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { makeServer, testConfig, testUser, type TestServer } from "../../support/engine/server.ts";
import { settle, SLICE } from "../../support/engine/world.ts";

/** A hash in a valid format. The tests never verify a password against this hash. */
const HASH = `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;
/** A time beyond the maximum timer delay of 2^31 milliseconds. */
const DAYS_60 = 60 * 24 * 3600 * 1000;
const DELAY = 1000;

interface StateWorld extends TestServer {
  clock: ManualClock;
  /** The computed hashes, one for each password verification. */
  hashes: string[];
  /** Replaces the users, like a configuration change. */
  change(user: Partial<EngineUser>): void;
  /** Sends USER and PASS. @returns the reply and its delay in milliseconds */
  attempt(name: string, password: string, client?: ControlClient): Promise<{ lines: string[]; held: number }>;
}

function stateWorld(user: Partial<EngineUser> = {}): StateWorld {
  const clock = new ManualClock();
  const hashes: string[] = [];
  const config = testConfig({ users: [testUser("alice", { passwordHash: HASH, ...user })] });
  const users = new VirtualUsers(config, {
    clock,
    verify: async (hash, password) => {
      hashes.push(hash);
      return hash === HASH && password === "secret";
    },
  });
  const made = makeServer({ config, clock, authenticator: users }, SLICE);
  return {
    ...made,
    clock,
    hashes,
    change(changed) {
      const next = { ...config, users: [testUser("alice", { passwordHash: HASH, ...changed })] };
      users.replace(next);
      made.engine.reconfigure(next);
    },
    async attempt(name, password, client = ControlClient.inMemory(made.engine)) {
      await client.reply();
      await client.command(`USER ${name}`);
      client.send(`PASS ${password}\r\n`);
      await settle();
      const began = clock.now();
      const answer = client.reply().then((received) => received?.lines ?? []);
      for (let steps = 0; steps < 100; steps++) {
        const lines = await Promise.race([answer, settle().then(() => undefined)]);
        if (lines !== undefined) return { lines, held: clock.now() - began };
        clock.advance(DELAY / 10);
      }
      throw new Error("no answer");
    },
  };
}

const later = (clock: ManualClock, milliseconds: number): string =>
  new Date(clock.now() + milliseconds).toISOString();

/** Rejection reasons, each with an account to which the reason applies. */
const LOCKED: readonly [string, Partial<EngineUser>][] = [
  ["AccountDisabled", { state: "Disabled" }],
  ["AccountExpired", { expiresAt: "2026-05-31T23:59:59Z" }],
  ["AccountExpired", { expiresAt: "2026-06-01T01:00:00+01:00" }],
];

describe("a disabled or expired account", () => {
  for (const [reason, user] of LOCKED) {
    // id: account-oracle
    test(`${JSON.stringify(user)} gets the reply of a wrong password for the right one`, async () => {
      await using world = stateWorld(user);
      const wrong = await world.attempt("alice", "wrong");
      const right = await world.attempt("alice", "secret");
      const unknown = await world.attempt("nobody", "secret");
      assert.deepEqual(right, wrong);
      assert.deepEqual(right, unknown);
      assert.deepEqual(right.lines, ["530 Login incorrect."]);
      assert.equal(world.hashes.length, 3, "each takes one hash");
    });

    test(`${JSON.stringify(user)} is counted and logged as ${reason}`, async () => {
      await using world = stateWorld(user);
      await world.attempt("alice", "secret");
      assert.equal(world.counts.get(`login ${reason}`), 1);
      assert.equal(world.counts.get("login Rejected"), undefined);
      const logged = world.log.entries.find(({ message }) => message.startsWith("login rejected"));
      assert.deepEqual(logged?.fields, { user: "alice", client: "192.0.2.1", reason });
      await world.attempt("alice", "wrong");
      assert.equal(world.counts.get("login Rejected"), 1, "a wrong password is a wrong password");
    });
  }

  test("does not count toward a ban of the address", async () => {
    await using world = stateWorld({ state: "Disabled" });
    for (let tries = 0; tries < 5; tries++) await world.attempt("alice", "secret");
    assert.equal(world.counts.get("loginBan Client"), undefined);
  });

  // id: account-oracle-2
  test("gets its hash computed again after a recent verification", async () => {
    await using world = stateWorld();
    const { lines } = await world.attempt("alice", "secret");
    assert.deepEqual(lines, ["230 Login successful."]);
    world.change({ state: "Disabled" });
    await world.attempt("alice", "secret");
    assert.equal(world.hashes.length, 2);
  });

  test("gets the same reply to USER as other names", async () => {
    await using world = stateWorld({ state: "Disabled" });
    const client = ControlClient.inMemory(world.engine);
    await client.reply();
    assert.deepEqual((await client.command("USER alice")).lines, ["331 Please specify the password."]);
  });
});

describe("open sessions", () => {
  async function session(world: StateWorld): Promise<ControlClient> {
    const client = ControlClient.inMemory(world.engine);
    assert.deepEqual((await world.attempt("alice", "secret", client)).lines, ["230 Login successful."]);
    return client;
  }

  test("end when the account is disabled", async () => {
    await using world = stateWorld();
    const client = await session(world);
    world.change({ state: "Disabled" });
    assert.deepEqual((await client.reply())?.lines, ["421 Account disabled, closing control connection."]);
  });

  // id: account-expiry
  test("end within a second when the account expires", async () => {
    await using world = stateWorld({ expiresAt: "2026-06-01T00:01:00Z" });
    const client = await session(world);
    world.clock.advance(58_000);
    assert.equal(await client.code("NOOP"), 200);
    world.clock.advance(2000);
    assert.deepEqual((await client.reply())?.lines, ["421 Account expired, closing control connection."]);
    assert.deepEqual((await world.attempt("alice", "secret")).lines, ["530 Login incorrect."]);
  });

  // id: account-oracle-3
  test("end at an expiry time that is set while they are open, even after a change of the clock", async () => {
    await using world = stateWorld();
    const client = await session(world);
    world.change({ expiresAt: later(world.clock, DAYS_60) });
    world.clock.advance(60_000);
    assert.equal(await client.code("NOOP"), 200);
    world.clock.set(DAYS_60);
    world.clock.advance(1000);
    assert.deepEqual((await client.reply())?.lines, ["421 Account expired, closing control connection."]);
  });

  test("continue when the expiry time is changed to a later time", async () => {
    await using world = stateWorld({ expiresAt: "2026-06-01T00:01:00Z" });
    const client = await session(world);
    world.change({ expiresAt: later(world.clock, DAYS_60) });
    world.clock.advance(60_000);
    assert.equal(await client.code("NOOP"), 200);
  });

  test("need no timer when no account expires", async () => {
    await using world = stateWorld();
    assert.equal(world.clock.pending, 0);
    world.change({ expiresAt: later(world.clock, DAYS_60) });
    assert.equal(world.clock.pending, 1);
    world.change({});
    assert.equal(world.clock.pending, 0);
  });
});
