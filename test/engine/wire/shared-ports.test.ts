/** Tests passive ports that several FTPS clients behind one address share. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { closed } from "../../support/engine/control-client.ts";
import { testConfig } from "../../support/engine/server.ts";
import {
  clientsWithKeptSessions,
  startTlsServer,
  FtpsClient,
  type TlsServer,
} from "../../support/engine/tls-world.ts";

/** Limits with a time limit for data connections. */
const limitsWith = (dataConnectTimeoutSeconds: number) => ({
  ...testConfig().limits,
  dataConnectTimeoutSeconds,
});

/** An engine with one passive port that two reservations must share. */
async function onePort(change: Parameters<typeof startTlsServer>[0] = {}): Promise<TlsServer> {
  return await startTlsServer(change, { passivePortCount: 1, config: { limits: limitsWith(3600) } });
}

/** Makes each transfer without a data connection fail after one second. */
function shortenTimeout({ engine, config }: TlsServer): void {
  engine.reconfigure({ ...config, limits: limitsWith(1) });
}

describe("two clients behind one address with one port", () => {
  // id: shared-ports-one-address
  test("share the port when both have kept their TLS sessions, and each downloads its own file in any order", async () => {
    await using world = await onePort();
    const clients = await clientsWithKeptSessions(world, 8);
    const files = clients.map(() => randomBytes(200_000));
    const ports = await Promise.all(clients.map((client) => client.passivePort()));
    assert.equal(new Set(ports).size, 1);
    assert.equal(world.counts.get("passiveWait"), undefined, "nobody had to wait");
    for (const [number, client] of clients.entries())
      assert.equal(await client.control.code(`STOR file-${number}`), 150);
    // The client that made the last reservation connects first.
    for (const [number, client] of [...clients.entries()].toReversed())
      (await client.data(ports[number] ?? 0)).end(files[number] ?? "");
    const answers = await Promise.all(clients.map((client) => client.control.reply()));
    assert.deepEqual(
      answers.map((answer) => answer?.code),
      clients.map(() => 226),
    );
    for (const [number, file] of files.entries())
      assert.ok(world.memory.files.get(`/file-${number}`)?.bytes.equals(file), `file ${number}`);
  });

  // Until then, both can belong to one program with one TLS session cache, such as curl -Z.
  test("wait for a free port until both have resumed during the same period", async () => {
    await using world = await onePort();
    const [first] = await clientsWithKeptSessions(world, 1);
    const newcomer = await (await FtpsClient.explicit(world.engine)).login();
    for (let times = 0; times < 3; times++) await newcomer.upload("proof", Buffer.from("x"));
    const port = await first?.passivePort();
    const waiting = newcomer.passivePort();
    assert.equal(await first?.control.code("STOR f"), 150);
    (await first?.data(port ?? 0))?.end("done");
    assert.equal((await first?.control.reply())?.code, 226);
    assert.equal(await waiting, port);
    assert.equal(world.counts.get("passiveWait"), 1);
  });

  test("do not share the port when one of them has no TLS", async () => {
    await using world = await onePort({ dataProtection: "Optional" });
    const [first, second] = await clientsWithKeptSessions(world, 2);
    await second?.control.command("PROT C");
    await first?.passivePort();
    second?.control.send("EPSV\r\n");
    assert.equal(await first?.control.code("NOOP"), 200);
    assert.equal(world.counts.get("passiveWait"), 1);
  });

  test("lose only the connections that resume no session or an unknown one", async () => {
    await using world = await onePort();
    const [first, second] = await clientsWithKeptSessions(world, 2);
    const stranger = await (await FtpsClient.explicit(world.engine)).login();
    assert.ok(first !== undefined && second !== undefined);
    const port = await first.passivePort();
    assert.equal(await second.passivePort(), port);
    assert.equal(await first.control.code("STOR f"), 150);
    const [unknown, foreign] = [
      await first.data(port, {}),
      await first.data(port, { session: stranger.session }),
    ];
    for (const socket of [unknown, foreign]) socket.resume();
    await Promise.all([unknown, foreign].map(closed));
    assert.equal(world.counts.get("unmatchedConnection"), 2);
    (await first.data(port)).end("mine");
    assert.equal((await first.control.reply())?.code, 226);
    assert.equal(world.memory.files.get("/f")?.bytes.toString(), "mine");
    // No other connection arrives, so the second transfer fails, and its reply states the reason.
    shortenTimeout(world);
    assert.equal(await second.control.code("STOR g"), 150);
    assert.match((await second.control.reply())?.lines[0] ?? "", /^425 .*did not resume the TLS session/u);
  });

  test("do not share the port when they share TLS sessions", async () => {
    await using world = await onePort();
    const [first] = await clientsWithKeptSessions(world, 1);
    const sibling = await (await FtpsClient.explicit(world.engine, { session: first?.session })).login();
    for (const client of [sibling, first, sibling])
      assert.equal(client && (await client.upload("proof", Buffer.from("x"))), "226 Transfer complete.");
    await first?.passivePort();
    sibling.control.send("EPSV\r\n");
    assert.equal(await first?.control.code("NOOP"), 200);
    assert.equal(world.counts.get("passiveWait"), 1);
  });

  test("limit the number and the duration of connections without a handshake", async () => {
    await using world = await onePort();
    const [first, second] = await clientsWithKeptSessions(world, 2);
    const port = await first?.passivePort();
    await second?.passivePort();
    shortenTimeout(world);
    const sockets = Array.from({ length: 300 }, () => connect(port ?? 0, "127.0.0.1"));
    const ends = sockets.map((socket) => closed(socket.resume()));
    for (const client of [first, second]) assert.equal(await client?.control.code("STOR f"), 150);
    for (const client of [first, second]) assert.equal((await client?.control.reply())?.code, 425);
    await Promise.all(ends);
    // The engine increments the counter after it has closed the connections.
    for (let turn = 0; turn < 5000 && world.counts.get("unmatchedConnection") !== 300; turn++)
      await nextTurn();
    assert.equal(world.counts.get("unmatchedConnection"), 300);
  });
});
