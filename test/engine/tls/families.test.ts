import assert from "node:assert/strict";
import { test } from "node:test";
import { TlsFamilies, type TlsMember } from "../../../src/engine/tls/families.ts";

function member(families: TlsFamilies, user: string, ...keys: string[]): TlsMember {
  const made = families.newMember();
  for (const key of keys) made.learn(key);
  made.user = user;
  return made;
}

test("its own session, a sibling's of the same user, another user's, and none", () => {
  const families = new TlsFamilies();
  const alice = member(families, "alice", "a1", "a2");
  member(families, "alice", "b1");
  member(families, "bob", "c1");
  assert.equal(alice.judge(undefined), "Unknown");
  assert.equal(alice.judge("nobody's"), "Unknown");
  assert.equal(alice.proven, false);
  assert.equal(alice.judge("c1"), "Foreign");
  assert.equal(alice.proven, false, "another's session proves nothing");
  assert.equal(alice.judge("a2"), "Own");
  assert.equal(alice.proven, true);
  assert.equal(alice.judge("b1"), "Own");
});

test("control connections that resumed one another are one family, over any number of steps", () => {
  const families = new TlsFamilies();
  const first = member(families, "alice", "k1");
  const second = member(families, "alice", "k1", "k2");
  const third = member(families, "alice", "k2");
  const stranger = member(families, "alice", "k3");
  assert.ok(first.isFamily(third));
  assert.ok(third.isFamily(first));
  assert.ok(first.owns("k2"));
  assert.ok(!first.isFamily(stranger));
  assert.ok(!stranger.owns("k1"));
  second.leave();
  assert.ok(first.isFamily(third), "also when the one between them is gone");
});

test("a data connection with a sibling's session shows that both share a cache", () => {
  const families = new TlsFamilies();
  const first = member(families, "alice", "k1");
  const second = member(families, "alice", "k2");
  assert.ok(!first.isFamily(second));
  assert.equal(first.judge("k2"), "Own");
  assert.ok(first.isFamily(second));
});

test("one cache with two users: the other user's session is refused", () => {
  const families = new TlsFamilies();
  const alice = member(families, "alice", "k1");
  const bob = member(families, "bob", "k2");
  assert.equal(alice.judge("k2"), "Foreign");
  // Both hold k3: the client resumed one with the other's.
  alice.learn("k3");
  bob.learn("k3");
  assert.equal(alice.judge("k3"), "Own");
  assert.equal(bob.judge("k3"), "Own");
  assert.ok(alice.isFamily(bob));
});

test("what left is forgotten, and no member keeps keys without bound", () => {
  const families = new TlsFamilies();
  const alice = member(families, "alice");
  for (let number = 0; number < 1000; number++) alice.learn(`k${number}`);
  assert.equal(families.size, 64);
  assert.equal(alice.judge("k0"), "Unknown");
  assert.equal(alice.judge("k999"), "Own");
  alice.leave();
  assert.equal(families.size, 0);
  alice.learn("late");
  assert.equal(families.size, 0);
});
