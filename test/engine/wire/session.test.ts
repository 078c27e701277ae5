import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer } from "../../support/engine/server.ts";

// id: rfc-959
test("a client logs in, uploads, lists, downloads and quits in one session", async () => {
  await using world = await startServer();
  const client = await ControlClient.overTcp(world.engine);
  assert.equal((await client.reply())?.code, 220);
  assert.equal(await client.code("USER alice"), 331);
  assert.equal(await client.code("PASS secret"), 230);
  assert.equal(await client.code("TYPE I"), 200);
  assert.equal(await client.upload("STOR a.txt", "hello"), 226);
  const listing = await client.download("LIST");
  assert.equal(listing.code, 226);
  assert.match(listing.bytes.toString(), /^-rw-r--r-- .* 5 Jan {2}2 {2}2026 a\.txt\r\n$/u);
  assert.deepEqual(await client.download("RETR a.txt"), { code: 226, bytes: Buffer.from("hello") });
  assert.equal(await client.code("QUIT"), 221);
  assert.equal(await client.reply(), undefined);
});
