/**
 * Tests TLS data connections from other clients. The TLS session shows whether a connection belongs to the FTP session.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { connect as connectTls, type TLSSocket } from "node:tls";
import {
  MAX_PENDING_PER_CLIENT,
  MAX_PENDING_PER_PORT,
} from "../../../src/engine/passive/pending-connections.ts";
import {
  clientOf,
  startTlsServer,
  type Dial,
  type FtpsClient,
  type TlsServer,
  type TlsVersion,
} from "../../support/engine/tls-world.ts";

const FILE = randomBytes(100_000);
const VERSIONS = ["TLSv1.2", "TLSv1.3"] as const;
const MUST_RESUME = "425 The data connection must resume the TLS session of the control connection.";
/** Returns a configuration in which the addresses of this test are SNAT sources. */
const SNAT = { maskedClients: ["127.0.0.0/8"] };

/** Returns a function that connects from an address in the loopback network. */
function dialFrom(localAddress: string): Dial {
  return async (port) => {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    await once(
      socket.on("error", () => {}),
      "connect",
    );
    return socket;
  };
}

/**
 * Opens a connection from another client, which has no TLS session of the first client. Waits up to 600 milliseconds
 * until the TLS handshake ends.
 */
async function otherClient(port: number, dial = dialFrom("127.0.0.1")): Promise<TLSSocket> {
  const socket = connectTls({ socket: await dial(port), rejectUnauthorized: false });
  socket.on("error", () => {});
  // The engine can delay the handshake until it receives the transfer command.
  await Promise.race([once(socket, "secureConnect"), once(socket, "close"), later(600)]).catch(() => {});
  return socket;
}

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}

/** Returns a client that has resumed its TLS session before. With TLS 1.3, the proof requires two data connections. */
async function provenClient(world: TlsServer, version: TlsVersion, dial?: Dial): Promise<FtpsClient> {
  const client = await clientOf(world, version, dial);
  for (const name of ["one", "two"])
    assert.equal(await client.upload(name, Buffer.from("x")), "226 Transfer complete.");
  return client;
}

for (const version of VERSIONS)
  for (const [where, config] of [
    ["from the address of the client", {}],
    ["from another address of the SNAT sources", SNAT],
  ] as const)
    describe(`${version}: another client ${where}`, () => {
      const dial = dialFrom(config === SNAT ? "127.0.0.9" : "127.0.0.1");

      // id: passive-theft
      test("receives nothing of a download when the client resumes", async () => {
        await using world = await startTlsServer({}, { config });
        const client = await clientOf(world, version);
        world.memory.put("/f", FILE);
        const port = await client.passivePort();
        const thief = await otherClient(port, dial);
        const stolen = buffer(thief).catch(() => Buffer.alloc(0));
        // The client connects before it sends the command. On a busy machine, a later connection could be delayed by
        // more than SOLE_CONNECTION_WAIT.
        const own = await dialFrom("127.0.0.1")(port);
        assert.equal(await client.control.code("RETR f"), 150);
        assert.ok((await buffer(client.secured(own))).equals(FILE));
        assert.equal((await client.control.reply())?.code, 226);
        assert.equal((await stolen).length, 0);
      });

      // id: passive-theft-2
      test("supplies nothing to an upload when the client resumes", async () => {
        await using world = await startTlsServer({}, { config });
        const client = await clientOf(world, version);
        const port = await client.passivePort();
        const intruder = await otherClient(port, dial);
        intruder.end("injected");
        const own = await dialFrom("127.0.0.1")(port);
        assert.equal(await client.control.code("STOR f"), 150);
        client.secured(own).end(FILE);
        assert.equal((await client.control.reply())?.code, 226);
        assert.ok(world.memory.files.get("/f")?.bytes.equals(FILE));
      });

      // id: passive-theft-3
      test("is rejected when the client has resumed before, even if the client does not connect", async () => {
        await using world = await startTlsServer({}, { config });
        const client = await provenClient(world, version);
        const port = await client.passivePort();
        assert.equal(await client.control.code("STOR f"), 150);
        (await otherClient(port, dial)).end("injected");
        assert.equal((await client.control.reply())?.lines[0], MUST_RESUME);
        assert.equal(world.memory.files.has("/f"), false);
      });

      // id: passive-theft-4
      test("ends the transfer of a client that does not resume, and receives nothing", async () => {
        await using world = await startTlsServer({}, { config });
        world.memory.put("/f", FILE);
        const client = await clientOf(world, version);
        const port = await client.passivePort();
        const thief = await otherClient(port, dial);
        const own = await client.data(port, {});
        const stolen = buffer(thief).catch(() => Buffer.alloc(0));
        assert.equal(await client.control.code("RETR f"), 150);
        assert.equal((await buffer(own).catch(() => Buffer.alloc(0))).length, 0);
        assert.match((await client.control.reply())?.lines[0] ?? "", /^425 Several connections arrived/u);
        assert.equal((await stolen).length, 0);
      });

      // id: reservation-exhaustion
      for (const [what, disturb] of [
        ["says nothing", dial],
        ["sends garbage", async (port: number) => (await dial(port)).end("GET / HTTP/1.0\r\n\r\n")],
        ["is gone at once", async (port: number) => (await dial(port)).destroy()],
        ["finishes the handshake", (port: number) => otherClient(port, dial)],
      ] as const)
        test(`leaves the reservation when reuse is Required and it ${what}`, async () => {
          await using world = await startTlsServer({ sessionReuse: "Required" }, { config });
          const client = await clientOf(world, version);
          const port = await client.passivePort();
          await disturb(port);
          assert.equal(await client.control.code("STOR f"), 150);
          await disturb(port);
          (await client.data(port)).end(FILE);
          assert.equal((await client.control.reply())?.lines[0], "226 Transfer complete.");
          assert.ok(world.memory.files.get("/f")?.bytes.equals(FILE));
        });

      // id: rejected-session
      test("is not identified as the client by the session of its rejected connection", async () => {
        await using world = await startTlsServer({ sessionReuse: "Required" }, { config });
        world.memory.put("/f", FILE);
        const client = await clientOf(world, version);
        const port = await client.passivePort();
        assert.equal(await client.control.code("RETR f"), 150);
        const thief = connectTls({
          socket: await dial(port),
          rejectUnauthorized: false,
          minVersion: version,
          maxVersion: version,
        });
        let session: Buffer | undefined;
        thief.on("session", (got) => (session = got)).on("error", () => {});
        await new Promise<void>((resolve) => void thief.resume().once("close", () => resolve()));
        const again = connectTls({ socket: await dial(port), rejectUnauthorized: false, session });
        const stolen = await buffer(again.on("error", () => {})).catch(() => Buffer.alloc(0));
        assert.equal(stolen.length, 0);
        assert.equal((await client.control.reply())?.lines[0], MUST_RESUME);
      });

      // id: reservation-exhaustion-2
      for (const [what, bytes] of [
        ["say nothing", Buffer.alloc(0)],
        ["send half a ClientHello", Buffer.from([22, 3, 1, 2, 0, 1])],
      ] as const)
        test(`cannot exclude the client by connections that ${what}`, async () => {
          await using world = await startTlsServer({}, { config });
          const client = await clientOf(world, version);
          const port = await client.passivePort();
          const sockets = await Promise.all(
            Array.from({ length: MAX_PENDING_PER_PORT + 100 }, async () => {
              const socket = await dial(port);
              if (bytes.length > 0) socket.write(bytes);
              return socket.resume();
            }),
          );
          await until(() => sockets.filter(({ destroyed }) => destroyed).length >= 99);
          assert.equal(await client.control.code("STOR f"), 150);
          (await client.data(port)).end(FILE);
          assert.equal((await client.control.reply())?.code, 226);
          await until(() => sockets.every(({ destroyed }) => destroyed));
        });
    });

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 500, "it does not happen");
    await later(10);
  }
}

