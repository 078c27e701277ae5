/** Tests plain data connections from SNAT sources, where addresses do not identify the client. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testConfig, type TestServer } from "../../support/engine/server.ts";
import { settle } from "../../support/engine/world.ts";

const TEXT = "what is there";
const CONTESTED =
  "425 Several connections arrived and the client's connection cannot be identified; use TLS, or try again.";

async function start(): Promise<TestServer> {
  // The test would fail if the engine waited for the connect timeout before it rejected the transfer.
  const limits = { ...testConfig().limits, dataConnectTimeoutSeconds: 3600 };
  const made = await startServer({ config: { limits, maskedClients: ["127.0.0.0/8"] } });
  made.memory.put("/f", TEXT);
  return made;
}

async function dial(port: number, localAddress = "127.0.0.1"): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Logs in and reserves a port. */
async function session({
  engine,
}: TestServer): Promise<{ client: ControlClient; reserve: () => Promise<number> }> {
  const client = await (await ControlClient.overTcp(engine)).login();
  await client.command("TYPE I");
  const reserve = async (): Promise<number> =>
    Number(/\|\|\|(\d+)\|/u.exec((await client.command("EPSV")).lines[0] ?? "")?.[1]);
  return { client, reserve };
}

describe("a plain data connection from a SNAT source", { timeout: 60_000 }, () => {
  for (const [line, stored] of [
    ["RETR f", TEXT],
    ["STOR f", TEXT],
    ["APPE f", TEXT],
  ] as const) {
    // id: passive-theft-5
    test(`is rejected when another client connects before the client and ${line}`, async () => {
      await using made = await start();
      const { client, reserve } = await session(made);
      const port = await reserve();
      const thief = await dial(port, "127.0.0.9");
      thief.write("forged");
      const stolen = buffer(thief).catch(() => Buffer.alloc(0));
      const own = await dial(port);
      await once(own.resume(), "close");
      assert.equal(await client.code(line), 150);
      assert.equal((await client.reply())?.lines[0], CONTESTED);
      assert.equal(String(await stolen), "");
      assert.equal(made.memory.text("/f"), stored);
      assert.equal((await client.download("RETR f")).code, 226, "the next transfer is not concerned");
    });
  }

  test("is used when it is the only one, before or after the command", async () => {
    await using made = await start();
    const { client, reserve } = await session(made);
    const early = await dial(await reserve());
    assert.equal(await client.code("RETR f"), 150);
    assert.equal(String(await buffer(early)), TEXT);
    assert.equal((await client.reply())?.code, 226);
    const port = await reserve();
    assert.equal(await client.code("RETR f"), 150);
    assert.equal(String(await buffer(await dial(port))), TEXT);
    assert.equal((await client.reply())?.code, 226);
  });

  test("keeps a complete small file that arrives before the command", async () => {
    await using made = await start();
    const { client, reserve } = await session(made);
    const own = await dial(await reserve());
    own.end("early");
    await settle();
    assert.equal(await client.code("STOR g"), 150);
    assert.equal((await client.reply())?.code, 226);
    assert.equal(made.memory.text("/g"), "early");
  });
});
