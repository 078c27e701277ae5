import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { DATA_READ_AHEAD } from "../../../src/engine/transfer/data-source.ts";
import { PORT_WAIT, RECLAIM_AFTER } from "../../../src/engine/passive/port-pool.ts";
import { UNUSED_RESERVATION_TIMEOUT } from "../../../src/engine/passive/reservation.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { ControlClient } from "../../support/engine/control-client.ts";
import { makeServer, startServer } from "../../support/engine/server.ts";
import { settle, SLICE, world } from "../../support/engine/world.ts";

describe("commands for data connections", () => {
  // id: epsv-eprt
  test("PASV announces the address and a port of the slice, EPSV only the port", async () => {
    await using server = world();
    const client = await server.client().login();
    assert.match((await client.command("PASV")).lines[0] ?? "", /\(203,0,113,7,195,8[01]\)$/u);
    assert.match((await client.command("EPSV")).lines[0] ?? "", /\(\|\|\|5000[01]\|\)$/u);
    assert.match((await client.command("EPSV 1")).lines[0] ?? "", /^229 /u);
    assert.equal(server.counts.get("passiveReservations"), 1, "one reservation per session");
    assert.equal(await client.code("EPSV 2"), 522);
    assert.equal(await client.code("EPSV x"), 501);
    await client.command("QUIT");
    await settle();
    assert.equal(server.counts.get("passiveReservations"), 0);
  });

  test("PASV is rejected with a reference to EPSV when no address is announced", async () => {
    const clock = new ManualClock();
    await using server = makeServer({ clock, announced: undefined }, SLICE);
    const client = await ControlClient.inMemory(server.engine).login();
    const { code, lines } = await client.command("PASV");
    assert.equal(code, 425);
    assert.match(lines[0] ?? "", /EPSV/u);
    assert.equal(await client.code("EPSV"), 229);
  });

  test("PASV is rejected with a reference to EPSV for an IPv6 client", async () => {
    await using server = world();
    const client = await server.client("2001:db8::1").login();
    assert.equal(await client.code("PASV"), 425);
    assert.equal(await client.code("EPSV 1"), 522);
    assert.equal(await client.code("EPSV 2"), 229);
  });

  // id: epsv-all
  test("EPSV ALL rejects PASV, PORT and EPRT until REIN (RFC 2428 section 4)", async () => {
    await using server = world({ active: { mode: "Enabled" } });
    const client = await server.client().login();
    assert.equal(await client.code("EPSV ALL"), 200);
    assert.equal(await client.code("ABOR"), 226);
    for (const line of ["PASV", "PORT 192,0,2,1,4,1", "EPRT |1|192.0.2.1|1025|", "EPRT |9|x|1|"]) {
      assert.equal(await client.code(line), 501, line);
    }
    assert.equal(await client.code("EPSV"), 229);
    await client.command("REIN");
    await client.command("USER alice");
    await client.command("PASS secret");
    assert.equal(await client.code("PASV"), 227);
  });

  // id: bounce-attack
  test("PORT and EPRT get 502 when active mode is disabled", async () => {
    await using server = world();
    const client = await server.client().login();
    for (const line of ["PORT 192,0,2,1,4,1", "EPRT |1|192.0.2.1|1025|"]) {
      const { code, lines } = await client.command(line);
      assert.equal(code, 502);
      assert.match(lines[0] ?? "", /disabled/u);
    }
  });

  for (const [line, code] of [
    ["PORT 192,0,2,1,4,1", 200],
    ["PORT 192,0,2,1,3,255", 504],
    ["PORT 192,0,2,2,4,1", 504],
    ["PORT 127,0,0,1,4,1", 504],
    ["PORT 1,2,3", 501],
    ["EPRT |1|192.0.2.1|1025|", 200],
    ["EPRT |2|::ffff:192.0.2.1|1025|", 200],
    ["EPRT |1|192.0.2.9|1025|", 504],
    ["EPRT |1|192.0.2.1|22|", 504],
    ["EPRT |9|192.0.2.1|1025|", 522],
    ["EPRT nonsense", 501],
  ] as const) {
    // id: bounce-target
    test(`${line} gets ${code} when active mode is enabled`, async () => {
      await using server = world({ active: { mode: "Enabled" } });
      const client = await server.client().login();
      assert.equal(await client.code(line), code);
    });
  }

  test("active mode opens no connection to a SNAT source", async () => {
    await using server = world({ active: { mode: "Enabled" }, maskedClients: ["192.0.2.0/24"] });
    const client = await server.client().login();
    assert.equal(await client.code("PORT 192,0,2,1,4,1"), 504);
  });

  test("every address can use all ports with port sharing, and each port has one reservation without it", async () => {
    await using server = world();
    const clients = await Promise.all(
      ["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2"].map((at) => server.client(at).login()),
    );
    for (const client of clients) assert.equal(await client.code("EPSV"), 229);
    assert.equal(server.counts.get("passiveReservations"), 4);
    server.engine.reconfigure({
      ...server.config,
      passive: { ...server.config.passive, portSharing: "Disabled" },
    });
    const fifth = await server.client("192.0.2.3").login();
    fifth.send("EPSV\r\n");
    await settle();
    assert.equal(server.counts.get("passiveWait"), 1);
    server.clock.advance(PORT_WAIT);
    const reply = await fifth.reply();
    assert.equal(reply?.code, 425);
    assert.match(reply?.lines[0] ?? "", /^425 All \d+ passive ports are reserved/u);
    assert.equal(server.counts.get("passiveExhausted"), 1);
  });

  // id: slow-clients-3
  test("a waiting session gets a released port or the port of a long unused reservation", async () => {
    await using server = world();
    const [one, two, three] = await Promise.all([
      server.client().login(),
      server.client().login(),
      server.client().login(),
    ]);
    assert.equal(await one.code("EPSV"), 229);
    assert.equal(await two.code("EPSV"), 229);
    three.send("EPSV\r\n");
    await settle();
    server.clock.advance(1000);
    assert.equal(await one.code("ABOR"), 226);
    assert.equal((await three.reply())?.code, 229);
    server.clock.advance(RECLAIM_AFTER - 1000);
    assert.equal(await one.code("EPSV"), 229, "taken from the one that holds it longest");
    assert.equal(await two.code("NLST"), 150);
    assert.equal((await two.reply())?.code, 425);
  });

  test("an unused reservation expires", async () => {
    await using server = world();
    const client = await server.client().login();
    await client.command("EPSV");
    server.clock.advance(UNUSED_RESERVATION_TIMEOUT - 1);
    assert.equal(server.counts.get("passiveReservations"), 1);
    server.clock.advance(1);
    assert.equal(server.counts.get("passiveReservations"), 0);
  });

  test("a session that ends while it waits for a port reserves no port", async () => {
    await using server = world();
    const clients = await Promise.all([
      server.client().login(),
      server.client().login(),
      server.client().login(),
    ]);
    for (const client of clients) client.send("EPSV\r\n");
    await settle();
    clients[2]?.duplex.destroy();
    await settle();
    await clients[0]?.reply();
    assert.equal(await clients[0]?.code("ABOR"), 226);
    await settle();
    assert.equal(server.counts.get("passiveReservations"), 1);
  });
});

// id: transfer-memory-4
test("a data connection buffers only a few bytes while its sink is busy", async () => {
  await using world = await startServer();
  const { passive, clients } = world.engine.services;
  const source = await passive.reserve(clients.keyOf("127.0.0.1"));
  const theirs = connect(source.port, "127.0.0.1");
  const ours = await source.open(5000, "Upload");
  assert.equal(ours.readableHighWaterMark, DATA_READ_AHEAD.highWaterMark);
  ours.destroy();
  theirs.destroy();
});
