import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import { HEADER_TIMEOUT } from "../../../src/engine/proxy-protocol/header-reader.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { binaryHeader, textHeader } from "../../support/engine/proxy-headers.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { startServer, testConfig, type TestServer } from "../../support/engine/server.ts";
import { startTlsServer } from "../../support/engine/tls-world.ts";
import { settle } from "../../support/engine/world.ts";

const CLIENT = "198.51.100.7";
const DESTINATION = "203.0.113.9";
const passive: EngineConfig["passive"] = { ...testConfig().passive, address: { type: "ControlConnection" } };
const behindProxy: Partial<EngineConfig> = { proxyProtocol: { trustedSources: ["127.0.0.0/8"] }, passive };

/** Opens a connection and sends bytes. */
async function dial(port: number, bytes: string | Buffer): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  if (bytes.length > 0) socket.write(bytes);
  return socket;
}

async function login(world: TestServer, header: Buffer): Promise<ControlClient> {
  return await new ControlClient(await dial(world.engine.controlPort, header)).login();
}

async function port(client: ControlClient): Promise<number> {
  const numbers = /\((.*)\)/u.exec((await client.command("PASV")).lines[0] ?? "")?.[1]?.split(",") ?? [];
  assert.equal(numbers.slice(0, 4).join("."), DESTINATION);
  return Number(numbers[4]) * 256 + Number(numbers[5]);
}

