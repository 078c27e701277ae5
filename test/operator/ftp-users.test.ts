/** Tests FtpUsers in several namespaces with a real API server and the complete operator. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { load } from "js-yaml";
import { crdYaml, USER_CRD_FILE } from "../api/crd.ts";
import { type ControlPlane, startControlPlane } from "../cluster/control-plane.ts";
import {
  assertQuiet,
  eventually,
  getJson,
  installCrd,
  type RunningOperator,
  startOperator,
  untilQuiet,
} from "../support/operator/running.ts";

let plane: ControlPlane;
let operator: RunningOperator;

before(async () => {
  plane = await startControlPlane();
  await installCrd(plane);
  for (const namespace of ["files", "team-a", "team-b"])
    await plane.kubectl(["create", "namespace", namespace]);
  operator = startOperator(plane);
});
after(async () => {
  await operator?.stop();
  await plane?.stop();
});

const apply = (...items: object[]): Promise<string> =>
  plane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
const secret = (namespace: string, password: string): object => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace, name: "password" },
  stringData: { password },
});
const account = (namespace: string, name: string, spec: object = {}): object => ({
  apiVersion: "ftp-operator.io/v1alpha1",
  kind: "FtpUser",
  metadata: { namespace, name },
  spec: { serverRef: { name: "demo", namespace: "files" }, passwordSecretRef: { name: "password" }, ...spec },
});
const server = (userSources: object): object => ({
  apiVersion: "ftp-operator.io/v1alpha1",
  kind: "FtpServer",
  metadata: { namespace: "files", name: "demo" },
  spec: { userSources },
});
const BY_LABEL = { from: "Selector", namespaceSelector: { matchLabels: { ftp: "allowed" } } };

const engineUsers = async (): Promise<{ name: string; passwordHash: string }[]> => {
  const { data } = await getJson(plane, "-n", "files", "secret", "demo-config");
  return JSON.parse(Buffer.from(data["engine.json"], "base64").toString()).users;
};
/** Waits until the condition `Ready` of an FtpUser has the given reason. */
const hasReason = (namespace: string, name: string, desired: string): Promise<void> =>
  eventually(`${name} ${desired}`, async () => {
    const { metadata, status } = await getJson(plane, "-n", namespace, "ftpuser", name);
    const ready = status?.conditions?.find(({ type }: { type: string }) => type === "Ready");
    assert.equal(ready?.reason, desired, ready?.message);
    assert.equal(status.observedGeneration, metadata.generation);
  });
const hasUsers = (...names: string[]): Promise<void> =>
  eventually(`users ${names.join(" ")}`, async () => {
    assert.deepEqual(
      (await engineUsers()).map(({ name }) => name),
      names,
    );
  });

const RENAME_TO_FTP = JSON.stringify({ spec: { loginName: "ftp" } });

/** Runs an action while the FtpUser CRD contains no validation rules. */
async function withoutRules(action: () => Promise<unknown>): Promise<void> {
  const lax = JSON.stringify(load(crdYaml(USER_CRD_FILE)), (key, value: unknown) =>
    key === "x-kubernetes-validations" ? undefined : value,
  );
  await replaceCrd(lax);
  await eventually("the rules are gone", action);
  await replaceCrd(crdYaml(USER_CRD_FILE));
  await eventually("the rules are back", () =>
    assert.rejects(
      plane.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(account("team-b", "ftp"))),
    ),
  );
}

const replaceCrd = (crd: string): Promise<string> =>
  plane.kubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], crd);

