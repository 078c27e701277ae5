import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ConditionValue, toConditions } from "../../../src/plan/conditions/condition.ts";
import { nameConflict } from "../../../src/plan/conditions/summary.ts";
import { planEvents } from "../../../src/plan/events.ts";
import { admittedStatus } from "../../../src/plan/conditions/user-status.ts";
import { plan } from "../../../src/plan/plan.ts";
import { account } from "../../support/plan/account.ts";
import { serverOf, userOf, Cluster } from "../../support/plan/cluster.ts";

describe("messages of conditions", () => {
  test("list some of a thousand violations and count the others", () => {
    const users = Array.from({ length: 1000 }, (_, index) => ({
      ...userOf(`u${index}`),
      homeDirectory: "/../x",
    }));
    const cluster = new Cluster(serverOf({ users }));
    cluster.step();
    const { message } = cluster.server.status?.conditions?.find(({ type }) => type === "Stalled") ?? {
      message: "",
    };
    assert.match(message, /spec\.users\[4\]\.homeDirectory: .*; and 995 more\.$/);
    assert.ok(message.length < 2000, `${message.length}`);
    assert.deepEqual(cluster.step().events, []);
  });

  test("are shortened to the limit of the CRD, and their event is not repeated", () => {
    const long: ConditionValue = {
      status: "False",
      reason: "SecretNotFound",
      message: "é".repeat(40_000),
      warn: true,
    };
    const conditions = toConditions({ UsersReady: long }, [], 1, "now");
    const message = conditions.find(({ type }) => type === "UsersReady")?.message ?? "";
    assert.match(message, /^é+…$/);
    assert.ok(message.length > 16_000 && message.length <= 32_768);
    assert.equal(planEvents({}, { conditions }, { UsersReady: long }).length, 1);
    assert.deepEqual(planEvents({ conditions }, { conditions }, { UsersReady: long }), []);
  });

  test("are shortened in the status of an FtpUser", () => {
    const rejection = { reason: "NameTaken" as const, message: "x".repeat(40_000) };
    const admission = { user: account("team-a", "a"), loginName: "a", homeDirectory: "/a", rejection };
    const host = { server: "files/demo", endpoint: undefined, now: "now" } as const;
    const { status } = admittedStatus(admission, undefined, host);
    for (const { message } of status.conditions ?? []) assert.ok(message.length <= 32_768);
  });
});

describe("messages with a list", () => {
  const users = (count: number, state: "Disabled" | "Enabled"): string => {
    const spec = { users: Array.from({ length: count }, (_, index) => ({ ...userOf(`u${index}`), state })) };
    const { status } = plan(new Cluster(serverOf(spec)).observe({ passwords: new Map() }));
    return status.conditions?.find(({ type }) => type === "UsersReady")?.message ?? "";
  };

  test("use the singular for one user and the plural for several users", () => {
    assert.match(users(6, "Enabled"), /`u4` yet\. The user cannot log in\. 1 more user cannot log in\.$/);
    assert.match(users(7, "Enabled"), / 2 more users cannot log in\.$/);
    assert.match(users(1, "Disabled"), /^This user cannot log in: u0 \(disabled\)\. /);
    assert.match(users(2, "Disabled"), /^These users cannot log in: u0 \(disabled\) and u1 \(disabled\)\. /);
    assert.match(users(6, "Disabled"), /, u4 \(disabled\) and 1 more\. /);
  });

  test("use the singular for one conflicting object and the plural for several objects", () => {
    const conflict = (...kinds: string[]): string | undefined =>
      nameConflict(kinds.map((kind) => ({ apiVersion: "v1", kind, metadata: { name: "demo" } })))?.message;
    assert.match(conflict("Service") ?? "", /^The operator cannot create Service `demo`, because an object /);
    assert.match(
      conflict("Service", "Secret") ?? "",
      /^The operator cannot create Service `demo` and Secret `demo`, because objects with these names exist /,
    );
    assert.equal(conflict(), undefined);
  });
});
