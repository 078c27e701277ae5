import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpUser } from "../../../src/api/ftpuser.generated.ts";
import { accountKey, admitUsers } from "../../../src/plan/accounts/admission.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import { selects } from "../../../src/plan/accounts/label-selector.ts";
import type { Admission, PasswordOutcome } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { orphanStatus } from "../../../src/plan/conditions/user-status.ts";
import { account } from "../../support/plan/account.ts";
import { observedOf, serverOf, specOf, userOf, type SpecPatch } from "../../support/plan/cluster.ts";

const NAMESPACES = new Map([
  ["files", { team: "infra" }],
  ["team-a", { team: "a", ftp: "allowed" }],
  ["team-b", { team: "b" }],
]);

const bySelector: SpecPatch = {
  userSources: { from: "Selector", namespaceSelector: { matchLabels: { ftp: "allowed" } } },
};
const admit = (spec: SpecPatch, ...users: FtpUser[]): Admission[] =>
  admitUsers(serverOf(spec), users, NAMESPACES);
const verdicts = (admissions: Admission[]): string[] =>
  admissions.map(({ user, rejection }) => `${accountKey(user)} ${rejection?.reason ?? "taken"}`);

/** Returns the FtpUsers with the statuses that a plan contains. */
const told = (spec: SpecPatch, ...users: FtpUser[]): FtpUser[] => {
  const admissions = admit(spec, ...users);
  const { userStatuses } = plan(observedOf(serverOf(spec), { admissions }));
  const statuses = new Map(userStatuses.map(({ user, status }) => [user, status]));
  return admissions.map(({ user }) => ({ ...user, status: statuses.get(user) ?? user.status ?? {} }));
};

