import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { describe, test } from "node:test";
import { testConfig, testUser } from "../../support/engine/server.ts";
import { limits, settle, world } from "../../support/engine/world.ts";

const { perSession, delaySeconds } = testConfig().limits.failedLogins;
const DELAY = delaySeconds * 1000;

describe("login", () => {
  // id: user-name-oracle
  test("shows the banner, gives every name the same reply, and accepts one password per USER", async () => {
    await using server = world({ banner: "Welcome" });
    const client = server.client();
    assert.deepEqual((await client.reply())?.lines, ["220 Welcome"]);
    const known = await client.command("USER alice");
    assert.deepEqual(await client.command("USER nobody"), known);
    client.send("PASS secret\r\n");
    await settle();
    server.clock.advance(DELAY);
    assert.equal((await client.reply())?.code, 530);
    assert.equal(await client.code("PASS secret"), 503);
  });

  test("delays the reply to a wrong password, and ends the session after perSession failures", async () => {
    await using server = world();
    const client = server.client();
    await client.reply();
    for (let failure = 1; failure <= perSession; failure++) {
      await client.command("USER alice");
      client.send("PASS wrong\r\n");
      await settle();
      server.clock.advance(DELAY - 1);
      let answered = false;
      const answer = client.reply().then((reply) => ((answered = true), reply));
      await settle();
      assert.equal(answered, false);
      server.clock.advance(1);
      assert.equal((await answer)?.code, failure === perSession ? 421 : 530);
    }
    assert.equal(await client.reply(), undefined);
    assert.equal(server.counts.get("login Rejected"), perSession);
  });

  test("logs no passwords", async () => {
    await using server = world();
    const client = await server.client().login();
    await client.command("QUIT");
    assert.ok(!JSON.stringify(server.log.entries).includes("secret"));
  });

  // id: rein
  test("is required again after REIN, which does not extend the login timeout", async () => {
    await using server = world(limits({ loginTimeoutSeconds: 10 }));
    const client = await server.client().login();
    assert.equal(await client.code("REIN"), 220);
    assert.equal(await client.code("PWD"), 530);
    server.clock.advance(6000);
    assert.equal(await client.code("REIN"), 220);
    server.clock.advance(4000);
    assert.equal((await client.reply())?.code, 421);
  });

  test("is revoked with 421 at the next command when the user is removed", async () => {
    await using server = world();
    const client = await server.client().login();
    server.authenticator.users = [];
    assert.equal(await client.code("PWD"), 421);
    assert.equal(await client.reply(), undefined);
  });

  test("is revoked with 421 at the next command when the home directory changes", async () => {
    await using server = world();
    const client = await server.client().login();
    server.authenticator.users = [testUser("alice", { homeDirectory: "/other" })];
    assert.equal(await client.code("PWD"), 421);
  });
});

