/**
 * Tests name conflicts: objects that have the name of a child object but are not controlled by the FtpServer. The
 * operator does not change these objects. A condition names each of these objects until the object is removed.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FIELD_MANAGER } from "../../src/api/names.ts";
import type { KubeObject } from "../../src/api/kubernetes.ts";
import { conditionOf, eventually, timed, TestNamespace } from "./test-namespace.ts";

const labels = { whose: "another" };
const metadata = (name: string) => ({ name, labels });
const selector = { matchLabels: { app: "another" } };

type Other = KubeObject & Record<string, unknown>;

const OTHERS: readonly Other[] = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("taken") },
  { apiVersion: "v1", kind: "Secret", metadata: metadata("taken-config"), stringData: { mine: "yes" } },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("taken"),
    spec: { selector: selector.matchLabels, ports: [{ port: 80 }] },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata("taken-data"),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata("taken"),
    spec: { podSelector: selector },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata("taken"),
    spec: { selector, maxUnavailable: 1 },
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadata("taken-a"),
    spec: {
      replicas: 0,
      serviceName: "",
      selector,
      template: {
        metadata: { labels: selector.matchLabels },
        spec: { containers: [{ name: "other", image: "other" }] },
      },
    },
  },
];

const STORAGE = {
  storage: {
    type: "PersistentVolumeClaim",
    persistentVolumeClaim: { create: { accessModes: ["ReadWriteOnce"], size: "1Gi" }, whenDeleted: "Delete" },
  },
};

describe("an FtpServer whose child names are taken", () => {
  let namespace: TestNamespace;

  before(async () => {
    namespace = await TestNamespace.create("e2e-names-taken");
    await namespace.apply(...OTHERS);
  });

  after(() => namespace?.remove());

  it("names the objects, changes none, and is Ready after their removal", async () => {
    await namespace.applyServer("taken", { alice: "one" }, STORAGE);
    const left = new Set(OTHERS);
    while (left.size > 0) {
      const named = await namedAmong("taken", [...left]);
      for (const other of named) {
        await assertUntouched(other);
        await namespace.kubectl(["delete", other.kind, other.metadata.name]);
        left.delete(other);
      }
    }
    await timed("Ready after the names are free", () => namespace.waitReady("taken"));
  });

  it("starts no pod while a name is taken", async () => {
    const policy = OTHERS.find(({ kind }) => kind === "NetworkPolicy");
    assert.ok(policy);
    const other = { ...policy, metadata: metadata("half") };
    await namespace.apply(other);
    await namespace.applyServer("half", { alice: "one" });
    assert.deepEqual(await namedAmong("half", [other]), [other]);
    await assert.rejects(namespace.get("statefulset", "half-a"), /NotFound/);
    await namespace.kubectl(["delete", "networkpolicy", "half"]);
    await namespace.waitReady("half");
  });

  /** Waits until the condition names at least one object. Returns the named objects. */
  const namedAmong = (server: string, objects: readonly Other[]): Promise<Other[]> =>
    eventually("a condition names the object", async () => {
      const stalled = conditionOf(await namespace.server(server), "Stalled");
      const named = objects.filter(({ kind, metadata: { name } }) =>
        stalled?.message.includes(`${kind} \`${name}\``),
      );
      assert.ok(stalled?.reason === "NameTaken" && named.length > 0, JSON.stringify(stalled));
      return named;
    });

  async function assertUntouched({ kind, metadata: { name } }: Other): Promise<void> {
    // Server-side apply would add a field manager even if all values were equal.
    const object = await namespace.kubectl(["get", kind, name, "-o", "yaml", "--show-managed-fields"]);
    assert.doesNotMatch(object, new RegExp(FIELD_MANAGER));
  }
});
