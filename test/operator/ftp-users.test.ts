/** FtpUsers of several namespaces, a real API server, and the whole operator. */
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
/** Waits until an FtpUser's Ready has a reason. */
const says = (namespace: string, name: string, desired: string): Promise<void> =>
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

const LOGS_IN_AS_FTP = JSON.stringify({ spec: { loginName: "ftp" } });

/** Does something while the API server has no rules for FtpUsers. */
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

describe("FtpUsers", () => {
  it("are told that their server is not there, and taken when it comes and their namespace is allowed", async () => {
    await apply(secret("team-a", "first"), account("team-a", "ann"));
    await says("team-a", "ann", "FtpServerNotFound");
    await apply(server(BY_LABEL));
    await says("team-a", "ann", "NamespaceNotAllowed");
    await hasUsers();
    await plane.kubectl(["label", "namespace", "team-a", "ftp=allowed"]);
    await says("team-a", "ann", "Ready");
    await hasUsers("ann");
    const printed = await plane.kubectl(["get", "ftpuser", "-n", "team-a"]);
    assert.match(printed, /^ann +True +demo +ann /m);
  });

  it("of a namespace that is not allowed have no Secret of theirs read", async () => {
    await apply(secret("team-b", "never read"), account("team-b", "bob"));
    await says("team-b", "bob", "NamespaceNotAllowed");
    await hasUsers("ann");
  });

  it("take a new password, and only its hash crosses", async () => {
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

  it("lose to who has the name already, and follow their server", async () => {
    await apply(account("team-a", "late", { loginName: "ann" }));
    await says("team-a", "late", "NameTaken");
    await apply(account("team-a", "ann", { loginName: "eve" }));
    await says("team-a", "late", "Ready");
    await apply(account("team-a", "ann"));
    await says("team-a", "ann", "NameTaken");
    await hasUsers("ann");
    await apply(account("team-a", "late", { loginName: "zoe", homeDirectory: "/elsewhere" }));
    await says("team-a", "late", "HomeNotAllowed");
    await says("team-a", "ann", "Ready");
    await apply(account("team-a", "late", { loginName: "zoe", homeDirectory: "/@team-a/z" }));
    await hasUsers("ann", "zoe");
    await apply(account("team-a", "late", { serverRef: { name: "other" } }));
    await says("team-a", "late", "FtpServerNotFound");
    await hasUsers("ann");
  });

  it("are written nothing while nothing changes, also by an operator that starts anew", async () => {
    await assertQuiet(plane, 2000);
    await operator.stop();
    operator = startOperator(plane);
    await assertQuiet(plane, 4000);
  });

  it("from before a rule are told of it, stay editable, and take nothing from the others", async () => {
    const outside = account("team-a", "outside", { homeDirectory: "/team-a/../team-b" });
    await withoutRules(() => apply(account("team-a", "ftp"), outside, account("team-b", "early")));
    await says("team-a", "ftp", "NameReserved");
    await says("team-a", "outside", "InvalidSpec");
    await plane.kubectl(["label", "-n", "team-a", "ftpuser/ftp", "still=editable"]);
    await assert.rejects(
      plane.kubectl(["patch", "-n", "team-b", "ftpuser/early", "--type=merge", "-p", LOGS_IN_AS_FTP]),
      /anonymous and ftp are the login names/,
    );
    await hasUsers("ann");
    await plane.kubectl(["delete", "ftpuser", "-n", "team-a", "ftp", "outside"]);
  });

  it("go with their FtpUser, with their namespace's label, and with the server", async () => {
    await plane.kubectl(["label", "namespace", "team-a", "ftp-"]);
    await says("team-a", "ann", "NamespaceNotAllowed");
    await hasUsers();
    await plane.kubectl(["label", "namespace", "team-a", "ftp=allowed"]);
    await hasUsers("ann");
    await plane.kubectl(["delete", "ftpuser", "-n", "team-a", "ann"]);
    await hasUsers();
    await plane.kubectl(["delete", "ftpserver", "-n", "files", "demo"]);
    await says("team-b", "bob", "FtpServerNotFound");
  });

  it("that could never be are refused", async () => {
    for (const [name, spec, message] of [
      ["x".repeat(65), {}, "metadata.name is the login name"],
      ["a", { loginName: "a/b" }, "invalid login name"],
      ["ftp", {}, "anonymous and ftp are the login names"],
      ["a", { loginName: "ANONYMOUS" }, "anonymous and ftp are the login names"],
      ["a", { homeDirectory: "relative" }, "write an absolute path"],
      ["a", { password: "x" }, "unknown field"],
    ] as const)
      await assert.rejects(apply(account("team-a", name, spec)), new RegExp(message));
  });
});
