import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MAX_HASH_LENGTH, hashKind } from "../../../src/api/password-hash.ts";
import type { FtpUser, FtpUserSpec } from "../../../src/api/ftpuser.generated.ts";
import {
  accountBytes,
  MAX_CONFIG_BYTES,
  MAX_FTP_USERS,
  OTHER_CONFIG_BYTES,
} from "../../../src/plan/accounts/capacity.ts";
import { accountKey, admitUsers } from "../../../src/plan/accounts/admission.ts";
import { ENGINE_CONFIG_KEY } from "../../../src/plan/desired/pod-volumes.ts";
import type { Admission, Observed, PasswordOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { account } from "../../support/plan/account.ts";
import { observedOf, serverOf, specOf, userOf, type SpecPatch } from "../../support/plan/cluster.ts";

const NAMESPACES = new Map(["files", "team-a", "team-b", "team-c"].map((name) => [name, {}]));
const FROM_ALL = { userSources: { from: "Selector", namespaceSelector: {} } } as const;
const networks = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, index) => `2001:db8:1111:2222:3333:4444:5555:${(0x1000 + index).toString(16)}/128`,
  );
const OUTCOME: PasswordOutcome = {
  hash: "x".repeat(MAX_HASH_LENGTH),
  source: `${"x".repeat(36)}/${"9".repeat(20)}/password`,
};
const LONG = { homeDirectory: `/@team-x/${"日".repeat(246)}`, allowedClients: networks(20) };

const many = (namespace: string, count: number, spec: Partial<FtpUserSpec> = {}, born?: string): FtpUser[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `${namespace}-${10_000 + index}`;
    const homeDirectory = spec.homeDirectory?.replace("team-x", namespace);
    return account(namespace, name, { ...spec, ...(homeDirectory && { homeDirectory }) }, born);
  });
const admit = (spec: SpecPatch, users: FtpUser[]): Admission[] =>
  admitUsers(serverOf({ ...FROM_ALL, ...spec }), users, NAMESPACES);
const takenOf = (admissions: Admission[], namespace = ""): number =>
  admissions.filter(
    ({ user, rejection }) => rejection === undefined && user.metadata.namespace?.startsWith(namespace),
  ).length;

/** Returns the size of the planned engine configuration in bytes. */
function configBytes(spec: SpecPatch, users: FtpUser[], patch: Partial<Observed> = {}): number {
  const admissions = admit(spec, users);
  const server = serverOf({ ...FROM_ALL, ...spec });
  const passwords = new Map(server.spec.users.map(({ name }) => [name, OUTCOME]));
  const accountPasswords = new Map(users.map((user) => [accountKey(user), OUTCOME]));
  const { apply, status } = plan(observedOf(server, { admissions, passwords, accountPasswords, ...patch }));
  const secret = apply.find(({ kind }) => kind === "Secret");
  assert.ok(secret?.kind === "Secret", JSON.stringify(status.conditions?.[0]));
  return Buffer.from(secret.data[ENGINE_CONFIG_KEY] ?? "", "base64").length;
}

