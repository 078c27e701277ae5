import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Secrets } from "../../src/operator/certificates.ts";
import type { Secret } from "../../src/plan/model/objects.ts";
import { PasswordReader } from "../../src/operator/passwords.ts";
import { testConfig, testUser } from "../support/engine/server.ts";
import { collectGarbage } from "../support/collect-garbage.ts";

const USERS = 12;
/** Maximum number of concurrent hash computations, equal to MAX_CONCURRENT_HASHES in src/operator/passwords.ts. */
const MAX_CONCURRENT = 2;

const usersOf = (length: number) =>
  Array.from({ length }, (_, index) => ({
    name: `user-${index}`,
    passwordSecretRef: { name: `secret-${index}`, key: "password" },
    permissions: ["List" as const],
    allowedClients: [],
    state: "Enabled" as const,
    directories: [],
    mounts: [],
  }));
const users = usersOf(USERS);
const secret = (name: string): Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  type: "Opaque",
  metadata: { name, namespace: "files", uid: name, resourceVersion: "2" },
  data: { password: Buffer.from("open sesame").toString("base64") },
});
const secrets: Secrets = {
  metadata: (name) => secret(name).metadata,
  read: async (name) => secret(name),
};

const { signal } = new AbortController();

/**
 * Runs a task. Returns its result, the number of hashes that it computed, and the maximum number of concurrent
 * computations.
 */
async function hashesOf<T>(task: () => Promise<T>): Promise<{ result: T; made: number; most: number }> {
  const under = new Set<number>();
  let [made, most] = [0, 0];
  const hook = createHook({
    init(id, type) {
      if (type !== "SCRYPTREQUEST") return;
      made += 1;
      most = Math.max(most, under.add(id).size);
    },
    after: (id) => under.delete(id),
  }).enable();
  const result = await task().finally(() => hook.disable());
  return { result, made, most };
}

test("PasswordReader hashes few passwords at the same time", async () => {
  const { result, made, most } = await hashesOf(() =>
    new PasswordReader().read(users, undefined, secrets, signal),
  );
  assert.equal(new Set([...result.values()].map((outcome) => "hash" in outcome && outcome.hash)).size, USERS);
  assert.deepEqual([made, most], [USERS, MAX_CONCURRENT]);
});

test("PasswordReader keeps the hashes of a call that failed", async () => {
  const passwords = new PasswordReader();
  let isBroken = true;
  const read = async (name: string): Promise<Secret> => {
    if (isBroken && name === "secret-0") throw new Error("not now");
    return secret(name);
  };
  const { made } = await hashesOf(async () => {
    for (let attempt = 1; attempt <= 3; attempt += 1)
      await assert.rejects(passwords.read(users, undefined, { ...secrets, read }, signal), /not now/);
    isBroken = false;
    await passwords.read(users, undefined, { ...secrets, read }, signal);
  });
  assert.equal(made, USERS);
});

const EXPENSIVE = `$argon2id$v=19$m=262144,t=32,p=1$${"A".repeat(22)}$${"B".repeat(43)}`;

// id: expensive-hash-2
test("PasswordReader rejects an expensive hash and names the accepted parameters", async () => {
  const read = async (name: string): Promise<Secret> => ({
    ...secret(name),
    data: { password: Buffer.from(EXPENSIVE).toString("base64") },
  });
  const outcomes = await new PasswordReader().read(usersOf(1), undefined, { ...secrets, read }, signal);
  const outcome = outcomes.get("user-0");
  assert.ok(outcome !== undefined && "failure" in outcome);
  assert.equal(outcome.failure.reason, "SecretValueInvalid");
  assert.match(outcome.failure.message, /needs more than 64 MiB.*at most m=65536,t=4/);
});

// id: expensive-hash-3
test("PasswordReader replaces a hash of the current configuration that exceeds the limit", async () => {
  const current = testConfig({
    users: [testUser("user-0", { passwordHash: EXPENSIVE, passwordSource: "secret-0/2/password" })],
  });
  const outcomes = await new PasswordReader().read(usersOf(1), current, secrets, signal);
  const outcome = outcomes.get("user-0");
  assert.ok(outcome !== undefined && "hash" in outcome);
  assert.match(outcome.hash, /^\$scrypt\$ln=14,/, "the password of the Secret is hashed again");
});

test("PasswordReader keeps a hash while the cached metadata of the Secret is outdated", async () => {
  const passwords = new PasswordReader();
  const outdated: Secrets = {
    ...secrets,
    metadata: (name) => ({ ...secret(name).metadata, resourceVersion: "1" }),
  };
  const user = users.slice(0, 1);
  const { result, made } = await hashesOf(async () => [
    await passwords.read(user, undefined, outdated, signal),
    await passwords.read(user, undefined, outdated, signal),
  ]);
  assert.deepEqual(result[0], result[1]);
  assert.equal(made, 1);
});

test("PasswordReader keeps only a truncated value of each Secret in memory", async () => {
  const heap = (): number => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = heap();
  let kept = 0;
  const read = async (name: string): Promise<Secret> => {
    kept = Math.max(kept, heap() - before);
    // Each Secret contains a separate string, as in a response from the API server.
    const filler = Buffer.alloc(2 ** 20, "x").toString("latin1");
    return { ...secret(name), data: { password: filler, filler } };
  };
  const outcomes = await new PasswordReader().read(usersOf(64), undefined, { ...secrets, read }, signal);
  assert.match(JSON.stringify(outcomes.get("user-0")), /is longer than 1024 bytes/);
  // The operator keeps complete Secrets in memory only while it reads them.
  assert.ok(kept < 32 * 2 ** 20, `${kept} bytes are kept`);
});

test("PasswordReader stops waiting and hashing when its signal aborts", async () => {
  const passwords = new PasswordReader();
  const ending = new AbortController();
  const { made } = await hashesOf(async () => {
    const reading = passwords.read(users, undefined, secrets, ending.signal);
    await sleep(1);
    ending.abort(new Error("stop"));
    await assert.rejects(reading, /stop/);
    await sleep(500);
  });
  assert.ok(made < USERS, `${made} hashes`);
  const { made: madeAfterwards } = await hashesOf(() => passwords.read(users, undefined, secrets, signal));
  assert.equal(made + madeAfterwards, USERS);
});
