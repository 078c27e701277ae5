import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import type { EngineUser } from "../../../src/api/engine-config.ts";
import { decoyHash } from "../../../src/engine/auth/password-verifier.ts";
import { VERIFIED_FOR, VerifiedPasswords } from "../../../src/engine/auth/verified-passwords.ts";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";
import { testUser } from "../../support/engine/server.ts";
import { entered } from "./entered.ts";

/** A low-cost bcrypt hash of the password `U*U`. */
const CHEAP = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const user = (name: string, change = {}) => testUser(name, { passwordHash: CHEAP, ...change });
const HERE = "192.0.2.1";
const THERE = "198.51.100.1";

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

describe("users[].allowedClients", () => {
  const users = new VirtualUsers({
    users: [
      user("alice", { allowedClients: ["192.0.2.0/24", "2001:db8::/32"] }),
      user("bob", { allowedClients: [] }),
    ],
  });

  it("rejects other networks", async () => {
    assert.equal(entered(await users.login("alice", "U*U", HERE))?.name, "alice");
    assert.equal(entered(await users.login("alice", "U*U", "2001:db8:0:0:0:0:0:1"))?.name, "alice");
    assert.equal(await users.login("alice", "U*U", THERE), undefined);
    assert.equal(entered(await users.login("bob", "U*U", THERE))?.name, "bob", "an empty list is none");
  });

  it("also applies to logins with certificates", () => {
    assert.equal(entered(users.byCertificate("alice", HERE))?.name, "alice");
    assert.equal(users.byCertificate("alice", THERE), undefined);
  });
});

describe("VirtualUsers.byCertificate", () => {
  it("requires an account and no password", async () => {
    const { passwordHash: _, ...without } = user("carol");
    const users = new VirtualUsers({
      users: [without],
      anonymous: { mode: "ReadOnly", homeDirectory: "/pub" },
    });
    assert.equal(entered(users.byCertificate("carol", HERE))?.homeDirectory, "/");
    assert.equal(await users.login("carol", "", HERE), undefined);
    assert.equal(users.byCertificate("mallory", HERE), undefined);
    assert.equal(users.byCertificate("anonymous", HERE), undefined);
  });

  test("rejects a disabled or expired account", () => {
    const clock = new ManualClock();
    const locked = new VirtualUsers(
      { users: [user("dora", { state: "Disabled" }), user("emil", { expiresAt: "2026-06-01T00:00:01Z" })] },
      { clock },
    );
    assert.equal(locked.byCertificate("dora", HERE), "AccountDisabled");
    assert.equal(entered(locked.byCertificate("emil", HERE))?.name, "emil");
    clock.advance(1000);
    assert.equal(locked.byCertificate("emil", HERE), "AccountExpired");
    assert.equal(locked.current("emil"), undefined);
  });
});

describe("anonymous access", () => {
  const anonymous = { mode: "ReadOnly", homeDirectory: "/pub" } as const;

  it("accepts two names and any password for one account", async () => {
    const users = new VirtualUsers({ users: [user("alice")], anonymous });
    for (const name of ["anonymous", "ftp", "FTP", "Anonymous"])
      assert.equal(entered(await users.login(name, "me@example.com", HERE))?.homeDirectory, "/pub");
    assert.equal(await users.login("alice", "me@example.com", HERE), undefined);
    assert.equal(users.current("anonymous")?.homeDirectory, "/pub");
    assert.equal(users.current("ftp"), undefined);
  });

  it("is accepted only from allowed clients, and a rejection takes a hash computation like a wrong password", async () => {
    const verified: string[] = [];
    const users = new VirtualUsers(
      { users: [], anonymous: { ...anonymous, allowedClients: ["192.0.2.0/24"] } },
      { verify: async (hash) => (verified.push(hash), false) },
    );
    assert.equal(entered(await users.login("ftp", "any", HERE))?.homeDirectory, "/pub");
    assert.equal(verified.length, 0);
    assert.equal(await users.login("ftp", "any", THERE), undefined);
    assert.equal(verified.length, 1);
  });

  it("has the quota and the limits of the configuration", () => {
    const rules = { quota: { bytes: 10, files: 2 }, limits: { sessions: 3 } };
    const account = new VirtualUsers({ users: [], anonymous: { ...anonymous, ...rules } }).current(
      "anonymous",
    );
    assert.deepEqual({ quota: account?.quota, limits: account?.limits }, rules);
  });

  it("is replaced by a user with the same name", async () => {
    const users = new VirtualUsers({ users: [user("ftp", { homeDirectory: "/own" })], anonymous });
    assert.equal(await users.login("ftp", "any", HERE), undefined);
    assert.equal(entered(await users.login("ftp", "U*U", HERE))?.homeDirectory, "/own");
  });

  it("ends when the configuration disables it", async () => {
    const users = new VirtualUsers({ users: [], anonymous });
    users.replace({ users: [] });
    assert.equal(await users.login("anonymous", "any", HERE), undefined);
    assert.equal(users.current("anonymous"), undefined);
  });
});

/** Returns users with the password `right`, and a list of the verified attempts. */
function counted(users: readonly EngineUser[]) {
  const clock = new ManualClock();
  const hashed: string[] = [];
  const gates: Promise<void>[] = [];
  const virtual = new VirtualUsers(
    { users: [...users] },
    {
      verified: new VerifiedPasswords(clock),
      verify: async (hash, password) => {
        hashed.push(`${password} ${hash}`);
        await gates.shift();
        return password === "right" && hash !== NOBODY;
      },
    },
  );
  return { users: virtual, clock, hashed, gates };
}

