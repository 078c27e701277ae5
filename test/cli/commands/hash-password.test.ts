import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "js-yaml";
import { ftpOperator } from "../../support/cli/command-line.ts";
import { PasswordVerifier } from "../../../src/engine/auth/password-verifier.ts";

const verifier = new PasswordVerifier();

test("users hash prints a hash of the password, alone or in a Secret", async () => {
  const { code, stdout, stderr } = await ftpOperator(["users", "hash"], "correct horse\n");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(await verifier.verify(stdout.trim(), "correct horse"), true);
  assert.equal(await verifier.verify(stdout.trim(), "wrong horse"), false);
  const inSecret = await ftpOperator(["users", "hash", "--secret", "alice", "-n", "team"], "correct horse");
  const secret: unknown = load(inSecret.stdout);
  assert.deepEqual(
    { ...Object(secret), stringData: {} },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "alice", namespace: "team" }, stringData: {} },
  );
});

for (const [what, stdin, error] of [
  ["nothing", "\n", /no password on standard input/],
  ["two lines", "one\ntwo\n", /contains a line break/],
  ["a hash", `$2b$10$${"a".repeat(53)}\n`, /already a hash\nhint: copy the hash into a Secret unchanged/],
  [
    "an expensive hash",
    `$2b$15$${"a".repeat(53)}\n`,
    /already a hash, and the hash takes longer to verify than bcrypt with cost 12/,
  ],
] as const) {
  test(`users hash rejects ${what}`, async () => {
    const { code, stdout, stderr } = await ftpOperator(["users", "hash"], stdin);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, error);
  });
}
