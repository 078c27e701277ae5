import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer } from "../../support/engine/server.ts";
import { settle, world } from "../../support/engine/world.ts";

describe("drain", () => {
  // id: drain
  test("rejects new sessions with 421, and ends open sessions at the end of the drain period", async () => {
    await using server = world({ drainPeriodSeconds: 100 });
    const client = await server.client().login();
    const drained = server.engine.drain();
    assert.equal((await server.client().reply())?.code, 421);
    assert.equal(await client.code("EPSV"), 229);
    server.clock.advance(100_000);
    assert.equal((await client.reply())?.code, 421);
    assert.equal(await client.reply(), undefined);
    await drained;
  });

  test("accepts new sessions until handOverSeconds have passed, even when no session is open", async () => {
    await using server = world({ handOverSeconds: 10, drainPeriodSeconds: 100 });
    let over = false;
    const drained = server.engine.drain().then(() => (over = true));
    server.clock.advance(9000);
    const client = await server.client().login();
    assert.equal(await client.code("EPSV"), 229);
    await client.command("QUIT");
    await settle();
    assert.equal(over, false);
    server.clock.advance(1000);
    await drained;
    assert.equal((await server.client().reply())?.code, 421);
  });

  test("applies the limit of the process to the sum of hand-over and drain period", async () => {
    await using server = world({ handOverSeconds: 10, drainPeriodSeconds: 3600 });
    const client = await server.client().login();
    const drained = server.engine.drain(70);
    server.clock.advance(10_000);
    await settle();
    server.clock.advance(59_000);
    assert.equal(await client.code("NOOP"), 200);
    server.clock.advance(1000);
    assert.equal((await client.reply())?.code, 421);
    await drained;
  });

  test("ends the hand-over and the sessions at the limit of the process when the hand-over is longer", async () => {
    await using server = world({ handOverSeconds: 600, drainPeriodSeconds: 60 });
    const client = await server.client().login();
    const drained = server.engine.drain(70);
    server.clock.advance(70_000);
    await settle();
    server.clock.advance(0);
    assert.equal((await client.reply())?.code, 421);
    await drained;
  });

  test("aborts transfers at the end of the drain period and keeps the old files", async () => {
    const clock = new ManualClock();
    await using server = await startServer({ clock, config: { drainPeriodSeconds: 5 } });
    server.memory.put("/f", "old");
    const client = await (await ControlClient.overTcp(server.engine)).login();
    const data = await client.passive();
    data.on("error", () => {});
    assert.equal(await client.code("STOR /f"), 150);
    data.write("new");
    const drained = server.engine.drain();
    clock.advance(5000);
    assert.equal((await client.reply())?.code, 421);
    await drained;
    assert.equal(server.memory.text("/f"), "old");
    assert.equal(server.counts.get("transferEnded Upload Aborted"), 1);
  });

  test("ends when the last session ends", async () => {
    await using server = world();
    const client = await server.client().login();
    const drained = server.engine.drain();
    await client.command("QUIT");
    await drained;
    assert.equal(server.engine.sessions.size, 0);
  });
});