const NOBODY = decoyHash([]);
const OTHER = CHEAP.replace("CCC", "DDD");

describe("a recently verified password", () => {
  // id: login-flood-7
  test("logs in again without a hash, and a wrong one is hashed each time", async () => {
    const { users, clock, hashed } = counted([user("alice")]);
    for (let login = 0; login < 3; login += 1)
      assert.equal(entered(await users.login("alice", "right", HERE))?.name, "alice");
    assert.equal(hashed.length, 1);
    for (let login = 0; login < 3; login += 1)
      assert.equal(await users.login("alice", "wrong", HERE), undefined);
    assert.equal(hashed.length, 4);
    assert.equal(entered(await users.login("alice", "right", THERE))?.name, "alice", "from elsewhere, too");
    assert.equal(hashed.length, 4, "a wrong password does not remove the right one");
    clock.advance(VERIFIED_FOR);
    assert.equal(entered(await users.login("alice", "right", HERE))?.name, "alice");
    assert.equal(hashed.length, 5);
  });

  // id: login-flood-8
  test("is hashed again after the hash has changed or the user was removed", async () => {
    const { users, hashed } = counted([user("alice")]);
    await users.login("alice", "right", HERE);
    users.replace({ users: [user("alice", { permissions: ["List"] })] });
    assert.equal(
      entered(await users.login("alice", "right", HERE))?.access.allowsSomewhere("Read"),
      false,
      "the account is the new one",
    );
    assert.equal(hashed.length, 1, "nothing else of the user matters");
    users.replace({ users: [user("alice", { passwordHash: OTHER })] });
    await users.login("alice", "right", HERE);
    assert.equal(hashed.length, 2);
    users.replace({ users: [] });
    assert.equal(await users.login("alice", "right", HERE), undefined);
    users.replace({ users: [user("alice", { passwordHash: OTHER })] });
    await users.login("alice", "right", HERE);
    assert.equal(hashed.length, 4);
  });

  // id: user-name-oracle-3
  test("takes a hash computation and fails from a network that is not allowed", async () => {
    const { users, hashed } = counted([user("alice", { allowedClients: [HERE] })]);
    assert.equal(entered(await users.login("alice", "right", HERE))?.name, "alice");
    assert.equal(await users.login("alice", "right", THERE), undefined);
    assert.equal(await users.login("alice", "wrong", THERE), undefined);
    assert.equal(hashed.length, 3);
    users.replace({ users: [user("alice", { allowedClients: [THERE] })] });
    assert.equal(await users.login("alice", "right", HERE), undefined);
  });

  test("needs few hash computations for many simultaneous logins of one user", async () => {
    const { users, hashed } = counted([user("alice")]);
    const logins = await Promise.all(many(100, () => users.login("alice", "right", HERE)));
    assert.ok(logins.every((result) => entered(result)?.name === "alice"));
    assert.ok(hashed.length <= 2, `${hashed.length} hashes`);
  });
});

describe("a queued login", () => {
  /** Starts two verifications that end only after a call to `open`. Later logins are queued. */
  async function busy(list: readonly EngineUser[]) {
    const made = counted(list);
    const { promise, resolve } = Promise.withResolvers<void>();
    made.gates.push(promise, promise);
    const running = [made.users.login("x", "", "192.0.2.8"), made.users.login("y", "", "192.0.2.9")];
    return { ...made, open: () => (resolve(), Promise.all(running)) };
  }

  test("is not verified when a ban has started during the wait", async () => {
    const { users, hashed, open } = await busy([user("alice")]);
    let banned = false;
    const login = users.login("alice", "right", HERE, { isBanned: () => banned });
    banned = true;
    await open();
    assert.equal(await login, undefined);
    assert.equal(hashed.length, 2);
  });

  test("is not verified when its session has ended during the wait", async () => {
    const { users, hashed, open } = await busy([user("alice")]);
    const session = new AbortController();
    const login = users.login("alice", "right", HERE, { signal: session.signal });
    session.abort(new Error("the session ended"));
    await assert.rejects(login, /the session ended/);
    await open();
    assert.equal(hashed.length, 2);
  });

  test("fails when the password was changed or the user removed during the wait", async () => {
    for (const now of [[], [user("alice", { passwordHash: OTHER })]]) {
      const { users, open } = await busy([user("alice")]);
      const login = users.login("alice", "right", HERE);
      users.replace({ users: now });
      await open();
      assert.equal(await login, undefined);
    }
  });

  test("waits for few queued logins from other namespaces, names and clients", async () => {
    const users = [user("alice"), ...many(50, (index) => user(`t${index}`, { namespace: "team" }))];
    const { users: virtual, hashed, open } = await busy(users);
    const flood = [
      ...many(50, (index) => virtual.login(`t${index}`, "tenant", HERE, { key: `client${index}` })),
      ...many(50, (index) => virtual.login(`unknown${index}`, "guess", HERE, { key: `client${50 + index}` })),
    ];
    const alice = virtual.login("alice", "right", THERE);
    await open();
    assert.equal(entered(await alice)?.name, "alice");
    await Promise.all(flood);
    const turn = hashed.findIndex((attempt) => attempt.startsWith("right"));
    assert.ok(turn < 8, `${turn} came before`);
  });
});
