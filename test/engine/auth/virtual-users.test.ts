import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import { testUser } from "../wire/server.ts";

/** The hash of "U*U" with a low cost. */
const CHEAP = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const user = (name: string, change = {}) => testUser(name, { passwordHash: CHEAP, ...change });
const HERE = "192.0.2.1";
const THERE = "198.51.100.1";

describe("users[].allowedClients", () => {
  const users = new VirtualUsers({
    users: [
      user("alice", { allowedClients: ["192.0.2.0/24", "2001:db8::/32"] }),
      user("bob", { allowedClients: [] }),
    ],
  });

  it("lets nobody in from elsewhere", async () => {
    assert.equal((await users.login("alice", "U*U", HERE))?.name, "alice");
    assert.equal((await users.login("alice", "U*U", "2001:db8:0:0:0:0:0:1"))?.name, "alice");
    assert.equal(await users.login("alice", "U*U", THERE), undefined);
    assert.equal((await users.login("bob", "U*U", THERE))?.name, "bob", "an empty list is none");
  });

  it("holds for certificates too", () => {
    assert.equal(users.byCertificate("alice", HERE)?.name, "alice");
    assert.equal(users.byCertificate("alice", THERE), undefined);
  });
});

describe("VirtualUsers.byCertificate", () => {
  it("needs no password, but an account", async () => {
    const { passwordHash: _, ...without } = user("carol");
    const users = new VirtualUsers({
      users: [without],
      anonymous: { mode: "ReadOnly", homeDirectory: "/pub" },
    });
    assert.equal(users.byCertificate("carol", HERE)?.homeDirectory, "/");
    assert.equal(await users.login("carol", "", HERE), undefined);
    assert.equal(users.byCertificate("mallory", HERE), undefined);
    assert.equal(users.byCertificate("anonymous", HERE), undefined);
  });
});

describe("anonymous", () => {
  const anonymous = { mode: "ReadOnly", homeDirectory: "/pub" } as const;

  it("takes two names and any password, and is one account", async () => {
    const users = new VirtualUsers({ users: [user("alice")], anonymous });
    for (const name of ["anonymous", "ftp", "FTP", "Anonymous"])
      assert.equal((await users.login(name, "me@example.com", HERE))?.homeDirectory, "/pub");
    assert.equal(await users.login("alice", "me@example.com", HERE), undefined);
    assert.equal(users.current("anonymous")?.homeDirectory, "/pub");
    assert.equal(users.current("ftp"), undefined);
  });

  it("gives way to a user of that name", async () => {
    const users = new VirtualUsers({ users: [user("ftp", { homeDirectory: "/own" })], anonymous });
    assert.equal(await users.login("ftp", "any", HERE), undefined);
    assert.equal((await users.login("ftp", "U*U", HERE))?.homeDirectory, "/own");
  });

  it("ends with the configuration's", async () => {
    const users = new VirtualUsers({ users: [], anonymous });
    users.replace({ users: [] });
    assert.equal(await users.login("anonymous", "any", HERE), undefined);
    assert.equal(users.current("anonymous"), undefined);
  });
});
