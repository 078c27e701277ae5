import assert from "node:assert/strict";
import { test } from "node:test";
import {
  PROOF_LIFETIME,
  TLS12_PROOF,
  TLS13_PROOF,
  TlsFamilies,
  type TlsClient,
  type TlsUser,
} from "../../../src/engine/tls/session-affinity.ts";

function member(families: TlsFamilies, user: string, ...keys: string[]): TlsClient {
  const made = families.newMember();
  for (const key of keys) made.learn(key);
  made.user = { name: user };
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

test("a client always resumes once it has resumed a TLS 1.2 session of the control connection, or one of TLS 1.3 twice", () => {
  const families = new TlsFamilies();
  const [older, newer] = [member(families, "alice"), member(families, "alice")];
  older.learn("k1", TLS12_PROOF);
  newer.learn("k2", TLS13_PROOF);
  older.judge("k1");
  newer.judge("k2");
  assert.deepEqual([older.alwaysResumes, newer.alwaysResumes], [true, false]);
  newer.judge("k2");
  assert.equal(newer.alwaysResumes, true);
});

test("sessions of data connections, and one TLS 1.3 session resumed by two siblings, prove nothing", () => {
  const families = new TlsFamilies();
  const [first, second] = [member(families, "alice"), member(families, "alice")];
  first.learn("data");
  for (let times = 0; times < 5; times++) assert.equal(first.judge("data"), "Own");
  first.learn("control", TLS13_PROOF);
  // As curl does that opens several sessions at once with one TLS cache.
  first.judge("control");
  second.judge("control");
  assert.deepEqual([first.alwaysResumes, second.alwaysResumes], [false, false]);
});

test("a new generation of sessions makes every client prove itself again", () => {
  const families = new TlsFamilies();
  const alice = member(families, "alice");
  alice.learn("k1", TLS12_PROOF);
  alice.judge("k1");
  families.generation += 1;
  assert.equal(alice.alwaysResumes, false);
});

test("a proof counts for 8 hours from when the session was made, also for a control connection that resumed it later", () => {
  let now = 0;
  const families = new TlsFamilies(() => now);
  const [older, newer] = [member(families, "alice"), member(families, "alice")];
  older.learn("k1", TLS12_PROOF, now);
  older.judge("k1");
  now = PROOF_LIFETIME - 1;
  assert.equal(older.alwaysResumes, true);
  newer.learn("k1", TLS12_PROOF, 0);
  newer.judge("k1");
  assert.equal(newer.alwaysResumes, true);
  now = PROOF_LIFETIME;
  newer.judge("k1");
  assert.deepEqual([older.alwaysResumes, newer.alwaysResumes], [false, false]);
});

// id: rejected-session-2
test("sessions of a shared account are siblings only from one known address, or in one family", () => {
  const families = new TlsFamilies();
  const anonymous = (key: string, sharedAt: TlsUser["sharedAt"]): TlsClient => {
    const made = families.newMember();
    made.learn(key);
    made.user = { name: "anonymous", ...(sharedAt && { sharedAt }) };
    return made;
  };
  const mine = anonymous("k1", { address: "192.0.2.1" });
  anonymous("k2", { address: "192.0.2.1" });
  anonymous("k3", { address: "192.0.2.2" });
  assert.equal(mine.relationTo("k2"), "Own");
  assert.equal(mine.relationTo("k3"), "Foreign");
  const hidden = anonymous("k4", "Hidden");
  const other = anonymous("k5", "Hidden");
  assert.equal(hidden.relationTo("k5"), "Foreign");
  hidden.learn("k6");
  other.learn("k6");
  assert.equal(hidden.relationTo("k5"), "Own");
});

test("a session that is resumed often is not dropped for sessions that are not", () => {
  const families = new TlsFamilies();
  const alice = member(families, "alice", "kept");
  for (let number = 0; number < 200; number++) {
    alice.learn(`k${number}`);
    assert.equal(alice.judge("kept"), "Own");
  }
});
