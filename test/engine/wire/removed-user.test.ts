import assert from "node:assert/strict";
import { test } from "node:test";
import type { EngineUser } from "../../../src/api/engine-config.ts";
import type { EngineMount } from "../../../src/api/engine-storage.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testUser, type TestServer } from "../../support/engine/server.ts";
import { treeServer } from "../../support/engine/tree-server.ts";

/** Replaces the users, like a configuration change. */
function change({ engine, authenticator, config }: TestServer, users: EngineUser[]): void {
  authenticator.users = users;
  engine.reconfigure({ ...config, users });
}

for (const [what, users, text] of [
  ["removed", [], "Account removed, closing control connection."],
  [
    "given another home",
    [testUser("alice", { homeDirectory: "/other" })],
    "Home directory changed; log in again.",
  ],
  [
    "given another mount",
    [testUser("alice", { mounts: [{ path: "/in", subPath: "/", access: "ReadOnly" }] })],
    "Mounts changed; log in again.",
  ],
] as const)
  test(`a user who was ${what} gets a reply immediately, and the transfer ends`, async () => {
    await using world = await startServer({ config: { users: [testUser("alice"), testUser("bob")] } });
    const client = await (await ControlClient.overTcp(world.engine)).login();
    const idle = await (await ControlClient.overTcp(world.engine)).login();
    const bob = await (await ControlClient.overTcp(world.engine)).login("bob");
    const data = await client.passive();
    data.on("error", () => {});
    assert.equal(await client.code("STOR f"), 150);
    data.write("half");
    change(world, [...users, testUser("bob")]);
    for (const gone of [client, idle]) assert.deepEqual((await gone.reply())?.lines, [`421 ${text}`]);
    while (world.engine.sessions.size > 1) await new Promise(setImmediate);
    assert.equal(world.counts.get("transferEnded Upload Aborted"), 1);
    assert.equal(await bob.code("NOOP"), 200);
  });

test("a user whose mounts stay the same keeps the session after a change of the account", async () => {
  const mounts = (): EngineMount[] => [{ path: "/in", subPath: "/in", access: "ReadWrite" }];
  await using world = await startServer({ config: { users: [testUser("alice", { mounts: mounts() })] } });
  const client = await (await ControlClient.overTcp(world.engine)).login();
  change(world, [testUser("alice", { mounts: mounts(), limits: { sessions: 5 } })]);
  assert.equal(await client.code("NOOP"), 200);
});

test("a transfer of a removed account stores no more bytes", async () => {
  await using world = await treeServer();
  const { engine, authenticator } = world.server;
  authenticator.users = [testUser("alice", { quota: { bytes: 10_000 } })];
  const client = await (await ControlClient.overTcp(engine)).login();
  const data = await client.passive();
  data.on("error", () => {});
  assert.equal(await client.code("STOR f"), 150);
  authenticator.users = [];
  data.end(Buffer.alloc(20_000));
  assert.equal((await client.reply())?.code, 552);
});