describe("an FtpUser", () => {
  it("is admitted when its FtpServer exists and its namespace is allowed", async () => {
    await apply(secret("team-a", "first"), account("team-a", "ann"));
    await hasReason("team-a", "ann", "FtpServerNotFound");
    await apply(server(BY_LABEL));
    await hasReason("team-a", "ann", "NamespaceNotAllowed");
    await hasUsers();
    await plane.kubectl(["label", "namespace", "team-a", "ftp=allowed"]);
    await hasReason("team-a", "ann", "Ready");
    await hasUsers("ann");
    const printed = await plane.kubectl(["get", "ftpuser", "-n", "team-a"]);
    assert.match(printed, /^ann +True +demo +ann /m);
  });

  it("of a namespace that is not allowed is rejected without reading its Secret", async () => {
    await apply(secret("team-b", "unused"), account("team-b", "bob"));
    await hasReason("team-b", "bob", "NamespaceNotAllowed");
    await hasUsers("ann");
  });

  it("gets a new hash after its password changed, and the configuration contains no password", async () => {
    const [before] = await engineUsers();
    await apply(secret("team-a", "second"));
    await eventually("a new hash", async () => {
      const [now] = await engineUsers();
      assert.notEqual(now?.passwordHash, before?.passwordHash);
      assert.match(now?.passwordHash ?? "", /^\$scrypt\$/);
    });
    const { data } = await getJson(plane, "-n", "files", "secret", "demo-config");
    assert.ok(!Buffer.from(data["engine.json"], "base64").toString().includes("second"));
  });

  it("is rejected when its login name is taken, and follows its serverRef", async () => {
    await apply(account("team-a", "late", { loginName: "ann" }));
    await hasReason("team-a", "late", "NameTaken");
    await apply(account("team-a", "ann", { loginName: "eve" }));
    await hasReason("team-a", "late", "Ready");
    await apply(account("team-a", "ann"));
    await hasReason("team-a", "ann", "NameTaken");
    await hasUsers("ann");
    await apply(account("team-a", "late", { loginName: "zoe", homeDirectory: "/elsewhere" }));
    await hasReason("team-a", "late", "HomeNotAllowed");
    await hasReason("team-a", "ann", "Ready");
    await apply(account("team-a", "late", { loginName: "zoe", homeDirectory: "/@team-a/z" }));
    await hasUsers("ann", "zoe");
    await apply(account("team-a", "late", { serverRef: { name: "other" } }));
    await hasReason("team-a", "late", "FtpServerNotFound");
    await hasUsers("ann");
  });

  it("causes no writes while nothing changes, nor after a restart of the operator", async () => {
    await untilQuiet(plane);
    await operator.stop();
    operator = startOperator(plane);
    await assertQuiet(plane, 4000);
  });

  it("that violates a newer rule reports the violation, stays editable and does not affect others", async () => {
    const outside = account("team-a", "outside", { homeDirectory: "/team-a/../team-b" });
    await withoutRules(() => apply(account("team-a", "ftp"), outside, account("team-b", "early")));
    await hasReason("team-a", "ftp", "NameReserved");
    await hasReason("team-a", "outside", "InvalidSpec");
    await plane.kubectl(["label", "-n", "team-a", "ftpuser/ftp", "editable=yes"]);
    await assert.rejects(
      plane.kubectl(["patch", "-n", "team-b", "ftpuser/early", "--type=merge", "-p", RENAME_TO_FTP]),
      /anonymous and ftp are reserved/,
    );
    await hasUsers("ann");
    await plane.kubectl(["delete", "ftpuser", "-n", "team-a", "ftp", "outside"]);
  });

  it("is removed when it, the label of its namespace or its FtpServer is deleted", async () => {
    await plane.kubectl(["label", "namespace", "team-a", "ftp-"]);
    await hasReason("team-a", "ann", "NamespaceNotAllowed");
    await hasUsers();
    await plane.kubectl(["label", "namespace", "team-a", "ftp=allowed"]);
    await hasUsers("ann");
    await plane.kubectl(["delete", "ftpuser", "-n", "team-a", "ann"]);
    await hasUsers();
    await plane.kubectl(["delete", "ftpserver", "-n", "files", "demo"]);
    await hasReason("team-b", "bob", "FtpServerNotFound");
  });

  it("with an invalid spec is rejected by the API server", async () => {
    for (const [name, spec, message] of [
      ["x".repeat(65), {}, "metadata.name is the login name"],
      ["a", { loginName: "a/b" }, "invalid login name"],
      ["ftp", {}, "anonymous and ftp are reserved"],
      ["a", { loginName: "ANONYMOUS" }, "anonymous and ftp are reserved"],
      ["a", { homeDirectory: "relative" }, "use an absolute path"],
      ["a", { password: "x" }, "unknown field"],
    ] as const)
      await assert.rejects(apply(account("team-a", name, spec)), new RegExp(message));
  });
});
