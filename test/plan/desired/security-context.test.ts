import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serverLabels } from "../../../src/api/names.ts";
import type { PodSpec } from "../../../src/plan/model/objects.ts";
import { childOf } from "../../support/plan/children-of.ts";
import type { SpecPatch, StoragePatch } from "../../support/plan/cluster.ts";

type SecurityContext = NonNullable<NonNullable<SpecPatch["pod"]>["securityContext"]>;

function podOf(securityContext: SecurityContext, spec: SpecPatch = {}): PodSpec {
  const set = childOf("StatefulSet", { ...spec, pod: { securityContext } });
  assert.ok(set);
  return set.spec.template.spec;
}

const RESTRICTED = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

describe("spec.pod.securityContext", () => {
  test("replaces single IDs and keeps the others", () => {
    assert.deepEqual(podOf({ runAsUser: 1000, fsGroupChangePolicy: "Always" })["securityContext"], {
      ...RESTRICTED,
      runAsUser: 1000,
      runAsGroup: 65532,
      fsGroup: 65532,
      fsGroupChangePolicy: "Always",
    });
  });

  test("sets no ID with ids Platform", () => {
    const pod = podOf({ ids: "Platform", supplementalGroups: [4000], seLinuxOptions: { level: "s0:c1,c2" } });
    assert.deepEqual(pod["securityContext"], {
      ...RESTRICTED,
      fsGroupChangePolicy: "OnRootMismatch",
      supplementalGroups: [4000],
      seLinuxOptions: { level: "s0:c1,c2" },
    });
  });

  test("makes Secrets readable for an unknown UID without fsGroup, and otherwise only for the group", () => {
    const tls: SpecPatch["tls"] = { mode: "Required", certificateRef: { name: "certificate" } };
    assert.deepEqual(modes(podOf({ ids: "Platform" }, { tls })), [0o444, 0o444]);
    assert.deepEqual(modes(podOf({}, { tls })), [0o440, 0o440]);
  });
});

/** Returns the file modes in the Secret volumes of a pod. */
function modes({ volumes }: PodSpec): number[] {
  assert.ok(Array.isArray(volumes));
  return volumes.flatMap(({ secret }) => (secret === undefined ? [] : [secret.defaultMode]));
}

const CLAIM = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim" as const,
  metadata: { name: "files", labels: serverLabels("demo") },
  spec: {},
};

describe("the storage limit of the engine", () => {
  const limit = (storage: StoragePatch, limits?: Record<string, string>): string | undefined => {
    const pod = limits === undefined ? {} : { pod: { resources: { limits } } };
    const set = childOf(
      "StatefulSet",
      { storage, ...pod },
      { children: { statefulSets: [], pods: [], persistentVolumeClaim: CLAIM } },
    );
    const [container] = set?.spec.template.spec.containers ?? [];
    assert.ok(container?.env);
    return container.env.find(({ name }) => name === "FTP_OPERATOR_STORAGE_LIMIT")?.value;
  };
  const GIB = 1024 ** 3;
  const MIB = 1024 ** 2;

  test("is the size limit of the emptyDir", () => {
    assert.equal(limit({}), `${5 * GIB}`);
    assert.equal(limit({ ephemeral: { sizeLimit: 1_000_000 } }), "1000000");
  });

  test("leaves space for logs below a limit of ephemeral-storage", () => {
    assert.equal(limit({}, { "ephemeral-storage": "1Gi" }), `${GIB - 64 * MIB}`);
    assert.equal(limit({}, { "ephemeral-storage": "100Mi" }), `${50 * MIB}`);
    assert.equal(limit({}, { "ephemeral-storage": "6Gi" }), `${5 * GIB}`);
  });

  test("does not apply to a claim", () => {
    const storage: StoragePatch = {
      type: "PersistentVolumeClaim",
      persistentVolumeClaim: { claimName: "files", whenDeleted: "Retain" },
    };
    assert.equal(limit(storage), undefined);
  });
});
