/** Tests sessions with queued logins. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MAX_WAITING_PER_CLIENT } from "../../../src/engine/auth/login-queue.ts";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import type { ControlClient } from "../../support/engine/control-client.ts";
import { testUser } from "../../support/engine/server.ts";
import { startTlsServer, FtpsClient } from "../../support/engine/tls-world.ts";
import { limits, settle, world, type World } from "../../support/engine/world.ts";

/** Maximum number of concurrent password verifications. */
const PLACES = 2;

/** An engine whose password verifications end only after a call to `open`. */
interface Busy extends World {
  /** Passwords whose verification has started, in start order. */
  hashed: string[];
  open(): Promise<void>;
}

const users = [testUser("alice", { passwordHash: "of alice" })];

/** Users whose password verifications end only after a call to `resolve`. */
function slowUsers() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const hashed: string[] = [];
  const verify = async (_hash: string, password: string): Promise<boolean> => {
    hashed.push(password);
    await promise;
    return password === "secret";
  };
  return { hashed, resolve, authenticator: new VirtualUsers({ users }, { verify }) };
}

async function busy(config: Partial<EngineConfig> = {}): Promise<Busy> {
  const { hashed, resolve, authenticator } = slowUsers();
  const server = world({ users, ...config }, undefined, authenticator);
  for (let place = 0; place < PLACES; place += 1)
    await attempt(server, `198.51.100.${place}`, "first", "nobody");
  assert.equal(hashed.length, PLACES);
  const open = async (): Promise<void> => {
    resolve();
    await settle();
  };
  return Object.assign(server, { hashed, open });
}

/** Returns a client that has sent a password and is waiting for the reply. */
async function attempt(
  server: World,
  address: string,
  password: string,
  name = "alice",
): Promise<ControlClient> {
  const client = server.client(address);
  await client.reply();
  await client.command(`USER ${name}`);
  client.send(`PASS ${password}\r\n`);
  await settle();
  return client;
}

describe("a queued login", () => {
  for (const [what, leave] of [
    ["has hung up", (client) => client.duplex.end()],
    ["has lost its connection", (client) => client.duplex.destroy()],
    ["has hung up with commands in the queue", (client) => client.duplex.end("NOOP\r\nQUIT\r\n")],
  ] as const satisfies [string, (client: ControlClient) => void][]) {
    // id: login-flood-3
    test(`is not verified when the client ${what}`, async () => {
      await using server = await busy();
      const before = server.engine.sessions.size;
      const client = await attempt(server, "192.0.2.1", "secret");
      leave(client);
      await settle();
      assert.equal(server.engine.sessions.size, before, "the session has ended");
      await server.open();
      assert.deepEqual(server.hashed, ["first", "first"]);
      assert.equal(server.counts.get("login Accepted"), undefined);
    });
  }

  test("is not verified after the login timeout", async () => {
    await using server = await busy(limits({ loginTimeoutSeconds: 30 }));
    const client = await attempt(server, "192.0.2.1", "secret");
    server.clock.advance(30_000);
    assert.deepEqual((await client.reply())?.lines, ["421 Login timeout, closing control connection."]);
    await server.open();
    assert.deepEqual(server.hashed, ["first", "first"]);
  });

  // id: login-flood-5
  test("is not verified when the client was banned during the wait", async () => {
    const failedLogins = { perSession: 9, delaySeconds: 1, attempts: 2, periodSeconds: 60, banSeconds: 300 };
    await using server = await busy(limits({ failedLogins }));
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => attempt(server, "192.0.2.1", `guess${index}`)),
    );
    const right = await attempt(server, "192.0.2.1", "secret");
    const other = await attempt(server, "192.0.2.2", "secret");
    await server.open();
    server.clock.advance(1000);
    for (const client of [...guesses, right]) assert.equal((await client.reply())?.code, 530);
    assert.equal((await other.reply())?.code, 230);
    const verified = server.hashed.filter((password) => password.startsWith("guess"));
    // When the ban starts, some verifications are already running or are starting.
    const most = failedLogins.attempts + 2 * PLACES;
    assert.ok(verified.length <= most, `${verified.length} guesses were verified`);
    assert.equal(server.counts.get("login Banned"), guesses.length + 1 - failedLogins.attempts);
  });
});

// id: login-flood-6
test("excess queued logins of a client get 421, and another client is served", async () => {
  await using server = await busy();
  for (let login = 0; login < MAX_WAITING_PER_CLIENT; login += 1) await attempt(server, "192.0.2.1", "x");
  const late = await attempt(server, "192.0.2.1", "secret");
  assert.deepEqual((await late.reply())?.lines, ["421 Too many concurrent logins; try again later."]);
  assert.equal(await late.reply(), undefined);
  const other = await attempt(server, "192.0.2.2", "secret");
  await server.open();
  assert.equal((await other.reply())?.code, 230);
});

test("a client that disconnects after its last command is served when its login is not queued", async () => {
  const verify = async (): Promise<boolean> => true;
  await using server = world({ users }, undefined, new VirtualUsers({ users }, { verify }));
  const client = server.client();
  client.duplex.end("USER alice\r\nPASS secret\r\nPWD\r\nQUIT\r\n");
  for (const code of [220, 331, 230, 257, 221]) assert.equal((await client.reply())?.code, code);
});

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  // id: login-flood-4
  test(`${version}: a queued login is not verified when the client has disconnected`, async () => {
    const { hashed, resolve, authenticator } = slowUsers();
    await using server = await startTlsServer({}, { authenticator, config: { users } });
    const clients: FtpsClient[] = [];
    for (let login = 0; login <= PLACES; login += 1) {
      const client = await FtpsClient.explicit(server.engine, { maxVersion: version });
      await client.control.command("USER alice");
      client.control.send(`PASS guess${login}\r\n`);
      clients.push(client);
    }
    while (hashed.length < PLACES) await settle();
    const [first, second, third] = clients;
    third?.socket.end();
    while (server.engine.sessions.size > PLACES) await settle();
    resolve();
    for (const client of [first, second]) assert.equal((await client?.control.reply())?.code, 530);
    assert.deepEqual(hashed, ["guess0", "guess1"]);
  });
}
