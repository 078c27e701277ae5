import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { limits, settle, world } from "../../support/engine/world.ts";

describe("SITE IDLE", () => {
  test("shows and shortens the idle timeout of the session", async () => {
    await using server = world(limits({ idleTimeoutSeconds: 60 }));
    const client = await server.client().login();
    const show = async (): Promise<string[]> => (await client.command("SITE IDLE")).lines;
    assert.deepEqual(await show(), ["200 Idle timeout is 60 seconds, at most 60."]);
    assert.deepEqual((await client.command("SITE IDLE 20")).lines, ["200 Idle timeout set to 20 seconds."]);
    server.clock.advance(19_999);
    assert.deepEqual(await show(), ["200 Idle timeout is 20 seconds, at most 60."]);
    server.clock.advance(19_999);
    await settle();
    assert.equal(await client.code("NOOP"), 200, "a command restarts the idle time");
    server.clock.advance(20_000);
    assert.deepEqual((await client.reply())?.lines, ["421 Idle timeout, closing control connection."]);
    const other = await server.client().login();
    server.clock.advance(59_999);
    assert.equal(await other.code("NOOP"), 200, "other sessions have the time of the configuration");
  });

  test("cannot extend or disable the idle timeout, even when the configured one becomes shorter", async () => {
    await using server = world(limits({ idleTimeoutSeconds: 60 }));
    const client = await server.client().login();
    for (const desired of ["0", "61", "-1", "1.5", "never", "99999999999999999999"])
      assert.deepEqual((await client.command(`SITE IDLE ${desired}`)).lines, [
        "501 Invalid idle timeout; send 1 to 60 seconds.",
      ]);
    assert.equal(await client.code("SITE IDLE 60"), 200);
    server.engine.reconfigure({ ...server.config, ...limits({ idleTimeoutSeconds: 10 }) });
    assert.equal(await client.code("NOOP"), 200);
    server.clock.advance(10_000);
    assert.equal((await client.reply())?.code, 421);
  });

  test("loses its effect after REIN", async () => {
    await using server = world(limits({ idleTimeoutSeconds: 60 }));
    const client = await server.client().login();
    for (const line of ["SITE IDLE 5", "REIN", "USER alice", "PASS secret"]) await client.command(line);
    server.clock.advance(59_999);
    assert.equal(await client.code("NOOP"), 200);
  });
});
