import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FtpUser } from "../../../src/api/ftpuser.generated.ts";
import { accountKey, admitUsers } from "../../../src/plan/accounts/admission.ts";
import type { Admission } from "../../../src/plan/model/observed.ts";
import { plan } from "../../../src/plan/plan.ts";
import { account, admit, bySelector, NAMESPACES } from "../../support/plan/account.ts";
import { observedOf, serverOf, specOf, userOf, type SpecPatch } from "../../support/plan/cluster.ts";

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
