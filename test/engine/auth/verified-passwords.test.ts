import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  MAX_VERIFIED,
  VERIFIED_FOR,
  VerifiedPasswords,
} from "../../../src/engine/auth/verified-passwords.ts";
import { ManualClock } from "../../support/engine/manual-clock.ts";

const attempt = { name: "alice", hash: "hash", password: "secret" };

function remembered(): { clock: ManualClock; passwords: VerifiedPasswords } {
  const clock = new ManualClock();
  const passwords = new VerifiedPasswords(clock);
  passwords.add(attempt);
  return { clock, passwords };
}

describe("VerifiedPasswords", () => {
  test("contains only the verified combination of name, hash and password", () => {
    const { passwords } = remembered();
    assert.equal(passwords.has(attempt), true);
    assert.equal(passwords.has({ ...attempt, name: "bob" }), false);
    assert.equal(passwords.has({ ...attempt, hash: "another" }), false);
    assert.equal(passwords.has({ ...attempt, password: "another" }), false);
    // The concatenation of hash and password is the same as in `attempt`, but the attempt is different.
    assert.equal(passwords.has({ ...attempt, hash: "hashsec", password: "ret" }), false);
    assert.equal(new VerifiedPasswords(new ManualClock()).has(attempt), false);
  });

  test("drops a password after VERIFIED_FOR, regardless of its use", () => {
    const { clock, passwords } = remembered();
    clock.advance(VERIFIED_FOR - 1);
    assert.equal(passwords.has(attempt), true);
    clock.advance(1);
    assert.equal(passwords.has(attempt), false);
  });

  test("keeps only the last password of a user", () => {
    const { passwords } = remembered();
    passwords.add({ ...attempt, password: "new" });
    assert.equal(passwords.has(attempt), false);
    assert.equal(passwords.has({ ...attempt, password: "new" }), true);
  });

  test("keeps MAX_VERIFIED users and drops the oldest first", () => {
    const { passwords } = remembered();
    for (let user = 0; user < MAX_VERIFIED - 1; user += 1) passwords.add({ ...attempt, name: `user${user}` });
    assert.equal(passwords.has(attempt), true);
    passwords.add({ ...attempt, name: "one-more" });
    assert.equal(passwords.has(attempt), false);
    assert.equal(passwords.has({ ...attempt, name: "user0" }), true);
  });

  test("shows no password and no hash when it is inspected", () => {
    const { passwords } = remembered();
    passwords.add({ name: "bob", hash: "hash-of-bob", password: "wonderland" });
    assert.doesNotMatch(JSON.stringify(passwords), /wonderland|hash-of-bob/);
  });
});
