import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hashPassword } from "../../../src/api/password-hash.ts";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import type { ControlClient, Received } from "../../support/engine/control-client.ts";
import { limits, settle, world, type World } from "../../support/engine/world.ts";
import { testConfig, testUser } from "../../support/engine/server.ts";

const failedLogins = { perSession: 2, delaySeconds: 4, attempts: 3, periodSeconds: 60, banSeconds: 300 };
const WRONG = ["530 Login incorrect."];

/** Sends a user name and a password, and advances the clock by the failed-login delay. */
async function login(
  server: World,
  client: ControlClient,
  [name, password]: [string, string],
  milliseconds = failedLogins.delaySeconds * 1000,
): Promise<Received | undefined> {
  await client.command(`USER ${name}`);
  client.send(`PASS ${password}\r\n`);
  await settle();
  server.clock.advance(milliseconds);
  return client.reply();
}

async function connect(server: World, address: string): Promise<ControlClient> {
  const client = server.client(address);
  await client.reply();
  return client;
}

/** Sends one wrong password for the user from each address. */
async function fail(server: World, addresses: readonly string[], name = "alice"): Promise<void> {
  for (const address of addresses) {
    const client = await connect(server, address);
    assert.deepEqual((await login(server, client, [name, "wrong"]))?.lines, WRONG);
  }
}

