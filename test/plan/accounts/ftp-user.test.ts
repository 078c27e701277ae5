import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { orphanStatus } from "../../../src/plan/conditions/user-status.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { PasswordOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { account, admit, bySelector } from "../../support/plan/account.ts";
import { observedOf, serverOf } from "../../support/plan/cluster.ts";

describe("an FtpUser", () => {
  const users = [account("team-a", "one"), account("team-a", "two"), account("team-b", "three")];
  const admissions = admit(bySelector, ...users);
  const accountPasswords = new Map<`${string}/${string}`, PasswordOutcome>([
    ["team-a/one", { hash: "$scrypt$one", source: "one/1/password" }],
    ["team-a/two", { failure: { reason: "SecretNotFound", message: "Make it." } }],
  ]);
  const planned = plan(observedOf(serverOf(bySelector), { admissions, accountPasswords }));

  test("is an account of the engine when it is accepted and has a password", () => {
    const secret = planned.apply.find(({ kind }) => kind === "Secret");
    const config = readConfigSecret(secret?.kind === "Secret" ? secret : undefined);
    assert.deepEqual(
      config?.users.map((user) => [user.name, user.namespace, user.homeDirectory, user.passwordHash]),
      [
        ["alice", undefined, "/alice", "$scrypt$alice"],
        ["one", "team-a", "/@team-a/one", "$scrypt$one"],
      ],
    );
  });

  test("has its own status, which does not affect the FtpServer", () => {
    const told = planned.userStatuses.map(({ user, status }) => {
      const conditions = status.conditions?.map((c) => `${c.type}=${c.status} ${c.reason}`);
      return [user.metadata.name, status.observedGeneration, ...(conditions ?? [])];
    });
    assert.deepEqual(
      new Set(told),
      new Set([
        ["one", 3, "Ready=True Ready", "Accepted=True Accepted", "PasswordRead=True PasswordRead"],
        [
          "three",
          3,
          "Ready=False NamespaceNotAllowed",
          "Accepted=False NamespaceNotAllowed",
          "PasswordRead=Unknown PasswordNotRead",
        ],
        [
          "two",
          3,
          "Ready=False SecretNotFound",
          "Accepted=True Accepted",
          "PasswordRead=False SecretNotFound",
        ],
      ]),
    );
    const ready = planned.status.conditions?.find(({ type }) => type === "UsersReady");
    assert.equal(ready?.status, "True");
    assert.doesNotMatch(JSON.stringify([planned.status, planned.userStatuses]), /scrypt/);
  });

  test("has a status that is written only when it changes", () => {
    const told = planned.userStatuses.map(({ user, status }) => ({ ...user, status }));
    const again = { admissions: admit(bySelector, ...told), accountPasswords, now: "2027-01-01T00:00:00Z" };
    assert.deepEqual(plan(observedOf(serverOf(bySelector), again)).userStatuses, []);
  });

  test("has the reason FtpServerNotFound when its FtpServer does not exist", () => {
    const { status } = orphanStatus(account("team-a", "x"), "files/demo", "2026-01-01T00:00:00Z");
    assert.deepEqual(
      status.conditions?.map(({ type, reason }) => `${type} ${reason}`),
      ["Ready FtpServerNotFound", "Accepted FtpServerNotFound", "PasswordRead PasswordNotRead"],
    );
  });
});
