import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Rendered } from "./helm.ts";
import { one, render } from "./helm.ts";

const WATCH = ["list", "watch"];
const WRITE = ["get", ...WATCH, "create", "patch"];
const OWN = [...WRITE, "delete"];

/** Expected permissions of the operator. A change that adds permissions to the chart fails the test. */
const PER_NAMESPACE: Record<string, string[]> = {
  "ftp-operator.io/ftpservers": WATCH,
  "ftp-operator.io/ftpusers": WATCH,
  "ftp-operator.io/ftpservers/status": ["patch"],
  "ftp-operator.io/ftpusers/status": ["patch"],
  "/secrets": WRITE,
  "/services": WRITE,
  "/serviceaccounts": WRITE,
  "/configmaps": ["get", "list", "watch"],
  "/persistentvolumeclaims": OWN,
  "/pods": [...WATCH, "patch", "delete"],
  "apps/statefulsets": OWN,
  "networking.k8s.io/networkpolicies": OWN,
  "policy/poddisruptionbudgets": WRITE,
  "events.k8s.io/events": ["create", "patch"],
};
const CLUSTER_WIDE = { ...PER_NAMESPACE, "/nodes": WATCH, "/namespaces": WATCH };

function rights(role: Rendered): Record<string, string[]> {
  const table: Record<string, string[]> = {};
  for (const rule of role["rules"]) {
    for (const group of rule.apiGroups) {
      for (const resource of rule.resources) table[`${group}/${resource}`] = rule.verbs;
    }
  }
  return table;
}

const roles = (objects: Rendered[]) =>
  objects.filter(({ kind }) => kind === "Role" || kind === "ClusterRole");

describe("the permissions of the operator", () => {
  it("match the expected list in the entire cluster", () => {
    const role = render().find(
      ({ kind, metadata }) => kind === "ClusterRole" && metadata.name === "ftp-system:rel-ftp-operator",
    );
    assert.deepEqual(rights(role!), CLUSTER_WIDE);
  });

  it("match the expected list in each watched namespace, without cluster-wide permissions", () => {
    const objects = render({
      watch: { namespaces: ["team-a", "team-b"] },
      rbac: { aggregateToUserRoles: false },
    });
    for (const namespace of ["team-a", "team-b"]) {
      const inNamespace = objects.filter(({ metadata }) => metadata.namespace === namespace);
      assert.deepEqual(inNamespace.map(({ kind }) => kind).toSorted(), ["Role", "RoleBinding"]);
      assert.deepEqual(rights(one(inNamespace, "Role")), PER_NAMESPACE);
      assert.deepEqual(one(inNamespace, "RoleBinding")["subjects"], [
        { kind: "ServiceAccount", name: "rel-ftp-operator", namespace: "ftp-system" },
      ]);
    }
    assert.deepEqual(
      objects.filter(({ kind }) => kind.startsWith("ClusterRole")),
      [],
    );
  });

  it("allow one Lease in the namespace of the release", () => {
    const role = one(render(), "Role", "leader-election");
    assert.equal(role.metadata.namespace, "ftp-system");
    const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
    assert.deepEqual(role["rules"], [
      { ...leases, verbs: ["get", "update"], resourceNames: ["rel-ftp-operator"] },
      { ...leases, verbs: ["create"] },
    ]);
  });

  it("contain no wildcard in any mode", () => {
    for (const values of [{}, { watch: { namespaces: ["team-a"] } }]) {
      const all = roles(render(values));
      assert.ok(all.length >= 2);
      assert.ok(!JSON.stringify(all.map((role) => role["rules"])).includes("*"));
    }
  });

  it("are not rendered when rbac.create is false", () => {
    assert.deepEqual(roles(render({ rbac: { create: false, aggregateToUserRoles: false } })), []);
  });
});

describe("the permissions of users", () => {
  it("allow view to read and edit to write FtpServers, and nothing else", () => {
    const objects = render();
    assert.deepEqual(Object.keys(rights(one(objects, "ClusterRole", ":view"))), [
      "ftp-operator.io/ftpservers",
      "ftp-operator.io/ftpservers/status",
      "ftp-operator.io/ftpservers/scale",
      "ftp-operator.io/ftpusers",
      "ftp-operator.io/ftpusers/status",
    ]);
    assert.deepEqual(rights(one(objects, "ClusterRole", ":edit")), {
      "ftp-operator.io/ftpservers": ["create", "update", "patch", "delete", "deletecollection"],
      "ftp-operator.io/ftpusers": ["create", "update", "patch", "delete", "deletecollection"],
      "ftp-operator.io/ftpservers/scale": ["update", "patch"],
    });
  });
});
