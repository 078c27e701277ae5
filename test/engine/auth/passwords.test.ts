import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encrypt } from "unixcrypt";
import { hashKind, hashPassword, looksLikeHash } from "../../../src/api/password-hash.ts";
import { hashViolation } from "../../../src/api/hash-cost.ts";
import { PasswordWorker, PasswordVerifier } from "../../../src/engine/auth/password-verifier.ts";
import { MAX_SHA_CRYPT_PASSWORD_BYTES } from "../../../src/engine/auth/password-worker.ts";
import { VirtualUsers } from "../../../src/engine/auth/virtual-users.ts";
import { EngineError } from "../../../src/engine/errors.ts";
import { entered } from "./entered.ts";

const verifier = new PasswordVerifier();

/** Published test vectors from the specifications or reference implementations. */
const VECTORS: readonly [what: string, password: string, hash: string][] = [
  [
    "sha-crypt, SHA-512",
    "Hello world!",
    "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
  ],
  ["sha-crypt, SHA-256", "Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"],
  [
    "sha-crypt with rounds",
    "Hello world!",
    "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
  ],
  ["bcrypt", "U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ["bcrypt, empty password", "", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"],
  [
    "argon2id",
    "password",
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  ],
  [
    "argon2i",
    "password",
    "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
  ],
];

describe("PasswordVerifier", () => {
  for (const [what, password, hash] of VECTORS) {
    it(`accepts the right password and no other: ${what}`, async () => {
      assert.ok(hashKind(hash) !== undefined, "the hash is not recognized");
      assert.equal(hashViolation(hash), undefined);
      assert.equal(await verifier.verify(hash, password), true);
      assert.equal(await verifier.verify(hash, `${password} `), false);
    });
  }

  it("accepts hashes of hashPassword, which have different salts", async () => {
    const [one, two] = await Promise.all([hashPassword("pässword"), hashPassword("pässword")]);
    assert.notEqual(one, two);
    assert.equal(await verifier.verify(one, "pässword"), true);
    assert.equal(await verifier.verify(two, "password"), false);
  });

  // id: expensive-hash-4
  it("rejects a password that is too long for sha-crypt, without a longer computation", async () => {
    const salt = "$5$rounds=1000$saltstring";
    const longest = "x".repeat(MAX_SHA_CRYPT_PASSWORD_BYTES);
    assert.equal(await verifier.verify(encrypt(longest, salt), longest), true);
    assert.equal(await verifier.verify(encrypt(`${longest}x`, salt), `${longest}x`), false);
    const timeOf = async (password: string): Promise<number> => {
      const began = performance.now();
      await verifier.verify(`$6$saltstring$${"a".repeat(86)}`, password);
      return performance.now() - began;
    };
    // Without the password length limit, the verification would hash 4 GB of data.
    assert.ok((await timeOf("x".repeat(65_000))) < (await timeOf("x")) + 2000);
  });

  // id: expensive-hash-6
  it("computes no hash with a rejected cost", async () => {
    const salt = "A".repeat(22);
    const key = "A".repeat(43);
    for (const hash of [
      `$scrypt$ln=17,r=8,p=16$${salt}$${key}`,
      `$argon2id$v=19$m=262144,t=32,p=1$${salt}$${key}`,
      `$2b$15$${"a".repeat(53)}`,
      `$6$rounds=999999999$salt$${"a".repeat(86)}`,
    ])
      assert.equal(await verifier.verify(hash, "x"), false);
  });

  it("accepts no password for a text that is not a hash", async () => {
    assert.equal(await verifier.verify("secret", "secret"), false);
  });
});

describe("PasswordWorker", () => {
  const program = (text: string): PasswordWorker =>
    new PasswordWorker(
      new URL(
        `data:text/javascript,import { parentPort as p } from "node:worker_threads"; p.on("message", (m) => { ${encodeURIComponent(text)} })`,
      ),
    );
  const ends = [
    ["ends", "process.exit(0)"],
    ["fails", "throw new Error('broken')"],
  ] as const;
  for (const [what, text] of ends) {
    it(`a thread that ${what} rejects pending requests, and the next request starts another one`, async () => {
      const worker = program(
        `if (m.password === "bad") { ${text} } else if (m.password === "good") p.postMessage({ id: m.id, matches: true })`,
      );
      const asked = await Promise.allSettled([worker.verify("", "waits"), worker.verify("", "bad")]);
      for (const result of asked)
        assert.ok(result.status === "rejected" && result.reason instanceof EngineError);
      assert.equal(await worker.verify("", "good"), true);
    });
  }
});

it("a text that starts like a hash is never used as a password", () => {
  for (const text of ["$6$broken", "$2b$", "$argon2id$x", "$1$md5$x", "$y$j9T$x", "$scrypt$"])
    assert.ok(looksLikeHash(text), text);
  for (const text of ["$ecret", "pa$6$word", "$100", ""]) assert.ok(!looksLikeHash(text), text);
});

describe("VirtualUsers", () => {
  const HERE = "192.0.2.1";
  const CHEAP = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  const user = (name: string, passwordHash = CHEAP) => ({
    name,
    passwordHash,
    homeDirectory: `/${name}`,
    permissions: ["Read" as const],
  });

  it("returns the account for the right password only", async () => {
    const users = new VirtualUsers({ users: [user("alice")] });
    assert.equal(entered(await users.login("alice", "U*U", HERE))?.homeDirectory, "/alice");
    assert.equal(await users.login("alice", "wrong", HERE), undefined);
    assert.equal(await users.login("bob", "U*U", HERE), undefined);
    assert.equal(await users.login("__proto__", "U*U", HERE), undefined);
  });

  it("applies new users immediately and removes old ones", async () => {
    const users = new VirtualUsers({ users: [user("alice")] });
    users.replace({ users: [user("bob")] });
    assert.equal(await users.login("alice", "U*U", HERE), undefined);
    assert.equal(users.current("alice"), undefined);
    assert.equal(entered(await users.login("bob", "U*U", HERE))?.name, "bob");
  });

  it("rejects only the login of a user with an unusable hash", async () => {
    const users = new VirtualUsers({ users: [user("alice"), user("broken", `$2b$31$${"=".repeat(53)}`)] });
    const [alice, broken] = await Promise.all([
      users.login("alice", "U*U", HERE),
      users.login("broken", "x", HERE),
    ]);
    assert.deepEqual([entered(alice)?.name, broken], ["alice", undefined]);
  });
});
