import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MAX_WAITING_OF_CLIENT } from "../../../src/engine/session/background-job.ts";
import { MAX_CHECKSUMS, MAX_COPIES } from "../../../src/engine/services.ts";
import type { ControlClient } from "../../support/engine/control-client.ts";
import { testUser } from "../../support/engine/server.ts";
import { slow } from "../../support/engine/slow-world.ts";
import { settle, world, type World } from "../../support/engine/world.ts";

/** File size in bytes. A checksum or copy of a file with this size does not complete during a test. */
const ENDLESS = 2 ** 40;

/** Starts an engine with two users and a file `/endless` in memory. */
function endless(): World {
  const server = world({ users: [testUser("alice"), testUser("bob")] });
  const { memory } = server;
  memory.put("/endless", "");
  memory.put("/small", "hello");
  const [openRead, openUpload] = [memory.openRead.bind(memory), memory.openUpload.bind(memory)];
  memory.openRead = async (path) => {
    const handle = await openRead(path);
    if (path !== "/endless") return handle;
    return {
      ...handle,
      entry: { ...handle.entry, size: ENDLESS },
      read: async (buffer) => buffer.length,
    };
  };
  memory.openUpload = async (path, ...rest) => {
    const handle = await openUpload(path, ...rest);
    return path.startsWith("/large") ? { ...handle, write: async () => {} } : handle;
  };
  return server;
}

/** Starts `permits` jobs that can run concurrently, and two more jobs, which must wait. */
async function occupy(server: World, permits: number, begin: (client: ControlClient) => Promise<void>) {
  const clients = await Promise.all(
    Array.from({ length: permits + 2 }, () => server.client().login("alice")),
  );
  for (const client of clients) await begin(client);
  await settle();
  return clients;
}

const isComputing = async (client: ControlClient): Promise<boolean> =>
  / in progress/u.test((await client.command("STAT")).lines.join());

describe("checksums and copies", () => {
  // id: background-job-limits
  test("of a small file do not wait for large checksums of another user", {
    timeout: 60_000,
  }, async () => {
    await using server = endless();
    const busy = await occupy(server, MAX_CHECKSUMS, async (client) => client.send("HASH endless\r\n"));
    const bob = await server.client("192.0.2.2").login("bob");
    for (let round = 0; round < 3; round++) assert.equal(await bob.code("HASH small"), 213);
    for (const client of busy) assert.ok(await isComputing(client));
  });

  // id: background-job-limits-2
  test("of a small file do not wait for large copies of another user", { timeout: 60_000 }, async () => {
    await using server = endless();
    const busy = await occupy(server, MAX_COPIES, async (client) => {
      await client.command("SITE CPFR endless");
      client.send("SITE CPTO large\r\n");
    });
    const bob = await server.client("192.0.2.2").login("bob");
    await bob.command("SITE CPFR small");
    assert.equal(await bob.code("SITE CPTO copy"), 250);
    assert.equal(server.memory.text("/copy"), "hello");
    for (const client of busy) assert.ok(await isComputing(client));
  });

  test("end on ABOR after they have released their permit", { timeout: 60_000 }, async () => {
    await using server = endless();
    for (const client of await occupy(server, MAX_CHECKSUMS, async (client) =>
      client.send("HASH endless\r\n"),
    )) {
      assert.equal(await client.code("ABOR"), 426);
      assert.equal((await client.reply())?.code, 226);
    }
    assert.deepEqual(
      [server.engine.services.checksums.waiting(), await (await server.client().login()).code("HASH small")],
      [0, 213],
    );
  });

  // id: background-job-limits-3
  test(`of one client get 450 when ${MAX_WAITING_OF_CLIENT} are queued`, async () => {
    await using server = slow();
    const clients = await Promise.all(
      Array.from({ length: MAX_CHECKSUMS + MAX_WAITING_OF_CLIENT }, () => server.client().login()),
    );
    for (const client of clients) client.send("HASH f\r\n");
    await settle();
    const extra = await server.client().login();
    assert.deepEqual(await extra.command("HASH f"), {
      code: 450,
      lines: ["450 Too many checksums, copies or renames are queued; try again later."],
    });
    server.proceed();
    for (const client of clients) assert.equal((await client.reply())?.code, 213);
    assert.equal(await extra.code("HASH f"), 213);
  });
});