describe("limits", () => {
  // id: slow-clients
  test("end sessions at the login timeout or at the idle timeout, which a command restarts", async () => {
    await using server = world(limits({ loginTimeoutSeconds: 10, idleTimeoutSeconds: 60 }));
    const late = server.client();
    await late.reply();
    const client = await server.client().login();
    server.clock.advance(10_000);
    assert.equal((await late.reply())?.code, 421);
    server.clock.advance(49_999);
    assert.equal(await client.code("NOOP"), 200);
    server.clock.advance(59_999);
    assert.equal(await client.code("NOOP"), 200);
    server.clock.advance(60_000);
    assert.equal((await client.reply())?.code, 421);
    assert.equal(await client.reply(), undefined);
    await settle();
    assert.equal(server.engine.sessions.size, 0);
    assert.equal(server.clock.pending, 0, "no timer is left behind");
  });

  test("reject sessions with 421 above the total limit or above the limit for one client", async () => {
    await using server = world({
      ...limits({ sessions: 3, sessionsPerClient: 2 }),
      maskedClients: ["10.0.0.0/8"],
    });
    const first = server.client();
    assert.equal((await first.reply())?.code, 220);
    assert.equal((await server.client().reply())?.code, 220);
    const third = server.client();
    assert.equal((await third.reply())?.code, 421);
    assert.equal(await third.reply(), undefined);
    assert.equal((await server.client("10.0.0.1").reply())?.code, 220);
    assert.equal((await server.client("10.0.0.1").reply())?.code, 421);
    assert.equal(server.counts.get("sessionRefused SessionsPerClient"), 1);
    assert.equal(server.counts.get("sessionRefused Sessions"), 1);
    await first.command("QUIT");
    await settle();
    assert.equal((await server.client().reply())?.code, 220);
  });

  // id: ipv6-limits
  test("count all addresses of an IPv6 network of 64 bits as one client", async () => {
    await using server = world(limits({ sessionsPerClient: 2 }));
    for (const address of ["2001:db8:1:1::1", "2001:db8:1:1:ffff::2"])
      assert.equal((await server.client(address).reply())?.code, 220);
    assert.equal((await server.client("2001:DB8:1:1::3").reply())?.code, 421);
    assert.equal(
      (await server.client("2001:db8:1:2::1").reply())?.code,
      220,
      "a client of the neighboring address is another client",
    );
    assert.equal((await server.client("::ffff:192.0.2.1").reply())?.code, 220);
    assert.equal((await server.client("192.0.2.1").reply())?.code, 220);
    assert.equal((await server.client("::ffff:192.0.2.1").reply())?.code, 421, "IPv4-mapped is IPv4");
    assert.equal((await server.client("::ffff:192.0.2.2").reply())?.code, 220);
  });

  // id: input-limits
  test("reject a line above commandLineBytes with 500, count it and skip its bytes", async () => {
    await using server = world(limits({ commandLineBytes: 600 }));
    const client = await server.client().login();
    const longest = `CWD ${"x".repeat(600 - "CWD \r\n".length)}`;
    assert.notEqual(await client.code(longest), 500, "as long as it may be");
    client.send(`CWD ${"x".repeat(600)}\r\nNOOP\r\n`);
    assert.equal((await client.reply())?.code, 500);
    assert.equal((await client.reply())?.code, 200);
    assert.equal(server.counts.get("lineTooLong"), 1);
  });

  // id: cross-protocol-2
  test("end a session before its login after too many lines that are not commands", async () => {
    await using server = world(limits({ unknownCommands: 4 }));
    const client = server.client();
    await client.reply();
    for (let line = 1; line < 4; line++) assert.equal(await client.code("XYZZY"), 500);
    assert.equal(await client.code(""), 421);
    assert.equal(await client.reply(), undefined);
  });

  for (const line of ["GET / HTTP/1.1", "POST /x HTTP/1.0", "EHLO example.com", "SSH-2.0-OpenSSH_9.6"]) {
    // id: cross-protocol-3
    test(`end a session without a reply after ${line}`, async () => {
      await using server = world();
      const client = await server.client().login();
      client.send(`${line}\r\n`);
      assert.equal(await client.reply(), undefined);
    });
  }

  // id: input-limits-2
  test("bound the buffers of the engine when a client sends commands and reads no replies", async () => {
    await using server = world();
    const [ours, theirs] = duplexPair();
    server.engine.serve(theirs, { client: "192.0.2.1", local: "192.0.2.254" });
    for (let sent = 0; sent < 100; sent++) ours.write("HELP\r\n".repeat(2000));
    await settle();
    assert.ok(
      theirs.readableLength + theirs.writableLength < 300_000,
      `${theirs.readableLength} ${theirs.writableLength}`,
    );
    assert.ok(ours.writableLength > 10_000, "the rest waits at the client");
  });

  test("keep the order of replies to many commands in one packet", async () => {
    await using server = world();
    const client = await server.client().login();
    client.send(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? "NOOP\r\n" : "PWD\r\n")).join(""),
    );
    for (let index = 0; index < 200; index++)
      assert.equal((await client.reply())?.code, index % 2 === 0 ? 200 : 257);
  });

  // id: input-limits-5
  for (const line of ["NOOP", "FEAT", "STAT /", "SIZE /nothing"])
    test(`keep the event loop and other sessions responsive during a flood of ${line}`, async () => {
      const flood = 10_000;
      await using server = world();
      const [client, other] = [await server.client().login(), await server.client().login()];
      client.send(`${line}\r\n`.repeat(flood));
      let [answered, ticks] = [0, 0];
      const beat = setInterval(() => ticks++, 1);
      const whole = (async () => {
        for (; answered < flood; answered++) await client.reply();
      })();
      assert.equal(await other.code("NOOP"), 200);
      assert.ok(answered < flood / 2, `answered ${answered} of ${flood} first`);
      await whole;
      clearInterval(beat);
      assert.ok(ticks > 3, `${ticks} ticks`);
    });
});
