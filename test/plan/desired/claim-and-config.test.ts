import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serverLabels } from "../../../src/api/names.ts";
import { readConfigSecret } from "../../../src/plan/desired/config-secret.ts";
import type { Observed } from "../../../src/plan/model/observed.ts";
import type { PersistentVolumeClaim, Secret } from "../../../src/plan/model/objects.ts";
import { childOf } from "../../support/plan/children-of.ts";
import { userOf, type SpecPatch } from "../../support/plan/cluster.ts";

function storage(size: string, whenDeleted: "Retain" | "Delete" = "Retain"): SpecPatch {
  const create = { accessModes: ["ReadWriteOnce" as const], storageClassName: "fast", size };
  return { storage: { type: "PersistentVolumeClaim", persistentVolumeClaim: { create, whenDeleted } } };
}

function existing(spec: PersistentVolumeClaim["spec"]): Pick<Observed, "children"> {
  const persistentVolumeClaim: PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "demo-data", labels: serverLabels("demo") },
    spec,
  };
  return { children: { persistentVolumeClaim, statefulSets: [], pods: [] } };
}

describe("the PersistentVolumeClaim", () => {
  test("has the fields of spec, and no owner with whenDeleted Retain", () => {
    const claim = childOf("PersistentVolumeClaim", storage("1Gi"));
    assert.deepEqual(claim?.spec, {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "fast",
      resources: { requests: { storage: "1Gi" } },
    });
    assert.equal(claim.metadata.ownerReferences, undefined);
    const owned = childOf("PersistentVolumeClaim", storage("1Gi", "Delete"));
    assert.equal(owned?.metadata.ownerReferences?.[0]?.name, "demo");
  });

  test("is not created for claimName or ephemeral storage", () => {
    const persistentVolumeClaim = { claimName: "files", whenDeleted: "Retain" as const };
    assert.equal(
      childOf("PersistentVolumeClaim", { storage: { type: "PersistentVolumeClaim", persistentVolumeClaim } }),
      undefined,
    );
    assert.equal(childOf("PersistentVolumeClaim", {}), undefined);
  });

  test("only grows, and keeps immutable fields", () => {
    const spec = {
      accessModes: ["ReadWriteMany"],
      storageClassName: "slow",
      resources: { requests: { storage: "5Gi" } },
    };
    const grown = childOf("PersistentVolumeClaim", storage("6Gi"), existing(spec));
    assert.deepEqual(grown?.spec, { ...spec, resources: { requests: { storage: "6Gi" } } });
    const kept = childOf("PersistentVolumeClaim", storage("1Gi"), existing(spec));
    assert.deepEqual(kept?.spec, spec);
  });
});

function secret(spec: SpecPatch): Secret {
  const object = childOf("Secret", spec);
  assert.ok(object);
  return object;
}

describe("the config Secret", () => {
  test("contains the configuration of the engine", () => {
    const config = readConfigSecret(secret({ banner: "Hello", users: [userOf("bob"), userOf("alice")] }));
    assert.equal(config?.banner, "Hello");
    assert.deepEqual(config.active, { mode: "Disabled" });
    assert.deepEqual(
      config.users.map(({ name, homeDirectory, passwordHash }) => [name, homeDirectory, passwordHash]),
      [
        ["alice", "/alice", "$scrypt$alice"],
        ["bob", "/bob", "$scrypt$bob"],
      ],
    );
    assert.deepEqual([config.controlPort, config.metricsPort], [2121, 8080]);
    assert.deepEqual(config.storage, { root: "/srv/ftp" });
    assert.deepEqual(config.passive.address, { type: "Unknown" });
  });

  test("contains the source port of active mode", () => {
    const active = { mode: "Enabled" as const, sourcePort: 20 };
    assert.deepEqual(readConfigSecret(secret({ active }))?.active, active);
  });

  test("has equal bytes for equal configurations in any order of users, and another generation for others", () => {
    const one = secret({ users: [userOf("alice"), userOf("bob")] });
    const two = secret({ users: [userOf("bob"), userOf("alice")] });
    assert.deepEqual(one.data, two.data);
    const other = readConfigSecret(secret({ users: [userOf("bob")] }));
    assert.notEqual(readConfigSecret(one)?.generation, other?.generation);
  });

  test("contains the nodes that replace the addresses of clients", () => {
    assert.deepEqual(readConfigSecret(secret({}))?.maskedClients, []);
    assert.deepEqual(readConfigSecret(secret({ replicas: 2 }))?.maskedClients, [
      "198.51.100.11",
      "198.51.100.12",
    ]);
  });

  for (const text of ["", "not json", "null", "{}"]) {
    test(`is not read when its value is ${JSON.stringify(text)}`, () => {
      const data = { "engine.json": Buffer.from(text).toString("base64") };
      assert.equal(readConfigSecret({ ...secret({}), data }), undefined);
    });
  }
});