describe("an engine behind a proxy", () => {
  for (const [name, header] of [
    ["version 1", textHeader(CLIENT, DESTINATION)],
    ["version 2", binaryHeader(CLIENT, DESTINATION)],
  ] as const) {
    // id: proxy-protocol
    test(`uses the client and the announced address of a header of ${name}, and accepts one on data connections`, async () => {
      await using world = await startServer({ config: behindProxy });
      const client = await login(world, header);
      assert.match((await client.command("STAT")).lines.join(), /Connected from 198\.51\.100\.7/u);
      const data = await dial(await port(client), Buffer.concat([header, Buffer.from("first ")]));
      assert.equal(await client.code("STOR f"), 150);
      data.end("second");
      assert.equal((await client.reply())?.code, 226);
      assert.equal(world.memory.files.get("/f")?.bytes.toString(), "first second");
    });
  }

  test("fails an upload immediately when its data connection was reset before STOR", async () => {
    const world = await startServer({ config: behindProxy });
    const header = textHeader(CLIENT, DESTINATION);
    const client = await login(world, header);
    const data = await dial(await port(client), header);
    // The engine reads the PROXY protocol header of a waiting connection, and then detects that the connection has
    // ended.
    await sleep(100);
    data.resetAndDestroy();
    await sleep(100);
    assert.equal(await client.code("STOR f"), 150);
    assert.equal((await client.reply())?.code, 426);
    await world.engine.close();
    assert.equal(world.engine.sessions.size, 0);
  });

  test("accepts a header in one packet with commands, and byte by byte", async () => {
    await using world = await startServer({ config: behindProxy });
    const header = textHeader(CLIENT, DESTINATION);
    const together = new ControlClient(
      await dial(
        world.engine.controlPort,
        Buffer.concat([header, Buffer.from("USER alice\r\nPASS secret\r\n")]),
      ),
    );
    for (const code of [220, 331, 230]) assert.equal((await together.reply())?.code, code);
    const slow = await dial(world.engine.controlPort, "");
    for (const byte of header) {
      slow.write(Buffer.of(byte));
      await settle();
    }
    assert.equal((await new ControlClient(slow).reply())?.code, 220);
  });

  test("rejects a data connection with another client or without a header", async () => {
    await using world = await startServer({ config: behindProxy });
    const client = await login(world, textHeader(CLIENT, DESTINATION));
    const to = await port(client);
    const stranger = await dial(to, textHeader("198.51.100.8", DESTINATION));
    const bare = await dial(to, "stolen data without a header\r\n");
    await Promise.all([buffer(stranger).catch(() => {}), buffer(bare).catch(() => {})]);
    assert.equal(world.counts.get("unmatchedConnection"), 1);
    assert.equal(world.counts.get("proxyRefused Invalid"), 1);
    const own = await dial(to, textHeader(CLIENT, DESTINATION));
    assert.equal(await client.code("STOR f"), 150);
    own.end("mine");
    assert.equal((await client.reply())?.code, 226);
  });

  test("applies sessionsPerClient to the clients of headers", async () => {
    const limits = { ...testConfig().limits, sessionsPerClient: 1 };
    await using world = await startServer({ config: { ...behindProxy, limits } });
    await login(world, textHeader(CLIENT, DESTINATION));
    await login(world, textHeader("198.51.100.8", DESTINATION));
    const third = new ControlClient(await dial(world.engine.controlPort, textHeader(CLIENT, DESTINATION)));
    assert.equal((await third.reply())?.code, 421);
  });

  // id: ipv6-limits-3
  test("applies sessionsPerClient to the IPv6 networks of headers", async () => {
    const limits = { ...testConfig().limits, sessionsPerClient: 1 };
    await using world = await startServer({ config: { ...behindProxy, limits } });
    for (const [address, code] of [
      ["2001:db8:1:1::1", 220],
      ["2001:db8:1:1::2", 421],
      ["2001:db8:1:2::1", 220],
    ] as const) {
      const socket = await dial(world.engine.controlPort, textHeader(address, "2001:db8:9::1"));
      assert.equal((await new ControlClient(socket).reply())?.code, code, address);
    }
  });

  test("serves a health check of the proxy with the address of the proxy", async () => {
    await using world = await startServer({ config: behindProxy });
    const client = await login(world, binaryHeader(CLIENT, DESTINATION, { command: 0x20 }));
    assert.match((await client.command("STAT")).lines.join(), /Connected from 127\.0\.0\.1/u);
  });

  test("drops connections from untrusted sources and with invalid, missing or late headers", async () => {
    const clock = new ManualClock();
    await using world = await startServer({ config: behindProxy, clock });
    const { controlPort } = world.engine;
    const silent = await dial(controlPort, "PROXY TCP4");
    const other = await dial(controlPort, "GET / HTTP/1.1\r\n\r\n");
    const gone = await dial(controlPort, "PROXY");
    gone.end();
    await Promise.all([other, gone].map((socket) => buffer(socket).catch(() => {})));
    clock.advance(HEADER_TIMEOUT);
    await buffer(silent).catch(() => {});
    world.engine.reconfigure({ ...world.config, proxyProtocol: { trustedSources: ["192.0.2.0/24"] } });
    const untrusted = await dial(controlPort, textHeader(CLIENT, DESTINATION));
    await buffer(untrusted).catch(() => {});
    for (const reason of ["Timeout", "Invalid", "Closed", "Untrusted"])
      assert.equal(world.counts.get(`proxyRefused ${reason}`), 1, reason);
    assert.equal(world.counts.get("sessionOpened"), undefined);
    assert.equal(clock.pending, 0, "no timer is left");
  });

  test("starts TLS after the header on control and data connections", async () => {
    await using world = await startTlsServer(
      { mode: "Implicit", sessionReuse: "Required" },
      { config: behindProxy },
    );
    const header = binaryHeader(CLIENT, DESTINATION);
    const socket = connectTls({
      socket: await dial(world.engine.controlPort, header),
      rejectUnauthorized: false,
    });
    let session: Buffer | undefined;
    socket.on("session", (newest) => (session = newest));
    const client = await new ControlClient(socket).login();
    const raw = await dial(await port(client), header);
    assert.equal(await client.code("STOR f"), 150);
    connectTls({ socket: raw, rejectUnauthorized: false, session }).end("sealed");
    assert.equal((await client.reply())?.code, 226);
    assert.equal(world.memory.files.get("/f")?.bytes.toString(), "sealed");
  });
});
