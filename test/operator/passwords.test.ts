import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { test } from "node:test";
import type { Secrets } from "../../src/operator/certificates.ts";
import type { Secret } from "../../src/plan/objects.ts";
import { PasswordReader } from "../../src/operator/passwords.ts";
import { Turns } from "../../src/operator/turns.ts";

const USERS = 12;
/** As MAX_CONCURRENT_HASHES says. */
const AT_ONCE = 2;

const users = Array.from({ length: USERS }, (_, index) => ({
  name: `user-${index}`,
  passwordSecretRef: { name: `secret-${index}`, key: "password" },
  permissions: ["List" as const],
  allowedClients: [],
}));
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

/** How many hashes a task makes, and how many at once. */
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

test("a server with many plain passwords has few of them hashed at once, as each takes 16 MiB", async () => {
  const { result, made, most } = await hashesOf(() => new PasswordReader().read(users, undefined, secrets));
  assert.equal(new Set([...result.values()].map((outcome) => "hash" in outcome && outcome.hash)).size, USERS);
  assert.deepEqual([made, most], [USERS, AT_ONCE]);
});

test("a Secret that cannot be read costs no password another hash", async () => {
  const passwords = new PasswordReader();
  let isBroken = true;
  const read = async (name: string): Promise<Secret> => {
    if (isBroken && name === "secret-0") throw new Error("not now");
    return secret(name);
  };
  const { made } = await hashesOf(async () => {
    for (let round = 1; round <= 3; round += 1)
      await assert.rejects(passwords.read(users, undefined, { ...secrets, read }), /not now/);
    isBroken = false;
    await passwords.read(users, undefined, { ...secrets, read });
  });
  assert.equal(made, USERS);
});

test("while a watch lags behind, a password keeps the hash that it has", async () => {
  const passwords = new PasswordReader();
  const late: Secrets = {
    ...secrets,
    metadata: (name) => ({ ...secret(name).metadata, resourceVersion: "1" }),
  };
  const user = users.slice(0, 1);
  const { result, made } = await hashesOf(async () => [
    await passwords.read(user, undefined, late),
    await passwords.read(user, undefined, late),
  ]);
  assert.deepEqual(result[0], result[1]);
  assert.equal(made, 1);
});

test("a task that fails gives its turn to the next", async () => {
  const turns = new Turns(1);
  const failed = turns.run(() => Promise.reject(new Error("no")));
  const next = turns.run(() => Promise.resolve("done"));
  await assert.rejects(failed, /no/);
  assert.equal(await next, "done");
});
