import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EngineConfig } from "../../../src/api/engine-config.ts";
import type { Condition } from "../../../src/api/kubernetes.ts";
import { parseConfig } from "../../../src/engine/config/load.ts";
import { admitUsers } from "../../../src/plan/accounts/admission.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { Observed, PasswordOutcome } from "../../../src/plan/model/observed.ts";
import { plan, type Plan } from "../../../src/plan/plan.ts";
import { account } from "../../support/plan/account.ts";
import { observedOf, serverOf, type SpecPatch, userOf } from "../../support/plan/cluster.ts";

const NOW = "2026-01-01T00:00:00Z";
const PAST = "2025-12-31T23:59:59Z";
const DAY = 24 * 3600;
const HASH = `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;
const SAME_NAMESPACE = { userSources: { from: "SameNamespace" } } as const;
const read = { hash: HASH, source: "s/1/password" };
const missing: PasswordOutcome = { failure: { reason: "SecretNotFound", message: "Secret not found." } };

function planned(spec: SpecPatch, patch: Partial<Observed> = {}): Plan {
  const passwords = new Map([["alice", read]]);
  return plan(observedOf(serverOf(spec), { now: NOW, passwords, ...patch }));
}

/** Returns the planned engine configuration after the engine code has validated it. */
function configOf({ apply }: Plan): EngineConfig {
  const secret = apply.find(({ kind }) => kind === "Secret");
  const config = readConfigSecret(secret?.kind === "Secret" ? secret : undefined);
  return parseConfig(JSON.stringify(config), "engine.json");
}

function words(conditions: readonly Condition[] | undefined, type: string): string {
  const { status, reason, message } = conditions?.find((condition) => condition.type === type) ?? {};
  return `${status} ${reason}: ${message}`;
}

const usersReady = ({ status }: Plan): string => words(status.conditions, "UsersReady");
const userReady = ({ userStatuses: [first] }: Plan): string => words(first?.status.conditions, "Ready");

describe("users of an FtpServer", () => {
  const bob = { ...userOf("bob"), state: "Disabled" as const };
  const carol = { ...userOf("carol"), expiresAt: PAST };
  const passwords = (bobs: PasswordOutcome): Observed["passwords"] =>
    new Map([
      ["alice", read],
      ["bob", bobs],
      ["carol", read],
    ]);

  test("are listed without a warning when they are disabled or expired, even without a Secret", () => {
    const result = planned({ users: [userOf("alice"), bob, carol] }, { passwords: passwords(missing) });
    assert.match(usersReady(result), /^True AccountDisabled: .*bob \(disabled\) and carol \(expired\)/);
    assert.doesNotMatch(usersReady(result), /alice/);
    assert.ok(!result.events.some(({ reason }) => reason === "SecretNotFound"));
  });

  test("need their Secrets when they can log in", () => {
    const users = [userOf("alice"), userOf("bob")];
    assert.equal(
      usersReady(planned({ users }, { passwords: passwords(missing) })),
      "False SecretNotFound: Secret not found.",
    );
  });

  test("are in the engine's configuration with their state, expiry and directories", () => {
    const directories = [{ path: "/outbox", permissions: ["Read" as const] }];
    const users = [
      { ...userOf("alice"), directories },
      bob,
      { ...carol, expiresAt: "2026-06-01t02:00:00+02:00" },
    ];
    const [alice, second, third] = configOf(planned({ users }, { passwords: passwords(missing) })).users;
    assert.deepEqual(
      [alice?.directories, alice?.state, alice?.expiresAt],
      [directories, undefined, undefined],
    );
    assert.deepEqual([second?.name, second?.state, second?.passwordHash], ["bob", "Disabled", undefined]);
    assert.equal(third?.expiresAt, "2026-06-01T00:00:00.000Z");
  });

  test("have an expiry that the engine accepts when the time zone leads beyond the years 0 to 9999", () => {
    const expiry = (expiresAt: string): string | undefined =>
      configOf(planned({ users: [{ ...userOf("alice"), expiresAt }] })).users[0]?.expiresAt;
    assert.equal(expiry("9999-12-31T23:59:59-12:00"), "9999-12-31T23:59:59.999Z");
    assert.equal(expiry("0000-01-01T00:00:00+01:00"), "1970-01-01T00:00:00.000Z");
  });

  test("requeue the FtpServer at their expiry, at the latest after a day", () => {
    const next = (expiresAt: string): number | undefined =>
      planned({ users: [{ ...userOf("alice"), expiresAt }] }).requeueAfterSeconds;
    assert.equal(next("2026-01-01T00:10:00Z"), 600);
    assert.equal(next("2026-03-01T00:00:00Z"), DAY);
    assert.equal(next(PAST), undefined);
  });
});

describe("an FtpUser", () => {
  const result = (spec: Parameters<typeof account>[2], outcome: PasswordOutcome = read): Plan => {
    const admissions = admitUsers(serverOf(SAME_NAMESPACE), [account("files", "scanner", spec)], undefined);
    return planned(SAME_NAMESPACE, { admissions, accountPasswords: new Map([["files/scanner", outcome]]) });
  };

  test("is Ready with the reason AccountDisabled when it is disabled, even without a Secret", () => {
    for (const outcome of [read, missing])
      assert.match(userReady(result({ state: "Disabled" }, outcome)), /^True AccountDisabled: .*spec\.state/);
    assert.match(userReady(result({}, missing)), /^False SecretNotFound/);
  });

  test("is Ready with the reason AccountExpired from its expiry", () => {
    assert.match(userReady(result({ expiresAt: PAST })), /^True AccountExpired: .*spec\.expiresAt/);
    const later = result({ expiresAt: "2026-01-01T01:00:00Z" });
    assert.match(userReady(later), /^True Ready/);
    assert.equal(later.requeueAfterSeconds, 3600);
  });

  test("needs no password and keeps its login name when it is disabled", () => {
    const { passwordSecretRef: _, ...spec } = account("files", "first", { loginName: "bob" }).spec;
    const first = { ...account("files", "first"), spec: { ...spec, state: "Disabled" as const } };
    const second = account("files", "second", { loginName: "bob" }, "2026-02-01");
    const admissions = admitUsers(serverOf(SAME_NAMESPACE), [second, first], undefined);
    assert.deepEqual(
      admissions.map(({ user, rejection }) => [user.metadata.name, rejection?.reason]),
      [
        ["first", undefined],
        ["second", "NameTaken"],
      ],
    );
    const bob = configOf(planned(SAME_NAMESPACE, { admissions })).users.find(({ name }) => name === "bob");
    assert.equal(bob?.state, "Disabled");
  });
});

describe("anonymous logins", () => {
  const anonymous = (more: object): EngineConfig["anonymous"] =>
    configOf(planned({ anonymous: { mode: "ReadWrite", ...more } })).anonymous;

  test("have a quota by default where they can upload", () => {
    const home = { homeDirectory: "/pub" };
    assert.deepEqual(anonymous({}), { mode: "ReadWrite", ...home, quota: { bytes: 2 ** 30, files: 10_000 } });
    assert.deepEqual(anonymous({ mode: "ReadOnly" }), { mode: "ReadOnly", ...home });
  });

  test("have the limits and the allowed clients of the spec", () => {
    const limits = { sessions: 5, uploadBytesPerSecond: "1Mi" };
    const found = anonymous({ quota: { bytes: "2Gi" }, limits, allowedClients: ["192.0.2.0/24"] });
    assert.deepEqual(found?.quota, { bytes: 2 ** 31, files: 10_000 });
    assert.deepEqual(found?.limits, { sessions: 5, uploadBytesPerSecond: 2 ** 20 });
    assert.deepEqual(found?.allowedClients, ["192.0.2.0/24"]);
  });

  test("are reported with allowedClients when nodes replace the addresses of clients", () => {
    const spec = {
      anonymous: { mode: "ReadOnly", allowedClients: ["192.0.2.0/24"] },
      replicas: 2,
    } satisfies SpecPatch;
    assert.match(usersReady(planned(spec)), /^False ClientAddressesHidden: .*anonymous/);
  });
});