for (const version of VERSIONS) {
  // id: reservation-exhaustion-3
  test(`a client has a limited number of pending connections over all ports, ${version}`, async () => {
    await using world = await startTlsServer({}, { passivePortCount: 10 });
    const clients = await Promise.all(Array.from({ length: 6 }, () => clientOf(world, version)));
    const ports = await Promise.all(clients.map((client) => client.passivePort()));
    const perPort = MAX_PENDING_PER_PORT - 4;
    const sockets: Socket[] = [];
    for (const port of ports)
      for (let number = 0; number < perPort; number++) sockets.push(await dialFrom("127.0.0.1")(port));
    for (const socket of sockets) socket.resume();
    const most = MAX_PENDING_PER_CLIENT + clients.length;
    await until(() => sockets.filter(({ destroyed }) => !destroyed).length <= most);
    for (const socket of sockets) socket.destroy();
  });

  test(`a connection keeps its owner with IPv6 and PROXY headers, ${version}`, async () => {
    const header = "PROXY TCP6 2001:db8::7 2001:db8::1 40000 21\r\n";
    const proxyProtocol = { trustedSources: ["::1"] };
    for (const [config, greeting] of [
      [{}, ""],
      [{ proxyProtocol }, header],
    ] as const) {
      await using world = await startTlsServer({}, { config });
      const dial: Dial = async (port) => {
        const socket = connect({ port, host: "::1" });
        await once(
          socket.on("error", () => {}),
          "connect",
        );
        if (greeting !== "") socket.write(greeting);
        return socket;
      };
      const client = await provenClient(world, version, dial);
      const port = await client.passivePort();
      assert.equal(await client.control.code("STOR f"), 150);
      (await otherClient(port, dial)).end("injected");
      (await client.data(port)).end(FILE);
      assert.equal((await client.control.reply())?.code, 226);
      assert.ok(world.memory.files.get("/f")?.bytes.equals(FILE));
    }
  });

  // id: active-theft
  test(`active mode rejects a connection without resumption when the client has resumed before, ${version}`, async () => {
    await using world = await startTlsServer({}, { config: { active: { mode: "Enabled" } } });
    const client = await clientOf(world, version);
    const store = async (change?: { session?: Buffer }): Promise<string> => {
      const listener = createServer().listen(0, "127.0.0.1");
      await once(listener, "listening");
      const address = listener.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      assert.equal(await client.control.code(`EPRT |1|127.0.0.1|${port}|`), 200);
      const coming = once(listener, "connection");
      assert.equal(await client.control.code("STOR f"), 150);
      const [raw]: Socket[] = await coming;
      assert.ok(raw !== undefined);
      client.secured(raw, change).end(FILE);
      const { lines } = (await client.control.reply()) ?? {};
      listener.close();
      return lines?.[0] ?? "";
    };
    assert.equal(await store({}), "226 Transfer complete.");
    for (const _ of ["one", "two"]) assert.equal(await store(), "226 Transfer complete.");
    assert.equal(await store({}), MUST_RESUME);
  });
}
