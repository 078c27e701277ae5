import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import type { EngineUserLimits } from "../../../src/api/engine-config.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testUser, type TestServer } from "../../support/engine/server.ts";
import { limits, settle } from "../../support/engine/world.ts";

const RATE = 400_000;
const CONTENT = Buffer.alloc(RATE, "x");

const start = (of: EngineUserLimits): Promise<TestServer> =>
  startServer({
    config: {
      ...limits({ stalledTransferTimeoutSeconds: 1 }),
      users: [testUser("alice", { limits: of }), testUser("bob")],
    },
  });

async function enter({ engine }: TestServer, name = "alice"): Promise<ControlClient> {
  const client = await (await ControlClient.overTcp(engine)).login(name);
  await client.command("TYPE I");
  return client;
}

/** Runs several transfers concurrently. @returns the total duration in seconds */
async function seconds(...runs: (() => Promise<unknown>)[]): Promise<number> {
  const began = performance.now();
  await Promise.all(runs.map((run) => run()));
  return (performance.now() - began) / 1000;
}

const up = (client: ControlClient) => async (): Promise<void> =>
  assert.equal(await client.upload("STOR /f", CONTENT), 226);
const down = (client: ControlClient) => async (): Promise<void> =>
  assert.ok((await client.download("RETR /f")).bytes.equals(CONTENT));

describe("bandwidth limits", () => {
  // id: bandwidth-limits
  test("uploadBytesPerSecond limits the sum of all sessions of a user, and does not limit other users", async () => {
    await using world = await start({ uploadBytesPerSecond: RATE });
    const [one, two, bob] = [await enter(world), await enter(world), await enter(world, "bob")];
    const took = await seconds(up(one), up(two));
    assert.ok(took > 1.5 && took < 4, `${took} s`);
    assert.ok((await seconds(up(bob), down(one))) < 0.5);
  });

  test("downloadBytesPerSecond does not limit listings", async () => {
    await using world = await start({ downloadBytesPerSecond: RATE });
    const [one, two] = [await enter(world), await enter(world)];
    assert.ok((await seconds(up(one))) < 0.5);
    const took = await seconds(down(one), down(two));
    assert.ok(took > 1.5 && took < 4, `${took} s`);
    for (let file = 0; file < 10_000; file++) world.memory.put(`/${"f".repeat(80)}${file}`, "");
    assert.ok((await seconds(async () => assert.ok((await two.download("MLSD /")).bytes.length > RATE))) < 1);
  });

  test("a transfer that waits for the limit is not ended as stalled, and a changed limit applies to it", async () => {
    await using world = await start({ uploadBytesPerSecond: 10_000 });
    const client = await enter(world);
    const took = await seconds(up(client), async () => {
      // The buffers are full. No bytes arrive for longer than the stall timeout.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      world.authenticator.users = [testUser("alice")];
    });
    assert.ok(took > 2.4 && took < 4, `${took} s`);
  });

  test("ABOR ends a transfer without a wait for the limit", async () => {
    await using world = await start({ downloadBytesPerSecond: 1 });
    world.memory.put("/f", CONTENT);
    const client = await enter(world);
    const data = await client.passive();
    data.on("error", () => {});
    await client.command("RETR /f");
    const took = await seconds(async () => {
      assert.equal(await client.code("ABOR"), 426);
      assert.equal((await client.reply())?.code, 226);
    });
    assert.ok(took < 1, `${took} s`);
  });

  // id: bandwidth-evasion
  test("uploadBytesPerSecond counts the stored bytes of an upload in MODE Z", async () => {
    await using world = await start({ uploadBytesPerSecond: RATE });
    const client = await enter(world);
    await client.command("MODE Z");
    const took = await seconds(async () =>
      assert.equal(await client.upload("STOR /f", deflateSync(CONTENT)), 226),
    );
    assert.ok(took > 0.7, `${took} s`);
    assert.ok(world.memory.files.get("/f")?.bytes.equals(CONTENT));
  });

  // id: bandwidth-evasion-2
  test("ABOR ends an upload in MODE Z whose received bytes are stored slowly", async () => {
    await using world = await start({ uploadBytesPerSecond: 1 });
    const client = await enter(world);
    await client.command("MODE Z");
    const data = await client.passive();
    await client.command("STOR /f");
    data.end(deflateSync(CONTENT));
    await once(data, "finish");
    await settle();
    const took = await seconds(async () => {
      assert.equal(await client.code("ABOR"), 426);
      assert.equal((await client.reply())?.code, 226);
    });
    assert.ok(took < 1, `${took} s`);
    assert.equal(world.memory.files.has("/f"), false);
  });
});
