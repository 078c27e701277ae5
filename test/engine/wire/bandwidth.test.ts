import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import type { EngineUserLimits } from "../../../src/api/engine-config.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { startServer, testUser, type TestServer } from "../../support/engine/server.ts";
import { limits, settle } from "../../support/engine/world.ts";

const RATE = 400_000;
const CONTENT = Buffer.alloc(RATE, "x");

/** Maximum duration in milliseconds of a timer that waits for a bandwidth limit. Other timers are longer. */
const MAX_LIMIT_TIMER = 100;
/** Maximum total wait in seconds. A test with a broken limit fails after this time. */
const TOO_LONG = 60;

interface LimitedServer extends TestServer {
  clock: ManualClock;
}

async function start(of: EngineUserLimits): Promise<LimitedServer> {
  const clock = new ManualClock();
  const server = await startServer({
    config: {
      ...limits({ stalledTransferTimeoutSeconds: 1 }),
      users: [testUser("alice", { limits: of }), testUser("bob")],
    },
    clock,
  });
  return {
    ...server,
    clock,
    async [Symbol.asyncDispose]() {
      // After a failed test, transfers can still wait for the limit.
      server.authenticator.users = [testUser("alice")];
      clock.advance(MAX_LIMIT_TIMER);
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Processes pending events. Advances the clock only when a transfer waits for a limit. */
async function step(clock: ManualClock): Promise<void> {
  await settle();
  if (clock.untilNext <= MAX_LIMIT_TIMER) clock.advance(clock.untilNext);
}

async function enter({ engine }: TestServer, name = "alice"): Promise<ControlClient> {
  const client = await (await ControlClient.overTcp(engine)).login(name);
  await client.command("TYPE I");
  return client;
}

/**
 * Runs several transfers concurrently. The clock of the engine advances only while a transfer waits for a limit. The
 * speed of the machine therefore does not affect the result.
 * @returns the total duration of the waits in seconds
 */
async function seconds({ clock }: LimitedServer, ...runs: (() => Promise<unknown>)[]): Promise<number> {
  const began = clock.now();
  const elapsed = (): number => (clock.now() - began) / 1000;
  const end = new AbortController();
  const all = Promise.all(runs.map((run) => run())).finally(() => end.abort());
  while (!end.signal.aborted) {
    await step(clock);
    assert.ok(elapsed() < TOO_LONG);
  }
  await all;
  return elapsed();
}

/** Checks a duration in seconds. A limit can grant the bytes of 0.2 seconds in advance. */
function assertDuration(actual: number, expected: number): void {
  assert.ok(actual > expected - 0.25 && actual < expected + 0.1, `${actual} s instead of ${expected} s`);
}

const up = (client: ControlClient) => async (): Promise<void> =>
  assert.equal(await client.upload("STOR /f", CONTENT), 226);
const down = (client: ControlClient) => async (): Promise<void> =>
  assert.ok((await client.download("RETR /f")).bytes.equals(CONTENT));

const abort = (client: ControlClient) => async (): Promise<void> => {
  assert.equal(await client.code("ABOR"), 426);
  assert.equal((await client.reply())?.code, 226);
};

describe("bandwidth limits", () => {
  // id: bandwidth-limits
  test("uploadBytesPerSecond limits the sum of all sessions of a user, and does not limit other users", async () => {
    await using world = await start({ uploadBytesPerSecond: RATE });
    const [one, two, bob] = [await enter(world), await enter(world), await enter(world, "bob")];
    assertDuration(await seconds(world, up(one), up(two)), 2);
    assert.equal(await seconds(world, up(bob), down(one)), 0);
  });

  test("downloadBytesPerSecond does not limit listings", async () => {
    await using world = await start({ downloadBytesPerSecond: RATE });
    const [one, two] = [await enter(world), await enter(world)];
    assert.equal(await seconds(world, up(one)), 0);
    assertDuration(await seconds(world, down(one), down(two)), 2);
    for (let file = 0; file < 10_000; file++) world.memory.put(`/${"f".repeat(80)}${file}`, "");
    const list = async (): Promise<void> => assert.ok((await two.download("MLSD /")).bytes.length > RATE);
    assert.equal(await seconds(world, list), 0);
  });

  test("a transfer that waits for the limit is not ended as stalled, and a changed limit applies to it", async () => {
    await using world = await start({ uploadBytesPerSecond: 10_000 });
    const client = await enter(world);
    // The buffers are full. No bytes arrive for longer than the stall timeout.
    world.clock.schedule(2500, () => (world.authenticator.users = [testUser("alice")]));
    assertDuration(await seconds(world, up(client)), 2.6);
  });

  test("ABOR ends a transfer without a wait for the limit", async () => {
    await using world = await start({ downloadBytesPerSecond: 1 });
    world.memory.put("/f", CONTENT);
    const client = await enter(world);
    const data = await client.passive();
    data.on("error", () => {});
    await client.command("RETR /f");
    assertDuration(await seconds(world, abort(client)), 0.1);
  });

  // id: bandwidth-evasion
  test("uploadBytesPerSecond counts the stored bytes of an upload in MODE Z", async () => {
    await using world = await start({ uploadBytesPerSecond: RATE });
    const client = await enter(world);
    await client.command("MODE Z");
    const upload = async (): Promise<void> =>
      assert.equal(await client.upload("STOR /f", deflateSync(CONTENT)), 226);
    assertDuration(await seconds(world, upload), 1);
    assert.ok(world.memory.files.get("/f")?.bytes.equals(CONTENT));
  });

  // id: bandwidth-evasion-2
  test("ABOR ends an upload in MODE Z whose received bytes are stored slowly", async () => {
    await using world = await start({ uploadBytesPerSecond: 1 });
    const client = await enter(world);
    await client.command("MODE Z");
    const data = await client.passive();
    await client.command("STOR /f");
    const sent = deflateSync(CONTENT);
    data.end(sent);
    await once(data, "finish");
    const received = world.clock.now() + 1000 * (sent.length + 5);
    for (let steps = 0; world.clock.now() < received && steps < 50_000; steps++) await step(world.clock);
    assertDuration(await seconds(world, abort(client)), 0.1);
    assert.equal(world.memory.files.has("/f"), false);
  });
});