describe("admitUsers", () => {
  test("suggests labels of a namespace only when labels have an effect", () => {
    const user = account("team-b", "a");
    const [same] = admit({ userSources: { from: "SameNamespace" } }, user);
    const [selected] = admit(bySelector, user);
    assert.doesNotMatch(same?.rejection?.message ?? "", /label/);
    assert.match(selected?.rejection?.message ?? "", /label/);
  });

  const sources: [from: SpecPatch, taken: string[]][] = [
    [{}, []],
    [{ userSources: { from: "SameNamespace" } }, ["files"]],
    [bySelector, ["team-a"]],
    [{ userSources: { from: "Selector", namespaceSelector: {} } }, ["files", "team-a", "team-b"]],
  ];
  for (const [spec, taken] of sources)
    test(`accepts the namespaces of ${JSON.stringify(spec.userSources ?? "the default")}`, () => {
      const all = admit(
        spec,
        ...[...NAMESPACES.keys()].map((namespace) => account(namespace, `in-${namespace}`)),
      );
      const found = all
        .filter(({ rejection }) => rejection === undefined)
        .map(({ user }) => user.metadata.namespace);
      assert.deepEqual(new Set(found), new Set(taken));
      for (const { rejection } of all) if (rejection) assert.equal(rejection.reason, "NamespaceNotAllowed");
    });

  test("rejects selected FtpUsers when the operator cannot read namespaces", () => {
    const [only] = admitUsers(serverOf(bySelector), [account("team-a", "x")], undefined);
    assert.equal(only?.rejection?.reason, "NamespaceNotAllowed");
    assert.match(only.rejection.message, /SameNamespace/);
  });

  test("gives a login name to the oldest FtpUser, unless a user of the FtpServer has it", () => {
    const found = admit(
      { ...bySelector, users: [userOf("alice")] },
      account("team-a", "late", { loginName: "shared" }, "2026-02-02"),
      account("team-a", "early", { loginName: "shared" }, "2026-02-01"),
      account("team-a", "alice"),
    );
    assert.deepEqual(verdicts(found), [
      "team-a/alice NameTaken",
      "team-a/early taken",
      "team-a/late NameTaken",
    ]);
  });

  test("keeps a login name with its owner when an older FtpUser requests it later", () => {
    const everybody = { userSources: { from: "Selector" as const, namespaceSelector: {} } };
    const sleeper = account("team-a", "sleeper", {}, "2026-01-01");
    const bob = account("team-b", "bob", {}, "2026-02-02");
    const [first, second] = told(everybody, sleeper, bob);
    assert.ok(first && second);
    const awake = { ...first, spec: { ...first.spec, loginName: "bob" } };
    const kept = ["team-b/bob taken", "team-a/sleeper NameTaken"];
    assert.deepEqual(verdicts(admit(everybody, awake, second)), kept);
    const again = told(everybody, awake, second);
    assert.deepEqual(verdicts(admit(everybody, ...again)), kept);
    assert.deepEqual(
      again.map(({ status }) => status?.serverRef),
      [{ namespace: "files", name: "demo" }, undefined],
    );
  });

  test("ignores statuses of other FtpServers and of older generations", () => {
    const everybody = { userSources: { from: "Selector" as const, namespaceSelector: {} } };
    const late = account("team-b", "late", { loginName: "bob" }, "2026-02-02");
    const elsewhere = {
      ...late,
      status: { serverRef: { namespace: "team-b", name: "own" }, loginName: "bob" },
    };
    const old = account("team-a", "bob", {}, "2026-01-01");
    assert.deepEqual(verdicts(admit(everybody, elsewhere, old)), [
      "team-a/bob taken",
      "team-b/late NameTaken",
    ]);
    const holder = { ...late, status: { serverRef: { namespace: "files", name: "demo" }, loginName: "bob" } };
    assert.deepEqual(verdicts(admit(bySelector, holder, old)), [
      "team-b/late NamespaceNotAllowed",
      "team-a/bob taken",
    ]);
  });

  test("rejects the reserved names of anonymous logins", () => {
    for (const anonymous of [specOf().anonymous, { mode: "ReadWrite", homeDirectory: "/pub" } as const]) {
      const found = admit(
        { ...bySelector, anonymous },
        account("team-a", "a", { loginName: "FTP" }),
        account("team-a", "anonymous"),
        account("team-a", "ftp", { loginName: "ftp.scanner" }),
      );
      assert.deepEqual(verdicts(found), [
        "team-a/a NameReserved",
        "team-a/anonymous NameReserved",
        "team-a/ftp taken",
      ]);
    }
  });

  const homes = (spec: SpecPatch, namespace: string, ...written: (string | undefined)[]): string[] =>
    admit(
      { userSources: { from: "Selector", namespaceSelector: {} }, ...spec },
      ...written.map((homeDirectory, index) =>
        account(namespace, `u${index}`, homeDirectory === undefined ? {} : { homeDirectory }),
      ),
    ).map(({ homeDirectory, rejection }) => `${homeDirectory} ${rejection?.reason ?? "taken"}`);

  // id: home-collision
  test("requires homes of other namespaces in their own directory", () => {
    assert.deepEqual(
      homes({}, "team-a", undefined, "/@team-a", "/@team-a/in", "/@team-ab", "/", "/@team-b/x", "/@Team-A/x"),
      [
        "/@team-a/u0 taken",
        "/@team-a taken",
        "/@team-a/in taken",
        "/@team-ab HomeNotAllowed",
        "/ HomeNotAllowed",
        "/@team-b/x HomeNotAllowed",
        "/@Team-A/x HomeNotAllowed",
      ],
    );
    assert.deepEqual(homes({}, "files", undefined, "/", "/anything", "/@files", "/@team-a/u0", "/@"), [
      "/u0 taken",
      "/ taken",
      "/anything taken",
      "/@files HomeNotAllowed",
      "/@team-a/u0 HomeNotAllowed",
      "/@ HomeNotAllowed",
    ]);
  });

  // id: home-collision-2
  test("separates a namespace with the name of a user or of the anonymous home from both", () => {
    const anonymous = { mode: "ReadOnly", homeDirectory: "/pub" } as const;
    const namespaces = new Map([
      ["alice", {}],
      ["pub", {}],
    ]);
    const server = serverOf({
      users: [userOf("alice")],
      anonymous,
      userSources: { from: "Selector", namespaceSelector: {} },
    });
    const written = [
      account("alice", "x"),
      account("alice", "y", { homeDirectory: "/alice" }),
      account("pub", "z"),
      account("pub", "zz", { homeDirectory: "/pub" }),
    ];
    assert.deepEqual(
      admitUsers(server, written, namespaces).map(
        ({ homeDirectory, rejection }) => `${homeDirectory} ${rejection?.reason ?? "taken"}`,
      ),
      ["/@alice/x taken", "/alice HomeNotAllowed", "/@pub/z taken", "/pub HomeNotAllowed"],
    );
  });

  // id: home-collision-3
  test("shares the anonymous home only with an FtpUser that sets it", () => {
    const anonymous = { mode: "ReadOnly", homeDirectory: "/u0" } as const;
    assert.deepEqual(homes({ anonymous }, "files", undefined, "/u0"), ["/u0 HomeNotAllowed", "/u0 taken"]);
    assert.deepEqual(homes({ anonymous: { ...anonymous, mode: "Disabled" } }, "files", undefined), [
      "/u0 taken",
    ]);
    assert.deepEqual(homes({ anonymous }, "team-a", undefined), ["/@team-a/u0 taken"]);
  });

  test("rejects FtpUsers that violate the current schema, and adds defaults of newer fields", () => {
    const { allowedClients: _, permissions: __, ...old } = account("team-a", "old").spec;
    const outside = account("team-a", "outside", { homeDirectory: "/@team-a/../@team-b" });
    // @ts-expect-error -- stored before these fields existed
    const [first, second] = admit(bySelector, { ...account("team-a", "old"), spec: old }, outside);
    assert.deepEqual([first?.rejection, first?.user.spec.allowedClients], [undefined, []]);
    assert.equal(first?.user.spec.permissions.length, 9);
    assert.equal(second?.rejection?.reason, "InvalidSpec");
    assert.match(
      second.rejection.message,
      /^The FtpUser is not valid\. spec\.homeDirectory: invalid home directory; use an absolute path .*\.$/,
    );
  });

  test("requires a password without client certificates, and visible client addresses for allowedClients", () => {
    const { passwordSecretRef: _, ...spec } = account("team-a", "x").spec;
    const without = { ...account("team-a", "x"), spec };
    assert.deepEqual(verdicts(admit(bySelector, without)), ["team-a/x PasswordMissing"]);
    const tls = { ...specOf().tls, mode: "Required", certificateRef: { name: "t" } } as const;
    const clientCertificates = {
      mode: "Required",
      login: "CommonName",
      caRef: { kind: "Secret", name: "ca", key: "ca.crt" },
    } as const;
    const byCertificate = { ...bySelector, tls: { ...tls, clientCertificates } };
    assert.deepEqual(verdicts(admit(byCertificate, without)), ["team-a/x taken"]);
    const narrow = account("team-a", "x", { allowedClients: ["192.0.2.0/24"] });
    assert.deepEqual(verdicts(admit(bySelector, narrow)), ["team-a/x taken"]);
    assert.deepEqual(verdicts(admit({ ...bySelector, replicas: 2 }, narrow)), [
      "team-a/x ClientAddressesHidden",
    ]);
  });
});

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

