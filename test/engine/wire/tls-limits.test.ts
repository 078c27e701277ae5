/** Tests limits for cryptographic computations that clients can trigger after the handshake. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { waitUntil } from "../../cluster/wait.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startTlsServer, FtpsClient, type TlsServer } from "../../support/engine/tls-world.ts";
import { wiredClientTo } from "../../support/engine/tls-wire.ts";

const TLS12 = { maxVersion: "TLSv1.2" } as const;
const TIMEOUT = 60_000;

/** Requests a TLS renegotiation and waits for its result. */
async function renegotiate(socket: TLSSocket): Promise<void> {
  socket.on("error", () => {});
  socket.resume();
  socket.renegotiate({}, () => {});
  await new Promise((resolve) => socket.once("end", resolve).once("close", resolve));
}

describe("renegotiation of TLS 1.2", { timeout: TIMEOUT }, () => {
  // id: tls-renegotiation
  test("ends an explicit session at the first attempt before the login", async () => {
    await using world = await startTlsServer();
    const { socket } = await FtpsClient.explicit(world.engine, TLS12);
    await renegotiate(socket);
    await assertOver(world);
  });

  // id: tls-renegotiation-2
  test("ends an implicit session at the first attempt before the login", async () => {
    await using world = await startTlsServer({ mode: "Implicit" });
    const { socket } = await FtpsClient.implicit(world.engine, TLS12);
    await renegotiate(socket);
    await assertOver(world);
  });

  test("ends a session with CCC at the first attempt", async () => {
    await using world = await startTlsServer({ clearControl: "Allow" });
    const { socket } = await FtpsClient.explicit(world.engine, TLS12);
    await renegotiate(socket);
    await assertOver(world);
  });

  // id: tls-renegotiation-3
  for (const line of ["STOR f", "RETR f"])
    test(`fails ${line} at the first attempt on the data connection`, async () => {
      await using world = await startTlsServer();
      world.memory.put("/f", Buffer.alloc(30_000_000));
      const client = await (await FtpsClient.explicit(world.engine, TLS12)).login();
      const port = await client.passivePort();
      assert.equal(await client.control.code(line), 150);
      const data = await client.data(port);
      await once(data, "secureConnect");
      data.write("some");
      await renegotiate(data);
      assert.equal((await client.control.reply())?.lines[0], "426 TLS failed: renegotiation is disabled.");
      const handshakes = [...world.counts.keys()].filter((name) => name.startsWith("handshake Data"));
      assert.deepEqual([handshakes.length, world.counts.get(handshakes[0] ?? "")], [1, 1]);
      assert.equal(await client.control.code("NOOP"), 200);
    });
});

async function assertOver({ engine, counts }: TlsServer): Promise<void> {
  await waitUntil("the session has ended", TIMEOUT, () => assert.equal(engine.sessions.size, 0));
  assert.equal(counts.get("handshake Control TLSv1.2"), 1);
}

describe("key updates of TLS 1.3", { timeout: TIMEOUT }, () => {
  /** Sends data and then key updates in a session. @returns the reply codes */
  async function session(world: TlsServer, updates: number, dataBytes: number): Promise<number[]> {
    const { wire, socket, records } = await wiredClientTo(world.engine.controlPort, {});
    const control = new ControlClient(socket);
    assert.equal((await control.reply())?.code, 220);
    const genuine = await records;
    const codes: number[] = [];
    // The engine discards lines that exceed the length limit. The bytes in discarded lines also raise the number of
    // permitted key updates.
    for (let sent = 0; sent < dataBytes; sent += 16_000)
      wire.raw.write(genuine.data(Buffer.alloc(16_000, "x")));
    if (dataBytes > 0) {
      wire.raw.write(genuine.data("\r\n"));
      codes.push((await control.reply())?.code ?? 0);
    }
    wire.raw.write(Buffer.concat(Array.from({ length: updates }, () => genuine.keyUpdate())));
    wire.raw.write(genuine.data("NOOP\r\n"));
    codes.push((await control.reply())?.code ?? 0);
    socket.destroy();
    return codes;
  }

  // id: tls-renegotiation-4
  test("end the session when there are more than 32", async () => {
    await using world = await startTlsServer({ mode: "Implicit" });
    assert.deepEqual(await session(world, 32, 0), [200]);
    assert.deepEqual(await session(world, 33, 0), [0]);
  });

  test("are limited to one more for each MiB that the client sends", async () => {
    await using world = await startTlsServer({ mode: "Implicit" });
    assert.deepEqual(await session(world, 34, 3 * 1024 * 1024), [500, 200]);
  });

  // id: tls-renegotiation-5
  test("end the session but not the engine when 10,000 key updates arrive together", async () => {
    await using world = await startTlsServer({ mode: "Implicit" });
    for (let round = 0; round < 3; round++) assert.deepEqual(await session(world, 10_000, 0), [0]);
    assert.deepEqual(await session(world, 1, 0), [200]);
  });

  test("fail an upload with a reply that gives the reason when there are too many", async () => {
    await using world = await startTlsServer();
    const client = await (await FtpsClient.explicit(world.engine)).login();
    const port = await client.passivePort();
    assert.equal(await client.control.code("STOR f"), 150);
    const { wire, records } = await wiredClientTo(port, { session: client.session });
    const genuine = await records;
    wire.raw.write(genuine.data("some"));
    for (let sent = 0; sent < 33; sent++) wire.raw.write(genuine.keyUpdate());
    const answer = (await client.control.reply())?.lines[0];
    assert.equal(answer, "426 The client sent too many TLS key updates.");
    assert.equal(world.memory.files.size, 0);
  });
});
