import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hashCost, isExpensive } from "../../../src/api/hash-cost.ts";
import { parseHash, type PasswordHash } from "../../../src/api/password-hash.ts";
import { decoyHash } from "../../../src/engine/auth/password-verifier.ts";

const SALT = "A".repeat(22);
const KEY = "B".repeat(43);
const OWN = `$scrypt$ln=14,r=8,p=1$${SALT}$${KEY}`;

function decoy(hashes: readonly string[]): PasswordHash {
  const hash = parseHash(decoyHash(hashes));
  assert.ok(hash !== undefined);
  return hash;
}

describe("the hash of an unknown name", () => {
  test("has the cost of the operator's own hashes when there are no users", () => {
    assert.equal(decoy([]).kind, "scrypt");
    assert.equal(hashCost(decoy([])), 1);
  });

  // id: user-name-oracle-2
  test("has the cost of most users' hashes, regardless of their salts", () => {
    const salted = ["s1", "s2", "s3"].map((salt) => `$6$${salt}$${"a".repeat(86)}`);
    assert.equal(decoy([OWN, ...salted, OWN]).kind, "sha-crypt");
    const bcrypt = ["08", "10", "10"].map((cost) => `$2b$${cost}$${"a".repeat(53)}`);
    assert.deepEqual(decoy(bcrypt), { kind: "bcrypt", cost: 10 });
  });

  for (const expensive of [
    `$scrypt$ln=16,r=8,p=2$${SALT}$${KEY}`,
    `$argon2id$v=19$m=65536,t=4,p=4$${SALT}$${KEY}`,
    `$2b$12$${"a".repeat(53)}`,
    `$6$rounds=200000$salt$${"a".repeat(86)}`,
  ]) {
    test(`is of the same kind but not expensive when most users have ${expensive.slice(0, 24)}`, () => {
      const hash = decoy([OWN, expensive, expensive]);
      assert.equal(hash.kind, parseHash(expensive)?.kind);
      assert.equal(isExpensive(hash), false);
    });
  }
});
