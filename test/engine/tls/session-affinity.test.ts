import assert from "node:assert/strict";
import { test } from "node:test";
import {
  PROOF_LIFETIME,
  TLS12_PROOF,
  TLS13_PROOF,
  TlsSessionAffinity,
  type TlsClient,
  type TlsUser,
} from "../../../src/engine/tls/session-affinity.ts";

function member(affinity: TlsSessionAffinity, user: string, ...keys: string[]): TlsClient {
  const made = affinity.newClient();
  for (const key of keys) made.learn(key);
  made.user = { name: user };
  return made;
}

test("sessions belong to the client, to the same user, to another user or to no client", () => {
  const affinity = new TlsSessionAffinity();
  const alice = member(affinity, "alice", "a1", "a2");
  member(affinity, "alice", "b1");
  member(affinity, "bob", "c1");
  assert.equal(alice.identify(undefined), "Unknown");
  assert.equal(alice.identify("nobody's"), "Unknown");
  assert.equal(alice.identify("c1"), "Foreign");
  assert.equal(alice.identify("a2"), "Own");
  assert.equal(alice.identify("b1"), "Own");
});

test("control connections that resumed one another share sessions, over any number of steps", () => {
  const affinity = new TlsSessionAffinity();
  const first = member(affinity, "alice", "k1");
  const second = member(affinity, "alice", "k1", "k2");
  const third = member(affinity, "alice", "k2");
  const stranger = member(affinity, "alice", "k3");
  assert.ok(first.sharesSessionsWith(third));
  assert.ok(third.sharesSessionsWith(first));
  assert.ok(first.owns("k2"));
  assert.ok(!first.sharesSessionsWith(stranger));
  assert.ok(!stranger.owns("k1"));
  second.close();
  assert.ok(first.sharesSessionsWith(third), "also when the client between them has closed");
});

test("a data connection with a session of the same user makes both clients share sessions", () => {
  const affinity = new TlsSessionAffinity();
  const first = member(affinity, "alice", "k1");
  const second = member(affinity, "alice", "k2");
  assert.ok(!first.sharesSessionsWith(second));
  assert.equal(first.identify("k2"), "Own");
  assert.ok(first.sharesSessionsWith(second));
});

test("a session of another user is rejected until both clients have it", () => {
  const affinity = new TlsSessionAffinity();
  const alice = member(affinity, "alice", "k1");
  const bob = member(affinity, "bob", "k2");
  assert.equal(alice.identify("k2"), "Foreign");
  // The two clients share session k3, so one client resumed a session of the other client.
  alice.learn("k3");
  bob.learn("k3");
  assert.equal(alice.identify("k3"), "Own");
  assert.equal(bob.identify("k3"), "Own");
  assert.ok(alice.sharesSessionsWith(bob));
});

test("a closed client is removed, and the keys of a client are limited", () => {
  const affinity = new TlsSessionAffinity();
  const alice = member(affinity, "alice");
  for (let number = 0; number < 1000; number++) alice.learn(`k${number}`);
  assert.equal(affinity.size, 64);
  assert.equal(alice.identify("k0"), "Unknown");
  assert.equal(alice.identify("k999"), "Own");
  alice.close();
  assert.equal(affinity.size, 0);
  alice.learn("late");
  assert.equal(affinity.size, 0);
});

test("a client always resumes once it has resumed a TLS 1.2 session of the control connection, or one of TLS 1.3 twice", () => {
  const affinity = new TlsSessionAffinity();
  const [older, newer] = [member(affinity, "alice"), member(affinity, "alice")];
  older.learn("k1", TLS12_PROOF);
  newer.learn("k2", TLS13_PROOF);
  older.identify("k1");
  newer.identify("k2");
  assert.deepEqual([older.alwaysResumes, newer.alwaysResumes], [true, false]);
  newer.identify("k2");
  assert.equal(newer.alwaysResumes, true);
});

test("sessions of data connections, and one TLS 1.3 session resumed by two clients, prove nothing", () => {
  const affinity = new TlsSessionAffinity();
  const [first, second] = [member(affinity, "alice"), member(affinity, "alice")];
  first.learn("data");
  for (let times = 0; times < 5; times++) assert.equal(first.identify("data"), "Own");
  first.learn("control", TLS13_PROOF);
  // curl shows this behavior when it opens several sessions in parallel with one TLS cache.
  first.identify("control");
  second.identify("control");
  assert.deepEqual([first.alwaysResumes, second.alwaysResumes], [false, false]);
});

test("a new generation of sessions invalidates all proofs", () => {
  const affinity = new TlsSessionAffinity();
  const alice = member(affinity, "alice");
  alice.learn("k1", TLS12_PROOF);
  alice.identify("k1");
  affinity.generation += 1;
  assert.equal(alice.alwaysResumes, false);
});

test("a proof expires 8 hours after the creation of the session, also on a control connection that resumed it later", () => {
  let now = 0;
  const affinity = new TlsSessionAffinity(() => now);
  const [older, newer] = [member(affinity, "alice"), member(affinity, "alice")];
  older.learn("k1", TLS12_PROOF, now);
  older.identify("k1");
  now = PROOF_LIFETIME - 1;
  assert.equal(older.alwaysResumes, true);
  newer.learn("k1", TLS12_PROOF, 0);
  newer.identify("k1");
  assert.equal(newer.alwaysResumes, true);
  now = PROOF_LIFETIME;
  newer.identify("k1");
  assert.deepEqual([older.alwaysResumes, newer.alwaysResumes], [false, false]);
});

// id: rejected-session-2
test("sessions of a shared account belong to one user only from one known address, or when shared", () => {
  const affinity = new TlsSessionAffinity();
  const anonymous = (key: string, sharedAt: TlsUser["sharedAt"]): TlsClient => {
    const made = affinity.newClient();
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

test("a frequently resumed session is not removed for other sessions", () => {
  const affinity = new TlsSessionAffinity();
  const alice = member(affinity, "alice", "kept");
  for (let number = 0; number < 200; number++) {
    alice.learn(`k${number}`);
    assert.equal(alice.identify("kept"), "Own");
  }
});