describe("a label selector", () => {
  const labels = { a: "1", b: "2" };
  const cases: [selector: Parameters<typeof selects>[0], selected: boolean][] = [
    [{}, true],
    [{ matchLabels: { a: "1" } }, true],
    [{ matchLabels: { a: "1", b: "x" } }, false],
    [{ matchExpressions: [{ key: "a", operator: "In", values: ["1", "3"] }] }, true],
    [{ matchExpressions: [{ key: "c", operator: "In", values: ["1"] }] }, false],
    [{ matchExpressions: [{ key: "a", operator: "NotIn", values: ["1"] }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "NotIn", values: ["1"] }] }, true],
    [{ matchExpressions: [{ key: "a", operator: "Exists" }] }, true],
    [{ matchExpressions: [{ key: "a", operator: "DoesNotExist" }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "DoesNotExist" }] }, true],
    [{ matchExpressions: [{ key: "c", operator: "NotIn" }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "NotIn", values: [] }] }, false],
    [{ matchExpressions: [{ key: "c", operator: "DoesNotExist", values: ["x"] }] }, false],
    [{ matchExpressions: [{ key: "constructor", operator: "Exists" }] }, false],
  ];
  for (const [selector, selected] of cases)
    test(`${JSON.stringify(selector)} ${selected ? "matches" : "does not match"} {a: 1, b: 2}`, () => {
      assert.equal(selects(selector, labels), selected);
    });
});