describe("the FtpUsers of an FtpServer", () => {
  test(`are at most ${MAX_FTP_USERS}, and at most half of them from one other namespace`, () => {
    const found = admit({}, [...many("files", 400), ...many("team-a", 501), ...many("team-b", 200)]);
    assert.deepEqual(
      [...NAMESPACES.keys()].map((namespace) => takenOf(found, namespace)),
      [400, 500, 100, 0],
    );
    const rejections = found.flatMap(({ rejection }) => rejection ?? []);
    assert.deepEqual(new Set(rejections.map(({ reason }) => reason)), new Set(["TooManyUsers"]));
    const [share = "", total = "", ...others] = new Set(rejections.map(({ message }) => message));
    assert.match(share, /team-a.*50 %/);
    assert.match(total, /1000 FtpUsers/);
    assert.deepEqual(others, []);
    assert.equal(takenOf(admit({}, many("files", MAX_FTP_USERS + 1))), MAX_FTP_USERS);
  });

  test("fit into a Secret at any size, and leave half of the capacity to other namespaces", () => {
    const long = [...many("team-a", 600, LONG), ...many("team-b", 600, LONG)];
    const found = admit({}, [...long, ...many("team-c", 1)]);
    assert.ok(takenOf(found, "team-a") > 100);
    assert.equal(takenOf(found, "team-a"), takenOf(found, "team-b"));
    const users = Array.from({ length: 500 }, (_, index) => ({
      ...userOf(`own-${index}`),
      homeDirectory: "/all",
    }));
    for (const spec of [{}, { users }]) {
      const size = configBytes(spec, long);
      assert.ok(size < MAX_CONFIG_BYTES - OTHER_CONFIG_BYTES + 4096, `${size}`);
      assert.ok(size > 600 * 1024, `${size}`);
    }
  });

  test("leave capacity for the addresses of thousands of nodes", () => {
    const nodes = Array.from({ length: 4000 }, (_, index) => ({
      name: `node-${index}`,
      ready: true,
      addresses: [
        `198.18.${index >> 8}.${index & 255}`,
        `2001:db8:1111:2222:3333:4444:5555:${(0x1000 + index).toString(16)}`,
      ].map((address) => ({ type: "InternalIP" as const, address })),
    }));
    const overrides = networks(50).map((clients) => ({ clients, address: "203.0.113.100" }));
    const size = configBytes(
      {
        replicas: 2,
        users: [],
        passive: { ...specOf().passive, address: { type: "FromExposure", overrides } },
        anonymous: { mode: "ReadOnly", homeDirectory: `/${"日".repeat(254)}` },
        banner: "日".repeat(200),
      },
      [],
      { nodes },
    );
    assert.ok(size > 4000 * 50 && size < OTHER_CONFIG_BYTES, `${size}`);
  });

  test("keep accounts above the share of their namespace, which gets no new ones", () => {
    const accepted = {
      type: "Accepted",
      status: "True" as const,
      reason: "Accepted",
      message: "",
      lastTransitionTime: "",
      observedGeneration: 3,
    };
    const old = many("team-a", 800, {}, "2026-01-01").map((user): FtpUser => {
      const status = { loginName: user.metadata.name, observedGeneration: 3, conditions: [accepted] };
      return { ...user, status };
    });
    const young = many("team-b", 300, {}, "2026-02-01").concat(account("team-a", "late", {}, "2026-02-01"));
    const found = admit({}, [...young, ...old]);
    assert.deepEqual([takenOf(found, "team-a"), takenOf(found, "team-b")], [800, 200]);
  });

  test("are rejected without validation when the capacity is used up", () => {
    const flood = many("team-a", 600, { homeDirectory: "/team-a/../team-b" }, "2026-02-01");
    const found = admit({}, [...many("team-a", 500, {}, "2026-01-01"), ...flood]);
    assert.deepEqual(
      [...new Set(found.slice(500).map(({ rejection }) => rejection?.reason))],
      ["TooManyUsers"],
    );
  });

  test("lose their own account before others when they grow", () => {
    const told = (users: FtpUser[]): FtpUser[] =>
      users.map((user) => ({
        ...user,
        status: { server: "files/demo", loginName: user.metadata.name, observedGeneration: 3 },
      }));
    const old = told(many("team-a", 300, {}, "2026-01-01"));
    const young = told(many("team-b", 400, { allowedClients: networks(4) }, "2026-02-01"));
    const younger = told(many("team-c", 100, { allowedClients: networks(4) }, "2026-03-01"));
    assert.equal(takenOf(admit({}, [...old, ...young, ...younger])), 800);
    const grown = old.map((user) => ({
      ...user,
      metadata: { ...user.metadata, generation: 4 },
      spec: { ...user.spec, ...LONG, homeDirectory: `/@team-a/${"日".repeat(100)}` },
    }));
    const found = admit({}, [...grown, ...young, ...younger]);
    assert.equal(takenOf(found, "team-b") + takenOf(found, "team-c"), 500);
    assert.ok(takenOf(found, "team-a") < 300);
  });
});

describe("accountBytes", () => {
  test("assumes the longest hash", () => {
    const [salt, key] = ["A".repeat(128), "B".repeat(128)];
    for (const hash of [
      `$argon2id$v=19$m=99999999,t=999,p=99$${salt}$${key}`,
      `$scrypt$ln=99,r=99,p=99$${salt}$${key}`,
      `$6$rounds=999999999$${"s".repeat(16)}$${"C".repeat(86)}`,
    ]) {
      assert.ok(hashKind(hash));
      assert.ok(Buffer.byteLength(JSON.stringify(hash)) - 2 <= MAX_HASH_LENGTH, hash);
    }
  });

  test("is the size of the account in the engine configuration", () => {
    const { state, permissions, directories, mounts, allowedClients } = account("team-a", "a").spec;
    const bare = { state, permissions, directories, mounts, allowedClients, homeDirectory: "/日" };
    assert.equal(
      accountBytes("a", bare),
      Buffer.byteLength('{"name":"a","homeDirectory":"/日","permissions":["List"]},'),
    );
    const more = accountBytes("a", { ...bare, passwordSecretRef: { name: "s", key: "k" } });
    assert.ok(more > accountBytes("a", bare) + MAX_HASH_LENGTH);
  });
});
