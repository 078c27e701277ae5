/** Tests clients that open sessions and do not log in. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MAX_REJECTIONS } from "../../../src/engine/listener.ts";
import { REPLACEABLE_AFTER } from "../../../src/engine/session/session-registry.ts";
import type { ControlClient } from "../../support/engine/control-client.ts";
import { limits, settle, world, type World } from "../../support/engine/world.ts";

/** Opens a session. @returns the client and the reply code of its greeting */
async function open(server: World, address: string): Promise<{ client: ControlClient; code: number }> {
  const client = server.client(address);
  return { client, code: (await client.reply())?.code ?? 0 };
}

/** Opens `count` sessions from the addresses that `addressOf` returns. */
async function flood(
  server: World,
  count: number,
  addressOf: (index: number) => string,
): Promise<ControlClient[]> {
  const opened = [];
  for (let index = 0; index < count; index += 1) {
    const { client, code } = await open(server, addressOf(index));
    assert.equal(code, 220);
    opened.push(client);
  }
  return opened;
}

async function isOpen(client: ControlClient): Promise<boolean> {
  await settle();
  return !client.duplex.destroyed && !client.duplex.readableEnded;
}

/** Limits for 8 sessions, of which at most 6 can be open without a login. */
const eight = limits({ sessions: 8, sessionsPerClient: 6, loginTimeoutSeconds: 600 });

describe("a client that opens many sessions and does not log in", () => {
  // id: unauthenticated-sessions
  test("loses sessions to other clients that log in", async () => {
    await using server = world(eight);
    const hoarder = await flood(server, 6, () => "192.0.2.1");
    for (const address of ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
      await server.client(address).login();
    const open = await Promise.all(hoarder.map(isOpen));
    assert.deepEqual(
      open,
      [false, true, true, true, true, true],
      "6 before their login and 2 after: one too many",
    );
    assert.equal(server.engine.sessions.size, 8);
    assert.equal(server.counts.get("sessionRefused Sessions"), 1);
  });

  // id: unauthenticated-sessions-7
  test("loses sessions with a running password verification last", async () => {
    await using server = world(eight);
    const [oldest, second] = await flood(server, 6, () => "192.0.2.1");
    assert.ok(oldest !== undefined && second !== undefined);
    await oldest.command("USER alice");
    // The verification is still running, because the reply to a wrong password is delayed.
    oldest.send("PASS wrong\r\n");
    await settle();
    await open(server, "198.51.100.1");
    assert.deepEqual(await Promise.all([oldest, second].map(isOpen)), [true, false]);
  });

  // id: unauthenticated-sessions-2
  test("cannot use the part of limits.sessions that is reserved for logged-in sessions", async () => {
    await using server = world(eight);
    await flood(server, 6, () => "192.0.2.1");
    const { code } = await open(server, "192.0.2.1");
    assert.equal(code, 421);
    await flood(server, 3, (index) => `198.51.100.${index}`);
    assert.equal(server.engine.sessions.size, 6, "each new session took the place of one of the hoarder's");
  });

  // id: unauthenticated-sessions-3
  test("does not exclude other clients when it uses many addresses of an IPv6 network", async () => {
    await using server = world(eight);
    await flood(server, 6, (index) => `2001:db8:1:1::${index}`);
    await server.client("2001:db8:1:2::1").login();
  });
});

describe("many clients that each open a session and do not log in", () => {
  // id: unauthenticated-sessions-4
  test("keep their sessions for REPLACEABLE_AFTER, and then lose the oldest to a new client", async () => {
    await using server = world(eight);
    const [oldest, second] = await flood(server, 6, (index) => `192.0.2.${index}`);
    assert.ok(oldest !== undefined && second !== undefined);
    assert.equal((await open(server, "198.51.100.1")).code, 421);
    server.clock.advance(REPLACEABLE_AFTER);
    const alice = await server.client("198.51.100.1").login();
    assert.equal(await isOpen(oldest), false);
    assert.equal(await isOpen(second), true);
    assert.equal(await alice.code("NOOP"), 200);
  });

  // id: unauthenticated-sessions-8
  test("lose the second oldest session when the oldest has a running password verification", async () => {
    await using server = world(eight);
    const [oldest, second] = await flood(server, 6, (index) => `192.0.2.${index}`);
    assert.ok(oldest !== undefined && second !== undefined);
    server.clock.advance(REPLACEABLE_AFTER);
    await oldest.command("USER alice");
    // The verification is still running, because the reply to a wrong password is delayed.
    oldest.send("PASS wrong\r\n");
    await settle();
    assert.equal((await open(server, "198.51.100.1")).code, 220);
    assert.equal(await isOpen(oldest), true, "its password is being verified");
    assert.equal(await isOpen(second), false);
  });

  // id: unauthenticated-sessions-5
  test("never end a session that has logged in", async () => {
    await using server = world(eight);
    const users = [];
    for (let index = 0; index < 8; index += 1) users.push(await server.client(`192.0.2.${index}`).login());
    server.clock.advance(REPLACEABLE_AFTER);
    assert.equal((await open(server, "198.51.100.1")).code, 421);
    for (const user of users) assert.equal(await user.code("NOOP"), 200);
  });
});

test("a session counts as not logged in after REIN, and no longer counts when it ends", async () => {
  await using server = world(limits({ sessions: 4, loginTimeoutSeconds: 600 }));
  const clients = [];
  for (let index = 0; index < 3; index += 1) clients.push(await server.client(`192.0.2.${index}`).login());
  for (const client of clients) assert.equal(await client.code("REIN"), 220);
  assert.equal((await open(server, "198.51.100.1")).code, 421, "3 of 4 are before their login");
  for (const client of clients) assert.equal(await client.code("QUIT"), 221);
  await settle();
  await flood(server, 3, (index) => `198.51.100.${index}`);
});

test("a session from a SNAT source is ended only because of its age", async () => {
  await using server = world({ ...eight, maskedClients: ["10.0.0.0/8"] });
  const masked = await flood(server, 6, (index) => `10.0.0.${index}`);
  assert.equal((await open(server, "10.0.0.9")).code, 421);
  server.clock.advance(REPLACEABLE_AFTER);
  assert.equal((await open(server, "10.0.0.9")).code, 220);
  assert.deepEqual(await Promise.all(masked.map(isOpen)), [false, true, true, true, true, true]);
});

// id: unauthenticated-sessions-6
test("at most MAX_REJECTIONS rejected clients get a reply at the same time", async () => {
  await using server = world(limits({ sessions: 1 }));
  await server.client().login();
  const refused = Array.from({ length: MAX_REJECTIONS + 1 }, () => server.client("192.0.2.2"));
  assert.equal(await refused.at(-1)?.reply(), undefined);
  const [first] = refused;
  assert.equal((await first?.reply())?.code, 421);
  server.clock.advance(2000);
  await settle();
  assert.equal((await open(server, "192.0.2.3")).code, 421, "their places are free again");
});
