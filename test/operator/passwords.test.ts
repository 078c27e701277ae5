import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { test } from "node:test";
import { readPasswords } from "../../src/operator/passwords.ts";
import { Turns } from "../../src/operator/turns.ts";

const USERS = 12;
/** As MAX_CONCURRENT_HASHES says. */
const AT_ONCE = 2;

test("a server with many plain passwords has few of them hashed at once, as each takes 16 MiB", async () => {
  const password = Buffer.from("open sesame").toString("base64");
  const users = Array.from({ length: USERS }, (_, index) => ({
    name: `user-${index}`,
    passwordSecretRef: { name: `secret-${index}`, key: "password" },
    permissions: ["List" as const],
    allowedClients: [],
  }));
  const secrets = {
    metadata: (name: string) => ({ name, uid: name, resourceVersion: "1" }),
    read: (name: string) =>
      Promise.resolve({
        apiVersion: "v1" as const,
        kind: "Secret" as const,
        type: "Opaque",
        metadata: { name, uid: name, resourceVersion: "1" },
        data: { password },
      }),
  };
  const under = new Set<number>();
  let most = 0;
  const hook = createHook({
    init(id, type) {
      if (type !== "SCRYPTREQUEST") return;
      under.add(id);
      most = Math.max(most, under.size);
    },
    after: (id) => under.delete(id),
  }).enable();
  const outcomes = await readPasswords(users, undefined, secrets).finally(() => hook.disable());
  assert.equal(
    new Set([...outcomes.values()].map((outcome) => "hash" in outcome && outcome.hash)).size,
    USERS,
  );
  assert.equal(most, AT_ONCE);
});

test("a task that fails gives its turn to the next", async () => {
  const turns = new Turns(1);
  const failed = turns.run(() => Promise.reject(new Error("no")));
  const next = turns.run(() => Promise.resolve("done"));
  await assert.rejects(failed, /no/);
  assert.equal(await next, "done");
});