describe("limits.failedLogins", () => {
  test("delaySeconds delays replies, and perSession limits the failures of a session", async () => {
    await using server = world(limits({ failedLogins }));
    const client = await connect(server, "192.0.2.1");
    await client.command("USER alice");
    client.send("PASS wrong\r\n");
    await settle();
    server.clock.advance(3999);
    let answered = false;
    const answer = client.reply().then((reply) => ((answered = true), reply));
    await settle();
    assert.equal(answered, false);
    server.clock.advance(1);
    assert.deepEqual((await answer)?.lines, WRONG);
    assert.equal((await login(server, client, ["alice", "wrong"]))?.code, 421);
    assert.equal(await client.reply(), undefined);
  });

  // id: failed-logins
  test("attempts bans a client, whose right password is rejected without verification during the ban", async (t) => {
    await using server = world(limits({ failedLogins }));
    await fail(server, ["192.0.2.1", "192.0.2.1"], "bob");
    await fail(server, ["192.0.2.1"], "carol");
    assert.equal(server.counts.get("loginBan Client"), 1);
    assert.equal(server.counts.get("login Rejected"), 3);
    const looks = t.mock.method(server.authenticator, "login");
    const client = await connect(server, "192.0.2.1");
    assert.deepEqual((await login(server, client, ["alice", "secret"]))?.lines, WRONG);
    assert.equal(looks.mock.callCount(), 0);
    assert.equal(server.counts.get("login Banned"), 1);
    assert.ok(server.log.entries.some(({ message }) => message.startsWith("login rejected: banned")));
    assert.equal(
      (await login(server, await connect(server, "192.0.2.2"), ["alice", "secret"], 0))?.code,
      230,
    );
    server.clock.advance(300_000);
    assert.equal(
      (await login(server, await connect(server, "192.0.2.1"), ["alice", "secret"], 0))?.code,
      230,
    );
  });

  // id: ipv6-limits-2
  test("attempts counts all addresses of an IPv6 network of 64 bits as one client", async () => {
    await using server = world(limits({ failedLogins }));
    await fail(server, ["2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:1:ffff::3"], "bob");
    assert.equal(server.counts.get("loginBan Client"), 1);
    const sibling = await connect(server, "2001:db8:1:1::9");
    assert.deepEqual((await login(server, sibling, ["alice", "secret"]))?.lines, WRONG);
    const neighbor = await connect(server, "2001:db8:1:2::9");
    assert.equal((await login(server, neighbor, ["alice", "secret"], 0))?.code, 230);
  });

  test("periodSeconds sets the time for which wrong passwords count", async () => {
    await using server = world(limits({ failedLogins }));
    await fail(server, ["192.0.2.1", "192.0.2.1"]);
    server.clock.advance(60_000);
    await fail(server, ["192.0.2.1", "192.0.2.1"]);
    assert.equal(server.counts.get("loginBan Client"), undefined);
  });

  test("attempts for one name bans the clients that failed, and not the owner of the name", async () => {
    await using server = world(limits({ failedLogins }));
    await fail(server, ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
    assert.equal(server.counts.get("loginBan Name"), 1);
    assert.deepEqual(
      (await login(server, await connect(server, "192.0.2.1"), ["alice", "secret"]))?.lines,
      WRONG,
    );
    assert.equal(
      (await login(server, await connect(server, "192.0.2.4"), ["alice", "secret"], 0))?.code,
      230,
    );
  });

  test("concurrent logins are rejected when the ban starts before their verification ends", async (t) => {
    await using server = world(limits({ failedLogins }));
    const clients = await Promise.all(Array.from({ length: 4 }, () => connect(server, "192.0.2.1")));
    const { promise: checked, resolve } = Promise.withResolvers<void>();
    t.mock.method(server.authenticator, "login", async (name: string, password: string) => {
      await checked;
      return password === "secret" ? server.authenticator.current(name) : undefined;
    });
    for (const [index, client] of clients.entries()) {
      await client.command("USER alice");
      client.send(`PASS ${index === 3 ? "secret" : "wrong"}\r\n`);
      await settle();
    }
    resolve();
    await settle();
    server.clock.advance(4000);
    for (const client of clients) assert.deepEqual((await client.reply())?.lines, WRONG);
  });

  test("SNAT sources are never banned", async () => {
    await using server = world({ ...limits({ failedLogins }), maskedClients: ["10.0.0.0/8"] });
    await fail(server, ["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2"]);
    assert.equal((await login(server, await connect(server, "10.0.0.1"), ["alice", "secret"], 0))?.code, 230);
  });

  test("a change applies immediately", async () => {
    await using server = world(limits({ failedLogins }));
    await fail(server, ["192.0.2.1", "192.0.2.1"]);
    server.engine.reconfigure(testConfig(limits({ failedLogins: { ...failedLogins, attempts: 4 } })));
    await fail(server, ["192.0.2.1"]);
    assert.equal(server.counts.get("loginBan Client"), undefined);
    await fail(server, ["192.0.2.1"]);
    assert.equal(server.counts.get("loginBan Client"), 1);
  });
});

describe("users[].limits.sessions", () => {
  const users = [testUser("alice", { limits: { sessions: 2 } }), testUser("bob")];

  // id: session-limits
  test("rejects one more session after the password, and permits a new session after another has ended", async () => {
    await using server = world({ users });
    const first = await server.client().login();
    await server.client().login();
    const third = await connect(server, "192.0.2.3");
    assert.deepEqual((await login(server, third, ["alice", "secret"], 0))?.lines, [
      "421 Too many sessions for this account (limit 2).",
    ]);
    assert.equal(await third.reply(), undefined);
    assert.equal(server.counts.get("sessionRefused SessionsPerUser"), 1);
    await server.client().login("bob");
    assert.equal(await first.code("REIN"), 220);
    await server.client().login();
    await first.command("USER alice");
    assert.equal(await first.code("PASS secret"), 421);
  });

  test("accepts one of two concurrent logins when one session is left", async () => {
    await using server = world({ users: [testUser("alice", { limits: { sessions: 1 } })] });
    const clients = await Promise.all(["192.0.2.1", "192.0.2.2"].map((address) => connect(server, address)));
    for (const client of clients) await client.command("USER alice");
    const codes = await Promise.all(clients.map((client) => client.code("PASS secret")));
    assert.deepEqual(
      codes.toSorted((a, b) => a - b),
      [230, 421],
    );
  });
});

describe("users[].allowedClients", () => {
  // id: user-networks
  test("rejects the right password from another network with the reply of a wrong one", async () => {
    const authenticator = new VirtualUsers({
      users: [
        testUser("alice", { passwordHash: await hashPassword("secret"), allowedClients: ["192.0.2.0/24"] }),
      ],
    });
    await using server = world(limits({ failedLogins }), undefined, authenticator);
    const client = await connect(server, "198.51.100.1");
    await client.command("USER alice");
    client.send("PASS secret\r\n");
    // Waits until the password hash is computed.
    while (server.counts.get("login Rejected") === undefined) await settle();
    server.clock.advance(failedLogins.delaySeconds * 1000);
    assert.deepEqual((await client.reply())?.lines, WRONG);
    await server.client("192.0.2.7").login();
  });
});
